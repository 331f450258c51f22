/**
 * A log whose network is bad: chosen appends report that their outcome is unknown.
 *
 * `request-lost`: nothing reached the log. `answer-lost`: it happened, and the caller is not told.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Appended, EventLog, LogError, RevisionConflict } from '../ports.js'

export type AppendFault = 'none' | 'request-lost' | 'answer-lost'

/** Asked once per append, in order. */
export type LogFaults = { readonly onAppend: (stream: string) => AppendFault }

/** A log that behaves as `log` does, but for the faults. */
export const withFaults = (log: EventLog, faults: LogFaults): EventLog => ({
  ...log,
  append: (stream, expected, events) => async () => {
    const fault = faults.onAppend(stream)
    if (fault === 'request-lost') return unknownOutcome(stream, fault)
    const answer: E.Either<RevisionConflict | LogError, Appended> = await log.append(
      stream,
      expected,
      events,
    )()
    return fault === 'answer-lost' ? unknownOutcome(stream, fault) : answer
  },
})

/** The faults of a list, one per append; none after its end. */
export const faultsInOrder = (...list: ReadonlyArray<AppendFault>): LogFaults => {
  let next = 0
  return {
    onAppend: () => {
      next += 1
      return list[next - 1] ?? 'none'
    },
  }
}

const unknownOutcome = (stream: string, detail: string): E.Either<LogError, never> =>
  E.left({ type: 'OutcomeUnknown', stream, detail })
