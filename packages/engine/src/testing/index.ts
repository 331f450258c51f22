/**
 * The engine's testing door: logs and view stores in memory, and the contracts of the real ones.
 */
export { type AppendFault, faultsInOrder, type LogFaults, withFaults } from './faults.js'
export { type InMemoryLogOptions, inMemoryLog } from './in-memory-log.js'
export { inMemoryViewStore } from './in-memory-view-store.js'
export { type LogTraits, logContract, type MakeLog } from './log-contract.js'
export { viewStoreContract } from './view-store-contract.js'
