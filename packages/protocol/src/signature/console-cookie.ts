/**
 * The cookie of one who signed in to a console: `__Host-`, so that no other host or path can set or
 * see it, out of reach of scripts, and sent with calls of our own pages alone.
 *
 * A browser adds it by itself. So a call that may change something must also say, in what no page
 * of another origin can make a browser say, that it comes from here.
 */
import type { ReceivedCall } from './call.js'

const COOKIE = '__Host-grantlog'
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict'

/** Unit: characters. Browsers keep 4096 of one cookie; a header may hold many. */
const COOKIES_CHARACTERS_MAX = 16 * 1024

type Headers = ReceivedCall['headers']

/** The token in the cookie; undefined where there is none, or more than one. */
export const consoleTokenOf = ({ cookie }: Headers): string | undefined => {
  if (cookie === undefined || cookie.length > COOKIES_CHARACTERS_MAX) return undefined
  const [found, ...more] = cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${COOKIE}=`))
  return more.length > 0 ? undefined : found?.slice(COOKIE.length + 1)
}

/** Unit: seconds. */
export const consoleCookie = (token: string, seconds: number): string =>
  `${COOKIE}=${token}; ${ATTRIBUTES}; Max-Age=${seconds}`

export const clearedCookie = (): string => `${COOKIE}=; ${ATTRIBUTES}; Max-Age=0`

/** Whether a call comes from a page of this server, or from no page at all. */
export const isOwnOrigin = (
  headers: Headers,
  { publicUrl }: { readonly publicUrl?: string } = {},
): boolean => {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  if (origin === undefined || origin === publicUrl) return true
  return URL.canParse(origin) && new URL(origin).host === host
}

/** A form of another origin cannot be sent with this type without being asked about first. */
export const isJson = (headers: Headers): boolean =>
  /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')
