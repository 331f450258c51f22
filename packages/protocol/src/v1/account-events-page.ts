/** Pages of an account's own stream, whatever is shown of its events. */
import type { StoredEvent } from '@grantlog/engine'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Fault } from '../rpc/faults.js'
import type { Scene } from '../rpc/scene.js'
import type { PagedRead } from './paged.js'
import type { ReadFault } from './problem.js'

/** What is shown of an event; null when it cannot be read. */
export type ShowEvent = (event: StoredEvent) => Readonly<Record<string, unknown>> | null

/** Keys are revisions. One event more than is wanted tells whether there is another page. */
export const accountEventsPage =
  ({ engine, caller: { accountId } }: Scene, show: ShowEvent): PagedRead['page'] =>
  ({ after, pinned }, limit) =>
    pipe(
      engine.accountEvents(accountId, {
        limit: limit + 1,
        ...(typeof after === 'number' ? { after } : {}),
      }),
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
