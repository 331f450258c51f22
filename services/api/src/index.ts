/** The api replica as a library. */
export { type Configuration, PROGRAM, readConfiguration, SETTINGS } from './configuration.js'
export { type Api, startApi } from './start.js'
