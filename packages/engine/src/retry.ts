/**
 * Appending until the outcome is known: the same ids again after a doubt, a pause after a passing
 * fault.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from './engine-error.js'
import type {
  Appended,
  EventLog,
  ExpectedRevision,
  LogError,
  NewEvent,
  RevisionConflict,
} from './ports.js'

/** How often an append is said again before its caller hears of the fault. */
const ATTEMPTS_MAX = 6

/** The first pause in milliseconds; it doubles with each attempt. */
const PAUSE_MS_FIRST = 10

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Saying an append again is safe because its ids make it a repetition. Conflicts and dead stores
 * are not retried.
 */
export const appendSurely = async (
  log: EventLog,
  stream: string,
  expected: ExpectedRevision,
  events: ReadonlyArray<NewEvent>,
): Promise<E.Either<RevisionConflict | LogError, Appended>> => {
  for (let attempt = 1; ; attempt++) {
    const outcome = await log.append(stream, expected, events)()
    if (E.isRight(outcome) || attempt === ATTEMPTS_MAX) return outcome
    const { type } = outcome.left
    if (type !== 'OutcomeUnknown' && type !== 'LogUnavailable') return outcome
    await pause(PAUSE_MS_FIRST * 2 ** (attempt - 1))
  }
}

/** Appends whatever the stream holds: for facts that no rule compares with others. */
export const appendAnyhow = async (
  log: EventLog,
  stream: string,
  event: NewEvent,
): Promise<E.Either<EngineError, Appended>> => {
  const appended = await appendSurely(log, stream, 'any', [event])
  if (E.isRight(appended)) return appended
  return E.left(
    appended.left.type === 'RevisionConflict' ? { type: 'Contended', stream } : appended.left,
  )
}
