/** Pages of a stream, whatever is shown of its events. */
import { type AccountId, EventMetadata } from '@grantlog/domain'
import type { StoredEvent } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Fault } from '../rpc/faults.js'
import type { Scene } from '../rpc/scene.js'
import { isoText } from './moment.js'
import type { PagedRead } from './paged.js'
import type { ReadFault } from './problem.js'

/** What is shown of an event; null when it cannot be read. */
export type ShowEvent = (event: StoredEvent) => Readonly<Record<string, unknown>> | null

/** How answers tell of the events that they show. */
export const EVENTS_MEANING =
  'The events: `id`, `type`, `revision`, `position`, `recordedAt`, `actor`, `requestId`, ' +
  '`data`, and `reason` and `ticket` where they were given. Personal data is sealed text.'

/** An event as it is shown; what is sealed in it stays sealed. Null when it cannot be read. */
export const eventMembers: ShowEvent = (event) => {
  const parsed = E.tryCatch(
    () => ({ data: JSON.parse(event.data), metadata: JSON.parse(event.metadata) }),
    () => null,
  )
  if (E.isLeft(parsed)) return null
  const metadata = EventMetadata.decode(parsed.right.metadata)
  if (E.isLeft(metadata)) return null
  const { actor, reason, ticket, requestId } = metadata.right
  return {
    id: event.id,
    type: event.type,
    revision: event.revision,
    position: event.position,
    recordedAt: isoText(event.recordedAt),
    actor,
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined ? {} : { ticket }),
    requestId,
    data: parsed.right.data,
  }
}

/** Events with members of such names as texts, as all times of answers are. */
export const showTimes =
  (times: ReadonlySet<string>): ShowEvent =>
  (event) => {
    const members = eventMembers(event)
    if (members === null) return null
    const data = Object.entries(members['data'] as object).map(([name, value]) => [
      name,
      times.has(name) && typeof value === 'number' ? isoText(value) : value,
    ])
    return { ...members, data: Object.fromEntries(data) }
  }

type ReadEvents = (page: {
  readonly after?: number
  readonly limit: number
}) => TE.TaskEither<Fault, ReadonlyArray<StoredEvent>>

/** Pages of one stream. Keys are revisions. */
export const eventsPage =
  (accountId: AccountId, read: ReadEvents, show: ShowEvent): PagedRead['page'] =>
  ({ after, pinned }, limit) =>
    pipe(
      // One event more than is wanted tells whether there is another page.
      read({ limit: limit + 1, ...(typeof after === 'number' ? { after } : {}) }),
      TE.flatMap((events) => {
        const until = events.filter(({ position }) => position <= pinned)
        const items = until.slice(0, limit).map(show)
        const next = until.length > limit ? (until[limit - 1]?.revision ?? null) : null
        const unreadable: Fault = { type: 'AccountQuarantined', accountId }
        return items.every((item) => item !== null)
          ? TE.right({ items, next })
          : TE.left<Fault | ReadFault>(unreadable)
      }),
    )

export const accountEventsPage = (
  { engine, caller: { accountId } }: Scene,
  show: ShowEvent,
): PagedRead['page'] => eventsPage(accountId, (page) => engine.accountEvents(accountId, page), show)
