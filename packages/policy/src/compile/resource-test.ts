/**
 * A resource pattern, taken apart once: numbers that refuse most resources, and what is left to
 * compare for the few that they let through.
 *
 * Invariant: what the numbers and then `matchesTest` let through is exactly what
 * `matchesResource` does. A pattern of an unusual form is handed to it.
 */
import {
  type Arn,
  GLOBAL_SERVICES,
  matchesResource,
  type ResourcePattern,
  requestedResource,
} from '../arn.js'
import type { Statement } from '../document.js'
import { matchesWildcard } from '../wildcard.js'
import { type Asked, EVERYTHING_LENGTH, fourBytesFrom, isAccount, standsAt } from './asked.js'

/** What the relative id must have; see `Asked` for the bytes. Masks say which of them count. */
export type Outline = {
  readonly head: number
  readonly headMask: number
  readonly tail: number
  readonly tailMask: number
  readonly lengthMin: number
  readonly lengthMax: number
  /** Of the service, and of the colon after it. */
  readonly service: number
  readonly serviceMask: number
  /** The last four characters before the first wildcard, and where they are; or `NO_CUT`. */
  readonly cut: number
  readonly cutAt: number
}

/** Where the head says all about the beginning. */
export const NO_CUT = -1

export type ResourceTest = {
  readonly outline: Outline
  /** The only resource that matches, where there is one. */
  readonly only: string | undefined
  /** A literal beginning that is still to be compared. */
  readonly lead: string
  /** Undefined when any account will do, or when it is part of `lead`. May be empty. */
  readonly account: string | undefined
  /** Of the relative id: what stands before its first and after its last wildcard. */
  readonly prefix: string
  readonly suffix: string
  /** The whole pattern of the relative id, unless prefix and suffix say all. */
  readonly wild: string
  /** Set when the specification has to be asked. */
  readonly pattern: ResourcePattern | undefined
}

const LENGTH_MAX = 0x7fffffff

const ANY_NAME: Outline = {
  head: 0,
  headMask: 0,
  tail: 0,
  tailMask: 0,
  lengthMin: 0,
  lengthMax: LENGTH_MAX,
  service: 0,
  serviceMask: 0,
  cut: 0,
  cutAt: NO_CUT,
}

type Texts = Partial<Omit<ResourceTest, 'outline'>>

/** All tests have their members in one order, which makes them quicker to read. */
const testOf = (outline: Outline, texts: Texts): ResourceTest => {
  const { only, lead = '', account, prefix = '', suffix = '', wild = '', pattern } = texts
  return { outline, only, lead, account, prefix, suffix, wild, pattern }
}

/** Every resource, and `*` too. */
const EVERYTHING = testOf({ ...ANY_NAME, lengthMin: EVERYTHING_LENGTH }, {})

/** Every resource that has a name. */
const EVERY_NAME = testOf(ANY_NAME, {})

const isWild = (text: string): boolean => text.includes('*') || text.includes('?')

/** A service of so many characters, or a star, is told by its outline, its colon included. */
const OUTLINED_SERVICE_MAX = 3

/** Undefined when a field is wild in a way that takes more than comparing texts. */
const fieldsOf = ({ service, region, account }: Arn) => {
  const isGlobal = GLOBAL_SERVICES.has(service)
  const anyRegion = region === '*' || (isGlobal && region === '')
  const plain =
    (service === '*' ? anyRegion : !isWild(service)) &&
    (anyRegion || !isWild(region)) &&
    (account === '*' || !isWild(account))
  if (!plain) return undefined
  const isTold = service.length <= OUTLINED_SERVICE_MAX && isLatin(service)
  if (anyRegion)
    return {
      lead: isTold ? '' : `acs:${service}:`,
      account: account === '*' ? undefined : account,
      isWhole: false,
    }
  if (account === '*')
    return { lead: `acs:${service}:${region}:`, account: undefined, isWhole: false }
  return { lead: `acs:${service}:${region}:${account}:`, account: undefined, isWhole: true }
}

/** The bytes of up to four characters that are certain, read from one end of a pattern. */
const endOf = (characters: string): { readonly bytes: number; readonly mask: number } => {
  let bytes = 0
  let mask = 0
  for (let i = 0; i < 4 && i < characters.length && characters[i] !== '*'; i += 1) {
    if (characters[i] === '?') continue
    bytes |= (characters.charCodeAt(i) & 255) << (8 * i)
    mask |= 255 << (8 * i)
  }
  return { bytes, mask }
}

/** Bytes stand for characters only where each character is a byte. */
const isLatin = (text: string): boolean =>
  text.split('').every((character) => character.charCodeAt(0) < 256)

/** The end of a beginning that is certain, where a wildcard follows a longer one than the head. */
const cutOf = (id: string): { readonly cut: number; readonly cutAt: number } => {
  const first = id.search(/[*?]/)
  return first > 4
    ? { cut: fourBytesFrom(id, first - 4), cutAt: first - 4 }
    : { cut: 0, cutAt: NO_CUT }
}

const outlineOf = (service: string, id: string): Outline => {
  const fields = endOf(isLatin(service) ? `${service}:` : '')
  const head = endOf(id)
  const tail = endOf(id.split('').reverse().join(''))
  const lengthMin = id.replaceAll('*', '').length
  return {
    head: head.bytes,
    headMask: head.mask,
    tail: tail.bytes,
    tailMask: tail.mask,
    lengthMin,
    lengthMax: lengthMin === id.length ? id.length : LENGTH_MAX,
    service: fields.bytes,
    serviceMask: fields.mask,
    ...cutOf(id),
  }
}

const idTextsOf = (id: string) => {
  const first = id.search(/[*?]/)
  if (first < 0) return { prefix: id, suffix: '', wild: '' }
  const last = Math.max(id.lastIndexOf('*'), id.lastIndexOf('?'))
  const isOneStar = first === last && id[first] === '*'
  return { prefix: id.slice(0, first), suffix: id.slice(last + 1), wild: isOneStar ? '' : id }
}

/** `pattern` is handed over whole where the service, and so the case rule, is not certain. */
export const resourceTest = (pattern: ResourcePattern): ResourceTest => {
  if (pattern.type === 'Everything') return EVERYTHING
  const { arn, foldedId } = pattern
  const fields = fieldsOf(arn)
  const isCertain = !isWild(arn.service) || foldedId === arn.relativeId
  if (fields === undefined || !isCertain) return testOf(ANY_NAME, { pattern })
  const id = arn.service === 'ram' ? foldedId : arn.relativeId
  const outline = outlineOf(arn.service, id)
  const { prefix, suffix, wild } = idTextsOf(id)
  const { lead, account, isWhole } = fields
  // One comparison for both, where the id follows and stands as written.
  const isOne = isWhole && arn.service !== 'ram'
  if (isOne && prefix === id) return testOf(outline, { only: lead + prefix })
  const begins = isOne ? { lead: lead + prefix, prefix: '' } : { lead, prefix }
  return testOf(outline, { ...begins, account, suffix, wild })
}

/** A statement without resources, of a trust policy, takes every resource that has a name. */
export const resourceTests = ({ resources }: Statement): ReadonlyArray<ResourceTest> =>
  resources?.map(resourceTest) ?? [EVERY_NAME]

/** The rest of the comparison, for a resource that fits the outline. */
export const matchesTest = (test: ResourceTest, asked: Asked): boolean => {
  const { only, lead, prefix, suffix, account, wild, pattern } = test
  if (only !== undefined) return asked.text === only
  if (pattern !== undefined) return matchesResource(pattern, requestedResource(asked.text))
  return (
    (prefix === '' || standsAt(asked.idText, prefix, asked.idStart)) &&
    (suffix === '' || asked.idText.endsWith(suffix)) &&
    (lead === '' || standsAt(asked.text, lead, 0)) &&
    (account === undefined || isAccount(asked, account)) &&
    (wild === '' || matchesWildcard(wild, asked.idText.slice(asked.idStart)))
  )
}
