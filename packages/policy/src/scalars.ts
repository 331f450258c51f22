/**
 * Numbers, instants and truth values as condition values spell them: read strictly, or not at all.
 */
import * as O from 'fp-ts/lib/Option.js'

const NUMBER = /^[+-]?(\d{1,16})(?:\.(\d{1,15}))?$/

/** Up to this many decimal digits a double tells every two numbers apart. */
const EXACT_DIGITS_MAX = 15

/**
 * Reads a decimal number without exponent. Numbers that a double would confuse with a neighbour are
 * not read: whole ones beyond 2^53 - 1, others of more than 15 digits.
 */
export const parseNumber = (text: string): O.Option<number> => {
  const [, whole = '', fraction = ''] = NUMBER.exec(text) ?? []
  const number = Number(text)
  const isExact =
    fraction === ''
      ? Number.isSafeInteger(number)
      : whole.length + fraction.length <= EXACT_DIGITS_MAX
  return whole !== '' && isExact ? O.some(number) : O.none
}

const INSTANT = new RegExp(
  '^(\\d{4})-(\\d{2})-(\\d{2})' +
    'T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,3})?' +
    '(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)$',
)

/**
 * Reads an ISO 8601 date and time with seconds and `Z` or an offset. Unit: milliseconds since 1970,
 * UTC.
 */
export const parseInstant = (text: string): O.Option<number> => {
  const parts = INSTANT.exec(text)
  if (parts === null) return O.none
  const [, year, month, day] = parts.map(Number) as [unknown, number, number, number]
  if (day > daysIn(year, month)) return O.none
  const milliseconds = Date.parse(text)
  return Number.isFinite(milliseconds) ? O.some(milliseconds) : O.none
}

/** `Date.parse` alone would read the 30th of February as the 2nd of March. */
const daysIn = (year: number, month: number): number => {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  if (month === 2) return isLeap ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** Reads `true` or `false`, without case. */
export const parseFlag = (text: string): O.Option<boolean> => {
  if (text.length > 5) return O.none
  const folded = text.toLowerCase()
  return folded === 'true' || folded === 'false' ? O.some(folded === 'true') : O.none
}

export type Order = 'Equal' | 'Less' | 'LessOrEqual' | 'Greater' | 'GreaterOrEqual'

/** Whether what the request has stands in the given order to what the policy wants. */
export const isOrdered = (order: Order, have: number, want: number): boolean => {
  switch (order) {
    case 'Equal':
      return have === want
    case 'Less':
      return have < want
    case 'LessOrEqual':
      return have <= want
    case 'Greater':
      return have > want
    case 'GreaterOrEqual':
      return have >= want
  }
}
