/** The STS worker as a library. */
export { type Configuration, PROGRAM, readConfiguration, SETTINGS } from './configuration.js'
export { startWorker } from './start.js'
