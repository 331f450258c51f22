/**
 * When a question is asked at: a time, a position (as a number or sealed), or now.
 */
import type { Engine, Moment } from '@grantlog/engine'
import { openPosition } from '../rpc/position-tokens.js'

/** A position as answers show it. */
const POSITION = /^[0-9]{1,15}$/

const DAY_AND_TIME = /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?/
const OFFSET = /(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

const isRealDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** Milliseconds since the epoch; null for anything but an RFC 3339 time of a real day. */
export const parseTime = (text: string): number | null => {
  const match = text.length > 40 ? null : DAY_AND_TIME.exec(text)
  if (match === null || text.replace(OFFSET, '') !== match[0] || text === match[0]) return null
  const [, year, month, day] = match
  if (!isRealDay(Number(year), Number(month), Number(day))) return null
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : ms
}

/** A time as answers show it. */
export const isoText = (ms: number): string => new Date(ms).toISOString()

export type GivenMoment = string | { readonly position: string | number } | undefined

/** Null when the text is no time, or the position neither a number nor a token of this account. */
export const momentOf = (engine: Engine, accountId: string, at: GivenMoment): Moment | null => {
  if (at === undefined) return { type: 'Now' }
  if (typeof at === 'string') {
    const time = parseTime(at)
    return time === null ? null : { type: 'AtTime', time }
  }
  const text = String(at.position)
  const position = POSITION.test(text) ? Number(text) : openPosition(engine, accountId, text)
  return position === null ? null : { type: 'AtPosition', position }
}
