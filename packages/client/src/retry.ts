/**
 * When a call that failed is made again: after a time drawn evenly between nothing and a bound that
 * doubles, so that clients that failed together do not come back together.
 */
import type { ClientError } from './errors.js'

export type RetrySettings = {
  /** How often a call is made at most, the first time counted. */
  readonly attemptsMax: number
  /** The bound after the first attempt. Unit: milliseconds. */
  readonly baseMs: number
  /** The highest bound. Unit: milliseconds. */
  readonly capMs: number
}

export const DEFAULT_RETRIES: RetrySettings = { attemptsMax: 4, baseMs: 100, capMs: 5_000 }

/** The longest pause that a server may ask for. Unit: milliseconds. */
const RETRY_AFTER_MS_MAX = 30_000

/** Whether the same call may be answered a moment later: 429, 503 and what the network did. */
export const isPassing = (error: ClientError): boolean => {
  switch (error.type) {
    case 'Unavailable':
      return error.problem.status === 429 || error.problem.status === 503
    case 'Unreachable':
    case 'TimedOut':
      return true
    case 'Refused':
    case 'Aborted':
    case 'AnswerMalformed':
    case 'NoCredentials':
      return false
  }
}

/**
 * How long to wait after an attempt, counted from 1. `chance` lies in [0, 1). What the server asks
 * for is waited for, and the drawn time on top.
 */
export const pauseMs = (
  { baseMs, capMs }: RetrySettings,
  attempt: number,
  chance: number,
  retryAfterMs = 0,
): number =>
  Math.min(retryAfterMs, RETRY_AFTER_MS_MAX) + chance * Math.min(capMs, baseMs * 2 ** (attempt - 1))

/** Waits; false when the signal ended it before its time. */
export const pause = (ms: number, signal: AbortSignal | undefined): Promise<boolean> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve(false)
    const ended = (): void => {
      clearTimeout(timer)
      resolve(false)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', ended)
      resolve(true)
    }, ms)
    signal?.addEventListener('abort', ended, { once: true })
  })
