/**
 * A resource pattern, taken apart once: numbers that refuse most resources, and what is left to
 * compare for the few that they let through.
 *
 * Invariant: what the numbers and then `matchesTest` let through is exactly what
 * `matchesResource` does. A pattern of an unusual form is handed to it.
 */
import { type Arn, matchesResource, type ResourcePattern, requestedResource } from '../arn.js'
import { matchesWildcard } from '../wildcard.js'
import { type Asked, EVERYTHING_LENGTH, isAccount } from './asked.js'

/** What the relative id must have; see `Asked` for the bytes. Masks say which of them count. */
export type Outline = {
  readonly head: number
  readonly headMask: number
  readonly tail: number
  readonly tailMask: number
  readonly lengthMin: number
  readonly lengthMax: number
}

export type ResourceTest = {
  readonly outline: Outline
  /** The text up to the last field that is literal, its colon included. */
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
}

const NO_TEXTS = {
  lead: '',
  account: undefined,
  prefix: '',
  suffix: '',
  wild: '',
  pattern: undefined,
}

/** Every resource, and `*` too. */
const EVERYTHING: ResourceTest = {
  outline: { ...ANY_NAME, lengthMin: EVERYTHING_LENGTH },
  ...NO_TEXTS,
}

/** Every resource that has a name. */
export const EVERY_NAME: ResourceTest = { outline: ANY_NAME, ...NO_TEXTS }

const isWild = (text: string): boolean => text.includes('*') || text.includes('?')

/** The services of `matchesResource` for which an empty region in a pattern is any region. */
const GLOBAL_SERVICES: ReadonlySet<string> = new Set(['ram', 'sts', 'ims', 'oss'])

/** Undefined when a field is wild in a way that takes more than comparing texts. */
const fieldsOf = ({ service, region, account }: Arn) => {
  const isGlobal = GLOBAL_SERVICES.has(service)
  const anyRegion = region === '*' || (isGlobal && region === '')
  const plain =
    (service === '*' ? anyRegion : !isWild(service)) &&
    (anyRegion || !isWild(region)) &&
    (account === '*' || !isWild(account))
  if (!plain) return undefined
  if (service === '*') return { lead: '', account: account === '*' ? undefined : account }
  if (anyRegion) return { lead: `acs:${service}:`, account: account === '*' ? undefined : account }
  if (account === '*') return { lead: `acs:${service}:${region}:`, account: undefined }
  return { lead: `acs:${service}:${region}:${account}:`, account: undefined }
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

const outlineOf = (id: string): Outline => {
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
  if (fields === undefined || !isCertain) return { ...EVERY_NAME, pattern }
  const id = arn.service === 'ram' ? foldedId : arn.relativeId
  return { outline: outlineOf(id), ...fields, ...idTextsOf(id), pattern: undefined }
}

/** Whether the outline fits. The index does the same on packed numbers. */
export const fitsOutline = (outline: Outline, asked: Asked): boolean =>
  asked.idLength >= outline.lengthMin &&
  asked.idLength <= outline.lengthMax &&
  ((asked.head ^ outline.head) & outline.headMask) === 0 &&
  ((asked.tail ^ outline.tail) & outline.tailMask) === 0

/** The rest of the comparison, for a resource that fits the outline. */
export const matchesTest = (test: ResourceTest, asked: Asked): boolean => {
  const { prefix, suffix, account, wild, pattern } = test
  if (pattern !== undefined) return matchesResource(pattern, requestedResource(asked.text))
  return (
    (prefix === '' || asked.idText.startsWith(prefix, asked.idStart)) &&
    (suffix === '' || asked.idText.endsWith(suffix)) &&
    asked.text.startsWith(test.lead) &&
    (account === undefined || isAccount(asked, account)) &&
    (wild === '' || matchesWildcard(wild, asked.idText.slice(asked.idStart)))
  )
}
