/**
 * A client that can be replaced: one call finds it poisoned, and the next call gets a new one.
 *
 * Appends and reads have a connection each, so that a new client for one leaves the other alone.
 */
import type { EventStoreDBClient } from '@eventstore/db-client'
import * as E from 'fp-ts/lib/Either.js'
import { type CallFault, callFaultOf, faultText, tooLate } from './call-fault.js'
import { GRACE_MS, type Settings } from './settings.js'

export type Connection = {
  /** The client for one call, when one may be used. */
  readonly client: () => Promise<EventStoreDBClient>
  /**
   * Whether the calls of a client run on. Disposing of it cuts them off, and to a read that looks
   * like the end of what there is.
   */
  readonly isAlive: (client: EventStoreDBClient) => boolean
  /** To be told of every fault of a call, with the client that had it. */
  readonly report: (client: EventStoreDBClient, fault: CallFault) => void
  readonly close: () => Promise<void>
}

/**
 * `apart` clients follow each other without overlap, which costs the calls of the one that is
 * replaced: needed where they append by batch. The client's table of unanswered batches is one for
 * all clients of the process: a stream that ends late empties it for its successor too, whose
 * answers then find nobody and end the process.
 */
export type Succession = 'apart' | 'overlapping'

export const openConnection = (settings: Settings, succession: Succession): Connection => {
  const { makeClient, callMs, onFault } = settings
  const retired = new Map<EventStoreDBClient, NodeJS.Timeout>()
  const disposed = new WeakSet<EventStoreDBClient>()
  let current = makeClient()
  let gate: Promise<void> = Promise.resolve()
  let closed = false

  const dispose = async (client: EventStoreDBClient): Promise<void> => {
    clearTimeout(retired.get(client))
    retired.delete(client)
    disposed.add(client)
    await client.dispose().catch(alreadyGone)
  }
  /** When whoever still waits on it has given up. */
  const retire = (client: EventStoreDBClient): void => {
    const timer = setTimeout(() => void dispose(client), 2 * (callMs + GRACE_MS))
    timer.unref()
    retired.set(client, timer)
  }

  return {
    client: async () => {
      await gate
      return current
    },
    isAlive: (client) => !disposed.has(client),
    report: (client, fault) => {
      if (fault.type !== 'Doubt' || !fault.poisoned || client !== current || closed) return
      current = makeClient()
      onFault({ type: 'ClientRenewed', detail: faultText(fault) })
      if (succession === 'apart') gate = dispose(client)
      else retire(client)
    },
    close: async () => {
      closed = true
      await Promise.all([...retired.keys(), current].map(dispose))
    },
  }
}

const alreadyGone = (): void => undefined

/** One call with a deadline of this side: the client's own do not cover all of its calls. */
export const callWithin = async <A>(
  connection: Connection,
  ms: number,
  call: (client: EventStoreDBClient) => Promise<A>,
): Promise<E.Either<CallFault, A>> => {
  const client = await connection.client()
  const answer = await new Promise<E.Either<CallFault, A>>((resolve) => {
    const timer = setTimeout(() => resolve(E.left(tooLate(ms))), ms)
    const settle = (outcome: E.Either<CallFault, A>): void => {
      clearTimeout(timer)
      resolve(outcome)
    }
    call(client).then(
      (value) => settle(E.right(value)),
      (error: unknown) => settle(E.left(callFaultOf(error))),
    )
  })
  if (E.isLeft(answer)) connection.report(client, answer.left)
  return answer
}
