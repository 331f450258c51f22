/** Where access tokens are given. */
export const TOKEN_PATH = '/oauth2/token'
