/** The types of kill-loop.mjs. */
export const killLoop: (options: {
  readonly rounds: number
  readonly seed: number
  readonly report?: (line: unknown) => void
}) => Promise<{
  readonly rounds: number
  readonly acknowledgedUsers: number
  readonly events: number
  readonly sessions: number
}>
