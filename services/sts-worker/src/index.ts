/** The STS worker as a library. */
export { type Configuration, readConfiguration, SETTINGS } from './configuration.js'
export { startWorker } from './start.js'
