/**
 * The resource that is asked for, read once into one reused object: where its fields begin, and a
 * few numbers of its relative id that tell most patterns apart without a look at any text.
 *
 * Invariant: says of every name what `requestedResource` says of it.
 */
import { ARN_CHARACTERS_MAX } from '../arn.js'

/** `*`, which is shorter than every id. */
export const EVERYTHING_LENGTH = -1

/** A name that cannot be read: no pattern reaches down to it. */
export const UNREADABLE_LENGTH = -2

/** Stands for characters that are more than a byte; no service begins with a colon. */
const ODD = 0x3a3a3a3a

/** The bytes of `acs:` and `ram:`. */
const ACS = 0x3a736361
const RAM = 0x3a6d6172
const COLON = 0x3a

export type Asked = {
  text: string
  /** Where the colons after region and account are. */
  regionEnd: number
  accountEnd: number
  isRam: boolean
  /** The first four characters after `acs:`, a byte of each; see `fourBytes`. */
  service: number
  /** The relative id is what stands in `idText` from `idStart` on: in lower case for RAM. */
  idText: string
  idStart: number
  /** Unit: characters; or one of the two lengths above. */
  idLength: number
  /** The first four and the last four characters, a byte of each, the outermost lowest. */
  head: number
  tail: number
}

export const newAsked = (): Asked => ({
  text: '',
  regionEnd: 0,
  accountEnd: 0,
  isRam: false,
  service: 0,
  idText: '',
  idStart: 0,
  idLength: UNREADABLE_LENGTH,
  head: 0,
  tail: 0,
})

/** Where a name that can't be read, or `*`, differs from a named resource: it has no fields. */
const readUnnamed = (asked: Asked, text: string): void => {
  asked.text = text
  asked.idText = ''
  asked.isRam = false
  asked.service = 0
  asked.head = 0
  asked.tail = 0
  asked.idLength = text === '*' ? EVERYTHING_LENGTH : UNREADABLE_LENGTH
}

/** Takes the place of what was asked before. */
export const readAsked = (asked: Asked, text: string): void => {
  const service = fourBytes(text, 4)
  const serviceEnd = serviceEndOf(text, service)
  const regionEnd = text.indexOf(':', serviceEnd + 1)
  const accountEnd = text.indexOf(':', regionEnd + 1)
  const isNamed =
    serviceEnd > 4 &&
    regionEnd > serviceEnd &&
    accountEnd > regionEnd &&
    accountEnd < text.length - 1 &&
    text.length <= ARN_CHARACTERS_MAX &&
    fourBytes(text, 0) === ACS
  if (!isNamed) {
    readUnnamed(asked, text)
    return
  }

  asked.text = text
  asked.regionEnd = regionEnd
  asked.accountEnd = accountEnd
  asked.service = service
  asked.isRam = service === RAM
  if (asked.isRam) {
    asked.idText = text.slice(accountEnd + 1).toLowerCase()
    asked.idStart = 0
  } else {
    asked.idText = text
    asked.idStart = accountEnd + 1
  }
  readEnds(asked, asked.idText, asked.idStart)
}

const readEnds = (asked: Asked, text: string, start: number): void => {
  const { length } = text
  asked.idLength = length - start
  if (length - start >= 4) {
    asked.head = bytes(text, start, 1)
    asked.tail = bytes(text, length - 1, -1)
    return
  }
  let head = 0
  let tail = 0
  for (let i = 0; i < length - start; i += 1) {
    head |= (text.charCodeAt(start + i) & 255) << (8 * i)
    tail |= (text.charCodeAt(length - 1 - i) & 255) << (8 * i)
  }
  asked.head = head
  asked.tail = tail
}

/** The bytes of four characters that are there. */
export const fourBytesFrom = (text: string, at: number): number => bytes(text, at, 1)

const bytes = (text: string, at: number, step: number): number =>
  (text.charCodeAt(at) & 255) |
  ((text.charCodeAt(at + step) & 255) << 8) |
  ((text.charCodeAt(at + 2 * step) & 255) << 16) |
  ((text.charCodeAt(at + 3 * step) & 255) << 24)

/**
 * The bytes of four characters. Where not each is one byte, those of the field that begins there,
 * with its colon; `ODD` when it is one of the field's that is more.
 */
const fourBytes = (text: string, at: number): number => {
  const first = text.charCodeAt(at)
  const second = text.charCodeAt(at + 1)
  const third = text.charCodeAt(at + 2)
  const fourth = text.charCodeAt(at + 3)
  const isLatin = (first | second | third | fourth) < 256
  return isLatin ? first | (second << 8) | (third << 16) | (fourth << 24) : fieldBytes(text, at)
}

/** Of a text that has a character of more than a byte among the next four. */
const fieldBytes = (text: string, at: number): number => {
  let bytes = 0
  for (let i = 0; ; i += 1) {
    const character = text.charCodeAt(at + i)
    if (character > 255) return ODD
    bytes |= character << (8 * i)
    if (character === COLON) return bytes
  }
}

/** Where the service ends, which mostly has three letters. */
const serviceEndOf = (text: string, service: number): number =>
  service >>> 24 === COLON &&
  (service & 255) !== COLON &&
  ((service >>> 8) & 255) !== COLON &&
  ((service >>> 16) & 255) !== COLON
    ? 7
    : text.indexOf(':', 4)

/**
 * Whether the one text stands in the other from there on. Does what `startsWith` does, for which
 * V8 compares character by character in code that is several times slower.
 */
export const standsAt = (text: string, part: string, at: number): boolean =>
  at + part.length <= text.length && text.endsWith(part, at + part.length)

/** Whether the account field is exactly this text. */
export const isAccount = (asked: Asked, account: string): boolean =>
  asked.accountEnd - asked.regionEnd - 1 === account.length &&
  standsAt(asked.text, account, asked.regionEnd + 1)
