/** The answers about what happened: events and timelines. */
import * as t from 'io-ts'
import { Actor, Change, Next, Position } from './parts.js'
import { SessionEnd } from './session-end.js'

/** A stored event. Personal data in it is sealed text. */
export const ShownEvent = t.intersection(
  [
    t.type({
      id: t.string,
      type: t.string,
      revision: t.number,
      position: Position,
      recordedAt: t.string,
      actor: Actor,
      requestId: t.string,
      data: t.record(t.string, t.unknown),
    }),
    t.partial({ reason: t.string, ticket: t.string }),
  ],
  'ShownEvent',
)
export type ShownEvent = t.TypeOf<typeof ShownEvent>

export const EventsAnswer = t.type(
  { events: t.readonlyArray(ShownEvent), next: Next, position: Position, applied: Position },
  'EventsAnswer',
)
export type EventsAnswer = t.TypeOf<typeof EventsAnswer>

/** What one event meant for a principal: `change.type` says what, its other members more. */
export const TimelineEntry = t.intersection(
  [
    t.type({
      position: Position,
      recordedAt: t.string,
      eventType: t.string,
      eventId: t.string,
      revision: t.number,
      actor: Actor,
      change: Change,
    }),
    t.partial({ reason: t.string, ticket: t.string }),
  ],
  'TimelineEntry',
)
export type TimelineEntry = t.TypeOf<typeof TimelineEntry>

const KeyOwner = t.intersection(
  [t.type({ type: t.string }), t.partial({ userId: t.string })],
  'KeyOwner',
)

export const TimelineAnswer = t.intersection(
  [
    t.type({
      /** Of what is meant; the name of a system policy. */
      id: t.string,
      entries: t.readonlyArray(TimelineEntry),
      next: Next,
      position: Position,
      applied: Position,
    }),
    /** Of a principal its id, of an access key whose it is, of a session how it ended. */
    t.partial({ principalId: t.string, owner: KeyOwner, end: t.union([SessionEnd, t.null]) }),
  ],
  'TimelineAnswer',
)
export type TimelineAnswer = t.TypeOf<typeof TimelineAnswer>
