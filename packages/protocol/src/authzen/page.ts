/**
 * Pages of a search: where to go on is in a sealed token, with the position that all pages rest on.
 *
 * Invariant: all pages of one search together are its answer at one position. A token continues
 * the very search that it was given for, and opens for its own account alone.
 */
import { createHash } from 'node:crypto'
import type { Engine } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { ReadFault } from '../v1/problem.js'

/** The longest page, and what is answered when none is asked for. Unit: entities. */
export const SEARCH_RESULTS_MAX = 1000

const TOKEN_CHARACTERS_MAX = 4096

/** The first page has no token. Null as a time: the position is all that is known. */
const Continued = t.tuple([t.number, t.union([t.number, t.null]), t.string, t.string])

export type Page = {
  readonly limit: number
  /** What the pages before rest on, and the last name on them. */
  readonly continued?: {
    readonly position: number
    readonly time: number | undefined
    readonly after: string
  }
}

type JsonObject = Readonly<Record<string, unknown>>

const malformed = (pointer: string, fault: string): E.Either<ReadFault, never> =>
  E.left({ type: 'BodyMalformed', pointer, fault })

/** The same text for the same JSON, whatever the order of its members. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  const members = Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
  return `{${members.sort().join(',')}}`
}

/** Everything of a search but its page. */
export const digestOf = (search: string, body: JsonObject): string => {
  const { page: _, ...asked } = body
  return createHash('sha256')
    .update(`${search} ${canonical(asked)}`)
    .digest('base64url')
}

export const pageOf = (
  { vault }: Engine,
  accountId: string,
  digest: string,
  body: JsonObject,
): E.Either<ReadFault, Page> => {
  const { page } = body
  if (page === undefined) return E.right({ limit: SEARCH_RESULTS_MAX })
  if (typeof page !== 'object' || page === null || Array.isArray(page))
    return malformed('/page', 'it must be a JSON object')
  const { token = '', limit = SEARCH_RESULTS_MAX } = page as JsonObject
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1)
    return malformed('/page/limit', 'it must be a whole number, at least 1')
  if (typeof token !== 'string') return malformed('/page/token', 'it must be a text')
  const sized = { limit: Math.min(limit, SEARCH_RESULTS_MAX) }
  if (token === '') return E.right(sized)
  const text =
    token.length > TOKEN_CHARACTERS_MAX ? null : vault.openText('search-page', accountId, token)
  const opened = E.tryCatch(
    () => JSON.parse(text ?? '') as unknown,
    () => null,
  )
  const continued = E.isLeft(opened) ? opened : Continued.decode(opened.right)
  if (E.isLeft(continued) || continued.right[2] !== digest)
    return malformed('/page/token', 'it must be the token of a page of this very search')
  const [position, time, , after] = continued.right
  return E.right({ ...sized, continued: { position, time: time ?? undefined, after } })
}

/** What leads to the page after this one. */
export const nextToken = (
  { vault }: Engine,
  accountId: string,
  digest: string,
  { position, time, after }: NonNullable<Page['continued']>,
): string =>
  vault.sealText('search-page', accountId, JSON.stringify([position, time ?? null, digest, after]))
