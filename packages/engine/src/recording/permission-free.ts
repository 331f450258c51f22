/** Calls on record that nobody needs a permission for. Pure. */

/** A token was given to whoever showed the secret of a key. */
export const ISSUE_TOKEN = 'grantlog:IssueToken'

/** Somebody asked whose credentials these are. */
export const GET_CALLER_IDENTITY = 'sts:GetCallerIdentity'

const PERMISSION_FREE: ReadonlySet<string> = new Set([ISSUE_TOKEN, GET_CALLER_IDENTITY])

/** Policies say nothing of such a call, so that it is neither judged again nor missed. */
export const isPermissionFree = (action: string): boolean => PERMISSION_FREE.has(action)
