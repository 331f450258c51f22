/**
 * The time a call was signed at: UTC in whole seconds, as every client sends it, or with
 * milliseconds.
 */

/** How far a client's clock may be off, either way. Unit: milliseconds. */
export const CLOCK_WINDOW_MS = 15 * 60 * 1000

const SHAPE = 'dddd-dd-ddTdd:dd:dd'

const isDigit = (code: number): boolean => code >= 48 && code <= 57

const follows = (text: string, shape: string): boolean => {
  for (let at = 0; at < shape.length; at += 1) {
    const matches = shape[at] === 'd' ? isDigit(text.charCodeAt(at)) : text[at] === shape[at]
    if (!matches) return false
  }
  return true
}

/**
 * Milliseconds since the epoch; null for anything but `YYYY-MM-DDTHH:mm:ssZ` or `….sssZ` of a real
 * day.
 */
export const parseTimestamp = (text: string): number | null => {
  const shape = text.length === 20 ? `${SHAPE}Z` : text.length === 24 ? `${SHAPE}.dddZ` : null
  if (shape === null || !follows(text, shape)) return null
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) return null
  // Date.parse lets 30 February and 24:00 roll over; the day and the hour must come back as given.
  return new Date(ms).toISOString().startsWith(text.slice(0, 19)) ? ms : null
}

export const isWithinWindow = (timestamp: number, now: number): boolean =>
  Math.abs(now - timestamp) <= CLOCK_WINDOW_MS
