/** The types of trouble.mjs. */
export const clusterInTrouble: (options?: {
  /** How often each process has its trouble. */
  readonly rounds?: number
  readonly report?: (line: unknown) => void
}) => Promise<{
  readonly events: number
  readonly sessions: number
  readonly acknowledgedUsers: number
  readonly acknowledgedSessions: number
  readonly withdrawals: number
  readonly denied: number
  /** What replicas answered that were paused while rights were withdrawn: policy, key, and again. */
  readonly whilePaused: ReadonlyArray<string>
}>
