/** The front door of `@grantlog/adapters/system`: time, ids, and the log for operators. */
export { type ManualClock, manualClock, systemClock } from './clock.js'
export { randomIds, seededIds } from './ids.js'
export { LOG_FIELD_CHARACTERS_MAX, type LogFieldName, type LogFields } from './log-fields.js'
export { createLogger, type Logger, type LoggerOptions, LogLevel } from './logger.js'
export { makeDirectory } from './make-directory.js'
export { type Secret, secret } from './secret.js'
