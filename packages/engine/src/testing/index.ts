/**
 * The engine's testing door: logs and view stores in memory, and the contracts of the real ones.
 */
export { type AppendFault, faultsInOrder, type LogFaults, withFaults } from './faults.js'
export {
  type InMemoryFeed,
  inMemoryFeed,
  type Published,
  type PublishFault,
} from './in-memory-feed.js'
export { type HintFaults, inMemoryHints, withHintFaults } from './in-memory-hints.js'
export { type InMemoryLogOptions, inMemoryLog } from './in-memory-log.js'
export { inMemoryViewStore } from './in-memory-view-store.js'
export { logContract, type MakeLog } from './log-contract.js'
export type { LogTraits } from './log-contract-cases.js'
export { viewStoreContract } from './view-store-contract.js'
