/**
 * The cookies of one who signed in to a console: the session, and the device that is remembered.
 * Both are `__Host-`, so that no other host or path can set or see them, out of reach of scripts,
 * and sent with calls of our own pages alone.
 *
 * A browser adds it by itself. So a call that may change something must also say, in what no page
 * of another origin can make a browser say, that it comes from here.
 */
import type { ReceivedCall } from './call.js'

const SESSION_COOKIE = '__Host-grantlog'
const MFA_COOKIE = '__Host-grantlog-mfa'
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict'

/** Unit: characters. Browsers keep 4096 of one cookie; a header may hold many. */
const COOKIES_CHARACTERS_MAX = 16 * 1024

type Headers = ReceivedCall['headers']

/**
 * What is in a cookie; undefined where there is none of the name, and nothing where there is more
 * than one, of which nobody can say which is meant.
 */
const cookieIn = ({ cookie }: Headers, name: string): string | undefined => {
  if (cookie === undefined || cookie.length > COOKIES_CHARACTERS_MAX) return undefined
  const [found, ...more] = cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
  return more.length > 0 ? '' : found?.slice(name.length + 1)
}

/** Unit: seconds. */
const cookieOf = (name: string, value: string, seconds: number): string =>
  `${name}=${value}; ${ATTRIBUTES}; Max-Age=${seconds}`

export const consoleTokenOf = (headers: Headers): string | undefined =>
  cookieIn(headers, SESSION_COOKIE)

export const consoleCookie = (token: string, seconds: number): string =>
  cookieOf(SESSION_COOKIE, token, seconds)

export const clearedCookie = (): string => cookieOf(SESSION_COOKIE, '', 0)

/** What a browser remembers of a device, which ending a session leaves as it is. */
export const mfaTicketOf = (headers: Headers): string | undefined => cookieIn(headers, MFA_COOKIE)

export const mfaTicketCookie = (token: string, seconds: number): string =>
  cookieOf(MFA_COOKIE, token, seconds)

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

/** Whether a call surely comes from a page of this server: one that does not say so is none. */
export const isFromOwnPage = (
  headers: Headers,
  settings?: { readonly publicUrl?: string },
): boolean =>
  isOwnOrigin(headers, settings) &&
  (headers.origin !== undefined || headers['sec-fetch-site'] === 'same-origin')

/** A form of another origin cannot be sent with this type without being asked about first. */
export const isJson = (headers: Headers): boolean =>
  /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')
