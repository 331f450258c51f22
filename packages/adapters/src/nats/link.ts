/**
 * The line to NATS: connects by itself, for as long as it takes, and restores its subscriptions.
 *
 * Invariant: it never holds anybody up. While the server is away there is no connection to ask
 * for, nothing is queued, and a start or a stop does not wait for it.
 */
import type { Subscription } from '@grantlog/engine'
import {
  type ConnectionOptions,
  connect,
  Events,
  type Msg,
  type NatsConnection,
  type Subscription as NatsSubscription,
} from 'nats'

export type NatsLinkOptions = {
  /** e.g. `nats://127.0.0.1:4222`; several for a cluster. */
  readonly servers: ReadonlyArray<string>
  /** Shown in the server's list of connections. */
  readonly name?: string
  /** Credentials and TLS, as the client takes them. */
  readonly security?: Pick<ConnectionOptions, 'user' | 'pass' | 'token' | 'authenticator' | 'tls'>
  readonly onEvent?: (event: NatsLinkEvent) => void
}

export type NatsLinkEvent =
  | { readonly type: 'Connected'; readonly server: string }
  | { readonly type: 'Disconnected' }
  /** A message that does not follow its codec or is too large; it was dropped. */
  | { readonly type: 'MessageDropped'; readonly subject: string; readonly bytes: number }
  | { readonly type: 'ListenerFailed'; readonly subject: string; readonly cause: unknown }

export type NatsLink = {
  /** Null while the server is away. */
  readonly connection: () => NatsConnection | null
  /** Holds over reconnections, and may be made before the first connection. */
  readonly subscribe: (
    subject: string,
    options: { readonly queue?: string },
    onMessage: (message: Msg) => void,
  ) => Subscription
  /** Calls with the connection that is there, and with each later one. Reconnecting makes none. */
  readonly onConnection: (take: (connection: NatsConnection) => void) => void
  /** To be told of each message that was not understood. */
  readonly drop: (message: Msg) => void
  readonly status: () => { readonly isUp: boolean; readonly dropped: number }
  readonly close: () => Promise<void>
}

/** How long one attempt to connect may take, and the pause before the next. Unit: milliseconds. */
const CONNECT_MS_MAX = 2_000
const RECONNECT_MS = 250

/** How often a silent server is asked; after two silences it counts as gone. */
const PING_MS = 5_000

/** How long a stop waits for what is on its way out. Unit: milliseconds. */
const DRAIN_MS_MAX = 1_000

type Wanted = { readonly open: (nc: NatsConnection) => void; readonly lost: () => void }

const settingsOf = ({ servers, name, security }: NatsLinkOptions): ConnectionOptions => ({
  ...security,
  servers: [...servers],
  name: name ?? 'grantlog',
  timeout: CONNECT_MS_MAX,
  maxReconnectAttempts: -1,
  reconnectTimeWait: RECONNECT_MS,
  reconnectJitter: RECONNECT_MS / 2,
  pingInterval: PING_MS,
  maxPingOut: 2,
  noAsyncTraces: true,
})

export const natsLink = (options: NatsLinkOptions): NatsLink => {
  const tell = options.onEvent ?? (() => undefined)
  const wanted = new Set<Wanted>()
  let nc: NatsConnection | undefined
  let isUp = false
  let isClosed = false
  let dropped = 0
  let wake: () => void = () => undefined

  const setUp = (up: boolean, server = ''): void => {
    if (up === isUp) return
    isUp = up
    tell(up ? { type: 'Connected', server } : { type: 'Disconnected' })
  }
  const watch = async (connection: NatsConnection): Promise<void> => {
    for await (const { type } of connection.status()) {
      if (type === Events.Disconnect) setUp(false)
      if (type === Events.Reconnect) setUp(true, connection.getServer())
    }
  }

  /** Each turn is one connection, which lives until the client gives it up. */
  const run = async (): Promise<void> => {
    while (!isClosed) {
      try {
        const connection = await connect(settingsOf(options))
        nc = connection
        void watch(connection)
        for (const { open } of wanted) open(connection)
        setUp(true, connection.getServer())
        // Closing may have been asked for while the connection was being made.
        if (isClosed) await connection.close()
        await connection.closed()
      } catch {
        // Not reachable or not allowed: the pause is the same, and the status says that it is down.
      }
      setUp(false)
      nc = undefined
      for (const { lost } of wanted) lost()
      if (isClosed) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, RECONNECT_MS)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  const finished = run()

  const subscribe: NatsLink['subscribe'] = (subject, { queue }, onMessage) => {
    let current: NatsSubscription | undefined
    const take = (fault: Error | null, message: Msg): void => {
      try {
        if (fault === null) onMessage(message)
        else tell({ type: 'ListenerFailed', subject, cause: fault })
      } catch (cause) {
        tell({ type: 'ListenerFailed', subject, cause })
      }
    }
    const want: Wanted = {
      open: (connection) => {
        const how = queue === undefined ? {} : { queue }
        current = connection.subscribe(subject, { ...how, callback: take })
      },
      lost: () => {
        current = undefined
      },
    }
    wanted.add(want)
    if (nc !== undefined && !nc.isClosed()) want.open(nc)
    return {
      stop: async () => {
        wanted.delete(want)
        if (nc !== undefined && !nc.isClosed()) current?.unsubscribe()
        current = undefined
      },
    }
  }

  return {
    onConnection: (open) => {
      wanted.add({ open, lost: () => undefined })
      if (nc !== undefined && !nc.isClosed()) open(nc)
    },
    connection: () => (isUp && nc !== undefined && !nc.isClosed() ? nc : null),
    subscribe,
    drop: ({ subject, data }) => {
      dropped += 1
      tell({ type: 'MessageDropped', subject, bytes: data.length })
    },
    status: () => ({ isUp, dropped }),
    close: async () => {
      if (!isClosed && isUp) {
        const late = new Promise<void>((resolve) => setTimeout(resolve, DRAIN_MS_MAX).unref())
        await Promise.race([nc?.flush().catch(() => undefined), late])
      }
      isClosed = true
      wake()
      await nc?.close()
      await finished
    },
  }
}
