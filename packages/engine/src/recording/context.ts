/**
 * The condition keys of a call as they are put on record and read back.
 *
 * Whatever may tell of a person is sealed under that person's key: every key that is not on a short
 * list of harmless ones, since callers of decisions may put anything in theirs. So erasing the key
 * erases it, and records that had it can't be judged again.
 */
import type { AccessContext } from '@grantlog/domain'
import { parseJson, type RequestContext, TIME_KEY } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { LRUCache } from 'lru-cache'
import type { Vault } from '../ports.js'
import type { VaultError } from '../secrets.js'

/** Keys whose values name no person, or no more of one than an ARN does. */
const OPEN_KEYS: ReadonlySet<string> = new Set([
  TIME_KEY,
  'acs:securetransport',
  'acs:mfapresent',
  'acs:principalarn',
])

/** Under which name what is personal in a context is sealed. */
const FIELD = 'accessContext'

/** How far the time of a call may be from that of its record. Unit: milliseconds. */
const TIME_APART_MS_MAX = 300_000

/** How many sealed texts are remembered. Unit: contexts. */
const CONTEXTS_KEPT_MAX = 10_000

/** How long the JSON of what is personal in a context may be. Unit: characters. */
const PERSONAL_CHARACTERS_MAX = 1_048_576

type Values = Readonly<Record<string, ReadonlyArray<string>>>

/** A context in its parts, before anything is sealed. */
export type ContextParts = {
  readonly values: Values
  /** JSON of the keys that may tell of a person; empty when there are none. */
  readonly personal: string
  readonly hasTime: boolean
  /** When the call was judged. Milliseconds, UTC. */
  readonly time: number
}

export const contextParts = (context: RequestContext | undefined, now: number): ContextParts => {
  const values: Record<string, ReadonlyArray<string>> = {}
  const personal: Record<string, ReadonlyArray<string>> = {}
  let time: number | undefined
  let isPersonal = false
  for (const [key, list] of context ?? []) {
    const told = key === TIME_KEY ? timeOf(list, now) : undefined
    if (told !== undefined) time = told
    else if (OPEN_KEYS.has(key)) values[key] = list
    else {
      personal[key] = list
      isPersonal = true
    }
  }
  return {
    values,
    personal: isPersonal ? JSON.stringify(personal) : '',
    hasTime: time !== undefined,
    time: time ?? now,
  }
}

/** Reads a time as this program writes it, NaN for any other text. */
const timeIn = (text: string): number => {
  const time = Date.parse(text)
  return !Number.isNaN(time) && new Date(time).toISOString() === text ? time : Number.NaN
}

/** Calls that come together tell the same time: the text of the last one is not read again. */
let lastRead = { text: '', time: Number.NaN }

/** The only value as a time, when it is written as this program writes times and close to now. */
const timeOf = ([text = '', ...more]: ReadonlyArray<string>, now: number): number | undefined => {
  if (more.length > 0) return undefined
  if (lastRead.text !== text) lastRead = { text, time: timeIn(text) }
  const { time } = lastRead
  return Math.abs(time - now) <= TIME_APART_MS_MAX ? time : undefined
}

export type ContextSealer = (
  accountId: string,
  subject: string,
  parts: Pick<ContextParts, 'values' | 'personal' | 'hasTime'>,
) => Promise<E.Either<VaultError, AccessContext>>

/** The same context of the same person is sealed once, while it is remembered. */
export const contextSealer = (vault: Pick<Vault, 'sealPersonal'>): ContextSealer => {
  const known = new LRUCache<string, string>({ max: CONTEXTS_KEPT_MAX })
  return async (accountId, subject, { values, personal, hasTime }) => {
    if (personal === '') return E.right({ values, hasTime })
    const key = `${accountId}/${subject}/${personal}`
    const kept = known.get(key)
    const sealed =
      kept === undefined
        ? await vault.sealPersonal(accountId, subject, FIELD, personal)()
        : E.right(kept)
    if (E.isLeft(sealed)) return sealed
    known.set(key, sealed.right)
    return E.right({ values, hasTime, sealed: sealed.right, subject } as AccessContext)
  }
}

const Personal = t.record(t.string, t.readonlyArray(t.string))

const readPersonal = (text: string): Values | null => {
  const parsed = parseJson(text, PERSONAL_CHARACTERS_MAX)
  return E.isRight(parsed) && Personal.is(parsed.right) ? parsed.right : null
}

/** The context without its time; null when the person was erased. */
export type ContextOpener = (
  accountId: string,
  context: AccessContext,
) => Promise<E.Either<VaultError, RequestContext | null>>

export const contextOpener = (vault: Pick<Vault, 'openPersonal'>): ContextOpener => {
  const known = new LRUCache<string, { readonly personal: Values | null }>({
    max: CONTEXTS_KEPT_MAX,
  })
  return async (accountId, { values, sealed, subject }) => {
    if (sealed === undefined || subject === undefined)
      return E.right(new Map(Object.entries(values)))
    const kept = known.get(sealed)
    if (kept === undefined) {
      const opened = await vault.openPersonal(accountId, subject, FIELD, sealed)()
      if (E.isLeft(opened)) return opened
      known.set(sealed, { personal: opened.right === null ? null : readPersonal(opened.right) })
    }
    const personal = known.get(sealed)?.personal ?? null
    if (personal === null) return E.right(null)
    return E.right(new Map([...Object.entries(values), ...Object.entries(personal)]))
  }
}
