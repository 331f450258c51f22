/** The door to the embedded log and the embedded view store. */

export { type DirectoryLock, lockDirectory } from './directory-lock.js'
export type { DriverError } from './driver.js'
export { openSqliteLog, type SqliteLogOptions } from './log.js'
export { type LogTree, openLogTree } from './log-tree.js'
export {
  consistencyProof,
  type Hash,
  inclusionProof,
  verifyConsistency,
  verifyInclusion,
} from './merkle.js'
export type { OpenError } from './open.js'
export { type NotedHead, type NoteSigner, openNote, publicKeyFromBytes } from './signed-note.js'
export { TREE_HEAD_EVENTS, TREE_HEAD_INTERVAL_MS, type TreeHeadOptions } from './tree-heads.js'
export { type LogProblem, type LogReport, PROBLEMS_MAX, verifySqliteLog } from './verify.js'
export { openSqliteViewStore, type SqliteViewStoreOptions } from './view-store.js'
