/** The types of start.mjs. */

/** Faults that may be ordered. Numbers without a unit count down: that many calls have the fault. */
export type ServerFaults = {
  /** Nothing is answered, and nothing that is asked happens. */
  readonly mute?: boolean
  readonly slowMs?: number
  readonly clockOffsetMs?: number
  /** Subscriptions stay open and deliver nothing. */
  readonly stalled?: boolean
  /** Appends that happen and are never answered. */
  readonly dropAcks?: number
  /** Appends that happen and whose call breaks. */
  readonly breakAcks?: number
  /** Appends that do not happen and whose call breaks. */
  readonly loseRequests?: number
  /** Appends that do not happen and are told that the server was too slow. */
  readonly timeouts?: number
  /** Calls that ask for the leader and are sent away. */
  readonly notLeader?: number
  readonly failFeatures?: number
}

export type ServerState = { readonly events: number; readonly subscriptions: number }

export type EventStoreServer = {
  readonly port: number
  readonly pid: number
  readonly connectionString: string
  /** Orders faults; they are in force when the promise resolves. */
  readonly fault: (faults: ServerFaults) => Promise<ServerState>
  /** Ends every subscription: with OK, or as a server that shuts down. */
  readonly endSubscriptions: (how: 'ok' | 'cancelled') => Promise<ServerState>
  readonly state: () => Promise<ServerState>
  /** Stops and continues the process, as SIGSTOP and SIGCONT do. */
  readonly pause: () => void
  readonly resume: () => void
  /** SIGKILL: what was acknowledged is in the folder, if there is one. */
  readonly kill: () => Promise<void>
  readonly stop: () => Promise<void>
}

export const startEventStoreServer: (options?: {
  /** Where acknowledged events are kept; left out, they are gone with the process. */
  readonly directory?: string
  /** 0 takes a free one. */
  readonly port?: number
  /** Whether the server says that it knows BatchAppend. */
  readonly batchAppend?: boolean
  readonly maxAppendBytes?: number
  /** After how many appends the server writes an event of its own. */
  readonly systemEventEvery?: number
  /** PEM texts. */
  readonly tls?: { readonly key: string; readonly certificate: string }
  /** `name:password` of the only user; left out, everybody is welcome. */
  readonly user?: string
}) => Promise<EventStoreServer>
