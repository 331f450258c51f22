/** What the tests of the log in EventStoreDB under faults have in common. */
import { randomUUID } from 'node:crypto'
import {
  type EventStoreFault,
  type EventStoreLogOptions,
  openEventStoreLog,
} from '@grantlog/adapters/eventstoredb'
import type { EventLog, LogError, NewEvent, StoredEvent } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'

/** For what succeeds in the end, however busy the machine is. Unit: milliseconds. */
const DEADLINES = { callMs: 1_000, settleMs: 20_000, watchMs: 150 }

/** For what fails in the end, so that a test does not wait long for it. Unit: milliseconds. */
export const IMPATIENT = { callMs: 1_000, settleMs: 2_500 }

export const open = async (options: EventStoreLogOptions): Promise<EventLog> => {
  const opened = await openEventStoreLog({ ...DEADLINES, ...options })
  if (E.isLeft(opened)) throw new Error(JSON.stringify(opened.left))
  return opened.right
}

export const newEvent = (data: unknown = 'a'): NewEvent => ({
  id: randomUUID(),
  type: 'Noted',
  schemaVersion: 1,
  data: JSON.stringify(data),
  metadata: '{}',
})

export const stream = (): string => `account-${randomUUID()}`

export const ok = async <L, A>(task: TE.TaskEither<L, A>): Promise<A> => {
  const answer = await task()
  if (E.isLeft(answer)) throw new Error(`refused: ${JSON.stringify(answer.left)}`)
  return answer.right
}

export const refusal = async <L, A>(task: TE.TaskEither<L, A>): Promise<L> => {
  const answer = await task()
  if (E.isRight(answer)) throw new Error(`not refused: ${JSON.stringify(answer.right)}`)
  return answer.left
}

/** Waits until something is so, for at most twenty seconds. */
export const eventually = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  const start = performance.now()
  while (!(await isSo())) {
    if (performance.now() - start > 20_000) throw new Error('it did not come about in 20 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export const idsOf = (events: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<string> =>
  events.map(({ id }) => id)

/** Follows a log, and keeps what came and how it ended. */
export const collect = (log: EventLog, after: number) => {
  const events: Array<StoredEvent> = []
  const failures: Array<LogError['type'] | 'HandlerFailed'> = []
  const subscription = log.subscribe(after, {
    onEvents: async (batch) => {
      events.push(...batch)
    },
    onFailure: ({ type }) => failures.push(type),
  })
  return { events, failures, stop: subscription.stop }
}

/** Keeps what a log reports. */
export const reports = () => {
  const faults: Array<EventStoreFault> = []
  return {
    onFault: (fault: EventStoreFault) => {
      faults.push(fault)
    },
    types: () => faults.map(({ type }) => type),
  }
}
