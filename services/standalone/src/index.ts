/** The standalone server as a library: what its own process, the demo and the journeys start. */
export { type Configuration, readConfiguration } from './configuration.js'
export type { RootCredentials } from './first-start.js'
export { type Standalone, type StartFailed, type StartOptions, startStandalone } from './start.js'
