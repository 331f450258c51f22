/**
 * Claims of nonces in JetStream: each claim is a message whose id is the fingerprint, and the
 * server says whether it has that id already.
 *
 * Invariant: a fingerprint is `claimed` at most once while the server remembers it, which is
 * longer than any signature is accepted.
 */
import type { NonceClaims } from '@grantlog/engine'
import { DiscardPolicy, Empty, type NatsConnection, nanos, StorageType } from 'nats'
import type { NatsLink } from './link.js'
import { NONCE_SUBJECT } from './wire.js'

export type NonceClaimsOptions = {
  /** How long an answer is waited for. Unit: milliseconds. */
  readonly timeoutMs?: number
  /** In a cluster of servers: on how many of them each claim is kept. */
  readonly replicas?: number
}

const STREAM = 'GRANTLOG_NONCES'

/**
 * How long a claim is remembered. A timestamp is accepted for a quarter of an hour on either side
 * of now, so a signature lives for half an hour. Unit: milliseconds.
 */
const REMEMBER_MS = 40 * 60 * 1_000

const TIMEOUT_MS = 250

const openStream = async (connection: NatsConnection, replicas: number): Promise<void> => {
  const manager = await connection.jetstreamManager({ timeout: 2_000 })
  await manager.streams.add({
    name: STREAM,
    subjects: [NONCE_SUBJECT],
    storage: StorageType.File,
    // A stream that has no room refuses: it never forgets early.
    discard: DiscardPolicy.New,
    max_age: nanos(REMEMBER_MS),
    duplicate_window: nanos(REMEMBER_MS),
    num_replicas: replicas,
    deny_delete: true,
    deny_purge: true,
  })
}

export const natsNonceClaims = (
  link: NatsLink,
  { timeoutMs = TIMEOUT_MS, replicas = 1 }: NonceClaimsOptions = {},
): NonceClaims => {
  let opened: { readonly on: NatsConnection; readonly ready: Promise<void> } | undefined

  const ready = (connection: NatsConnection): Promise<void> => {
    if (opened?.on === connection) return opened.ready
    const opening = openStream(connection, replicas)
    opened = { on: connection, ready: opening }
    opening.catch(() => {
      opened = undefined
    })
    return opening
  }
  const publish = async (connection: NatsConnection, msgID: string) => {
    await ready(connection)
    return connection.jetstream().publish(NONCE_SUBJECT, Empty, {
      msgID,
      timeout: timeoutMs,
      expect: { streamName: STREAM },
    })
  }

  // The first call must not pay for making the stream.
  link.onConnection((connection) => void ready(connection).catch(() => undefined))

  return {
    claim: async (fingerprint) => {
      const connection = link.connection()
      if (connection === null) return 'unavailable'
      let late: NodeJS.Timeout | undefined
      const bound = new Promise<null>((resolve) => {
        late = setTimeout(() => resolve(null), timeoutMs)
      })
      try {
        const claim = publish(connection, fingerprint)
        const answer = await Promise.race([claim, bound])
        // A claim that is given up may still arrive: nobody else gets that nonce, and no harm.
        claim.catch(() => undefined)
        if (answer === null) return 'unavailable'
        return answer.duplicate ? 'taken' : 'claimed'
      } catch {
        opened = undefined
        return 'unavailable'
      } finally {
        clearTimeout(late)
      }
    },
  }
}
