/** The standalone server as a library: what its own process, the demo and the journeys start. */

export type { RootCredentials, StartFailed } from '@grantlog/server'
export { type Configuration, PROGRAM, readConfiguration, SETTINGS } from './configuration.js'
export { type Standalone, type StartOptions, startStandalone } from './start.js'
