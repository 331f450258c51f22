/**
 * The usual spellings of condition values, read without making anything; all other spellings are
 * left to the readers of the specification.
 *
 * Invariant: answers what `parseNumber`, `parseInstant` and `parseAddress` answer.
 */
import * as O from 'fp-ts/lib/Option.js'
import { parseInstant, parseNumber } from '../scalars.js'

const ZERO = 48

/** How many digits are certainly exact. */
const QUICK_DIGITS_MAX = 15

/** NaN when it cannot be read. */
export const numberOf = (text: string): number => {
  const { length } = text
  if (length === 0 || length > QUICK_DIGITS_MAX) return slowNumberOf(text)
  let value = 0
  for (let i = 0; i < length; i += 1) {
    const digit = text.charCodeAt(i) - ZERO
    if (digit < 0 || digit > 9) return slowNumberOf(text)
    value = value * 10 + digit
  }
  return value
}

const slowNumberOf = (text: string): number => orNaN(parseNumber(text))

const orNaN = (number: O.Option<number>): number => (O.isSome(number) ? number.value : Number.NaN)

/** The number that two digits spell, or a negative one. */
const twoDigits = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - ZERO
  const ones = text.charCodeAt(at + 1) - ZERO
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -10_000 : tens * 10 + ones
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Days since 1970-01-01; a year is counted from March on, so that it ends with the leap day. */
const daysSince1970 = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
  return era * 146_097 + yearOfEra * 365 + leapDays + dayOfYear - 719_468
}

/** Milliseconds since 1970, UTC. NaN when it cannot be read. */
export const instantOf = (text: string): number => {
  const isUsual =
    text.length === 20 &&
    text[4] === '-' &&
    text[7] === '-' &&
    text[10] === 'T' &&
    text[13] === ':' &&
    text[16] === ':' &&
    text[19] === 'Z'
  if (!isUsual) return orNaN(parseInstant(text))
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  const isPlain =
    year >= 0 &&
    day >= 1 &&
    day <= (DAYS[month - 1] ?? 0) &&
    hour >= 0 &&
    hour <= 23 &&
    minute >= 0 &&
    minute <= 59 &&
    second >= 0 &&
    second <= 59
  if (!isPlain) return orNaN(parseInstant(text))
  return ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute) * 60_000 + second * 1_000
}

/** The 32 bits of an IPv4 address in its plain spelling; -1 for every other text. */
export const ipv4Of = (text: string): number => {
  const { length } = text
  let address = 0
  let part = 0
  let digits = 0
  let dots = 0
  for (let i = 0; i < length; i += 1) {
    const code = text.charCodeAt(i)
    if (code === 46) {
      if (digits === 0) return -1
      address = address * 256 + part
      part = 0
      digits = 0
      dots += 1
    } else {
      const digit = code - ZERO
      if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return -1
      part = part * 10 + digit
      if (part > 255) return -1
      digits += 1
    }
  }
  return dots === 3 && digits > 0 ? address * 256 + part : -1
}
