/**
 * The log for operators: one JSON object per line, written by pino.
 *
 * Invariant: each message and field passes `log-fields` first; pino never sees what may not be
 * printed, and nobody gets at pino itself.
 */
import * as t from 'io-ts'
import { type Logger as Pino, pino } from 'pino'
import { type LogFields, scrub, shownFields } from './log-fields.js'

/** From the most to the least talkative. */
export const LogLevel = t.keyof(
  { trace: null, debug: null, info: null, warn: null, error: null, fatal: null, silent: null },
  'LogLevel',
)
export type LogLevel = t.TypeOf<typeof LogLevel>

type Write = (message: string, fields?: LogFields) => void

export type Logger = {
  readonly trace: Write
  readonly debug: Write
  readonly info: Write
  readonly warn: Write
  readonly error: Write
  readonly fatal: Write
  /** A logger whose lines carry these fields too. */
  readonly child: (fields: LogFields) => Logger
}

export type LoggerOptions = {
  readonly level: LogLevel
  /** Where lines go; standard output when left out. */
  readonly stream?: { readonly write: (line: string) => void }
}

const around = (target: Pino): Logger => {
  const writer =
    (level: Exclude<LogLevel, 'silent'>): Write =>
    (message, fields) => {
      if (target.isLevelEnabled(level)) target[level](shownFields(fields ?? {}), scrub(message))
    }
  return {
    trace: writer('trace'),
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
    fatal: writer('fatal'),
    child: (fields) => around(target.child(shownFields(fields))),
  }
}

export const createLogger = ({ level, stream }: LoggerOptions): Logger => {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return around(stream === undefined ? pino(options) : pino(options, stream))
}
