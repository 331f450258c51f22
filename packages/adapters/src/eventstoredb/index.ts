/** The door to the log in EventStoreDB. */
export { openEventStoreLog } from './log.js'
export type {
  Credentials,
  EventStoreFault,
  EventStoreLogOptions,
  EventStoreOpenError,
} from './settings.js'
