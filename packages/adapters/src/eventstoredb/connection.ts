/**
 * A client that can be replaced: one call at a time may find it poisoned, and the next call gets a
 * new one.
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
  /** To be told of every fault of a call, with the client that had it. */
  readonly report: (client: EventStoreDBClient, fault: CallFault) => void
  readonly close: () => Promise<void>
}

export const openConnection = (settings: Settings): Connection => {
  const { makeClient, callMs, appendPath, onFault } = settings
  const retired = new Set<() => Promise<void>>()
  let current = makeClient()
  let gate: Promise<void> = Promise.resolve()
  let closed = false

  /** In time for whoever still waits on it to have given up. */
  const retireLater = (client: EventStoreDBClient): void => {
    const timer = setTimeout(() => void dispose(), 2 * (callMs + GRACE_MS))
    timer.unref()
    const dispose = async (): Promise<void> => {
      clearTimeout(timer)
      retired.delete(dispose)
      await client.dispose().catch(alreadyGone)
    }
    retired.add(dispose)
  }

  return {
    client: async () => {
      await gate
      return current
    },
    report: (client, fault) => {
      if (fault.type !== 'Doubt' || !fault.poisoned || client !== current || closed) return
      current = makeClient()
      onFault({ type: 'ClientRenewed', detail: faultText(fault) })
      // The client's table of unanswered batches is one for all clients of the process: a stream
      // that ends late empties it for its successor too, whose answers then find nobody.
      if (appendPath === 'batch') gate = client.dispose().catch(alreadyGone)
      else retireLater(client)
    },
    close: async () => {
      closed = true
      await Promise.all([...[...retired].map((dispose) => dispose()), current.dispose()])
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
