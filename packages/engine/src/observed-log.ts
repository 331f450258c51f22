/**
 * A log whose appends are counted and timed, and stand as spans in the traces of the calls that
 * they belong to: one append may carry events of many.
 */
import { parseStream } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import { type Observer, type Span, UNOBSERVED } from './observer.js'
import type { EventLog, NewEvent } from './ports.js'
import { traceparentsOf } from './stored-event.js'

const NO_SPANS: ReadonlyArray<Span> = []

export const observedLog = (log: EventLog, observer: Observer): EventLog => {
  if (observer === UNOBSERVED) return log
  const { meter, tracing } = observer

  const spansFor = (events: ReadonlyArray<NewEvent>, stream: string): ReadonlyArray<Span> => {
    const fields = { streamKind: parseStream(stream).kind, count: events.length }
    return traceparentsOf(events).map((parent) => tracing.start('append', { parent, fields }))
  }
  return {
    ...log,
    append: (stream, expected, events) => async () => {
      const spans = tracing.isOn ? spansFor(events, stream) : NO_SPANS
      const startedAt = performance.now()
      const appended = await log.append(stream, expected, events)()
      const outcome = E.isRight(appended) ? 'Stored' : appended.left.type
      meter.appended(parseStream(stream).kind, outcome, performance.now() - startedAt)
      for (const span of spans)
        if (E.isRight(appended)) span.end({ outcome, position: appended.right.position })
        else span.fail({ outcome })
      return appended
    },
  }
}
