/** The api replica as a library. */
export { type Configuration, readConfiguration, SETTINGS } from './configuration.js'
export { type Api, startApi } from './start.js'
