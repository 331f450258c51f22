/** The types of nats-server.mjs. */

export type NatsServer = {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Holds the streams; outlives `kill`. */
  readonly directory: string
  /** Ends it without warning, as a crash does. Start it again with its port and directory. */
  readonly kill: () => Promise<void>
  /** Ends it and removes its folder. */
  readonly stop: () => Promise<void>
}

export type NatsServerOptions = {
  readonly jetstream: boolean
  readonly port?: number
  readonly directory?: string
  /** More lines for its configuration file. */
  readonly configuration?: string
}

export const startNatsServer: (options: NatsServerOptions) => Promise<NatsServer>
