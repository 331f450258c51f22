/**
 * Resource names, `acs:<service>:<region>:<account>:<relative id>`, and patterns that match them.
 *
 * Invariant: a pattern is matched field by field, so the `*` of one field never swallows the colon
 * after it. Were the whole text one pattern, `acs:oss:*:*:b/o` would also match the object `x:b/o`
 * of another bucket.
 */
import * as E from 'fp-ts/lib/Either.js'
import { matchesWildcard } from './wildcard.js'

/** How long a resource name may be. Unit: characters. Ours: object keys reach 1023 bytes. */
export const ARN_CHARACTERS_MAX = 2048

export type Arn = {
  readonly service: string
  readonly region: string
  readonly account: string
  /** May contain `/` and `:`. */
  readonly relativeId: string
}

export type ArnFault =
  | { readonly type: 'ArnTooLong'; readonly length: number; readonly limit: number }
  | { readonly type: 'ArnMalformed' }

/** Whether a text is a resource name, without taking it apart. */
export const isArn = (text: string): boolean => {
  if (text.length > ARN_CHARACTERS_MAX || !text.startsWith('acs:')) return false
  const afterService = text.indexOf(':', 4)
  const afterRegion = text.indexOf(':', afterService + 1)
  const afterAccount = text.indexOf(':', afterRegion + 1)
  return (
    afterService > 4 &&
    afterRegion > afterService &&
    afterAccount > afterRegion &&
    afterAccount < text.length - 1
  )
}

/** Splits at the first four colons. Service and relative id must not be empty. */
export const parseArn = (text: string): E.Either<ArnFault, Arn> => {
  if (text.length > ARN_CHARACTERS_MAX)
    return E.left({ type: 'ArnTooLong', length: text.length, limit: ARN_CHARACTERS_MAX })
  if (!isArn(text)) return E.left({ type: 'ArnMalformed' })
  const afterService = text.indexOf(':', 4)
  const afterRegion = text.indexOf(':', afterService + 1)
  const afterAccount = text.indexOf(':', afterRegion + 1)
  return E.right({
    service: text.slice(4, afterService),
    region: text.slice(afterService + 1, afterRegion),
    account: text.slice(afterRegion + 1, afterAccount),
    relativeId: text.slice(afterAccount + 1),
  })
}

/**
 * What a statement's Resource says. Both spellings of the relative id are kept, see
 * `matchesResource`.
 */
export type ResourcePattern =
  | { readonly type: 'Everything' }
  | { readonly type: 'Named'; readonly arn: Arn; readonly foldedId: string }

export const parseResourcePattern = (text: string): E.Either<ArnFault, ResourcePattern> =>
  text === '*' ? E.right({ type: 'Everything' }) : E.map(named)(parseArn(text))

/**
 * What a request names. `Everything` is the literal `*`; an `Unreadable` name matches no pattern at
 * all.
 */
export type RequestedResource =
  | { readonly type: 'Everything' }
  | { readonly type: 'Named'; readonly arn: Arn; readonly foldedId: string }
  | { readonly type: 'Unreadable' }

export const requestedResource = (text: string): RequestedResource => {
  if (text === '*') return { type: 'Everything' }
  const arn = parseArn(text)
  return E.isLeft(arn) ? { type: 'Unreadable' } : named(arn.right)
}

/** Whether a pattern covers what is asked for. A request for `*` is covered by `*` alone. */
export const matchesResource = (pattern: ResourcePattern, resource: RequestedResource): boolean => {
  if (resource.type === 'Unreadable') return false
  if (pattern.type === 'Everything') return true
  if (resource.type === 'Everything') return false

  const wanted = pattern.arn
  const asked = resource.arn
  return (
    matchesWildcard(wanted.service, asked.service) &&
    matchesWildcard(wanted.account, asked.account) &&
    matchesRegion(wanted.region, asked) &&
    (asked.service === 'ram'
      ? matchesWildcard(pattern.foldedId, resource.foldedId)
      : matchesWildcard(wanted.relativeId, asked.relativeId))
  )
}

/** One spelling for all spellings of one RAM entity: names in lower case, region `*`. */
export const canonicalRamArn = ({ account, relativeId }: Arn): string =>
  `acs:ram:*:${account}:${relativeId.toLowerCase()}`

/** The services without regions, which leave the region empty or write `*`. Both mean the same. */
export const GLOBAL_SERVICES: ReadonlySet<string> = new Set(['ram', 'sts', 'ims', 'oss'])

const matchesRegion = (wanted: string, asked: Arn): boolean => {
  if (!GLOBAL_SERVICES.has(asked.service)) return matchesWildcard(wanted, asked.region)
  return wanted === '' || matchesWildcard(wanted, asked.region === '' ? '*' : asked.region)
}

/** RAM compares the names in its own ARNs without case; every other service sees case. */
const named = (arn: Arn) =>
  ({ type: 'Named', arn, foldedId: arn.relativeId.toLowerCase() }) as const
