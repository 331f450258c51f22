/**
 * The front door of `@grantlog/server/cluster`: the log of a cluster, and NATS. It is apart so that
 * a process on the embedded log does not load their two clients, which took 0.4 s of each start.
 */
export { type ClusterLog, openClusterLog } from './cluster-log.js'
