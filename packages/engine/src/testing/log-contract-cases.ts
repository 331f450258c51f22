/**
 * The words in which the cases of the log contract are told.
 */
import { randomUUID } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { EventLog, NewEvent, StoredEvent } from '../ports.js'

/** A stream that nobody has used. */
export const stream = (): string => `account-${randomUUID()}`

/** New events, each with its own id, whose data are the texts as JSON. */
export const texts = (...values: ReadonlyArray<string>): ReadonlyArray<NewEvent> =>
  values.map((value) => ({
    id: randomUUID(),
    type: 'Noted',
    schemaVersion: 1,
    data: JSON.stringify(value),
    metadata: '{}',
  }))

/** The answer; a refusal fails the case. */
export const ok = async <L, A>(task: TE.TaskEither<L, A>): Promise<A> => {
  const answer = await task()
  if (E.isLeft(answer)) throw new Error(`refused: ${JSON.stringify(answer.left)}`)
  return answer.right
}

/** The refusal; an answer fails the case. */
export const refused = async <L, A>(task: TE.TaskEither<L, A>): Promise<L> => {
  const answer = await task()
  if (E.isRight(answer)) throw new Error(`not refused: ${JSON.stringify(answer.right)}`)
  return answer.left
}

/** Every event of a stream, read in pages. */
export const wholeStream = async (
  log: EventLog,
  name: string,
): Promise<ReadonlyArray<StoredEvent>> => {
  const events: Array<StoredEvent> = []
  for (;;) {
    const page = await ok(log.readStream(name, { from: events.length, limit: 500 }))
    if (page.length === 0) return events
    events.push(...page)
  }
}

/** 0, 1, 2 … */
export const counting = (length: number): ReadonlyArray<number> =>
  Array.from({ length }, (_, i) => i)

/** How long something may take to come about on a busy machine. Unit: milliseconds. */
const PATIENCE_MS = 45_000

/** Waits until something is so. */
export const eventually = async (isSo: () => boolean): Promise<void> => {
  const start = performance.now()
  while (!isSo()) {
    if (performance.now() - start > PATIENCE_MS) throw new Error('it did not come about')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** What not every log promises. */
export type LogTraits = {
  /** Positions count 1, 2, 3 … with no hole and no foreign event between. */
  readonly gapless: boolean
}
