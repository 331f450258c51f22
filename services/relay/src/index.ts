/** The relay as a library. */
export { type Configuration, PROGRAM, readConfiguration, SETTINGS } from './configuration.js'
export { startFeedRelay } from './start.js'
