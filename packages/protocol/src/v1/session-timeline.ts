/**
 * The timeline of a session: its beginning, what it did, and what ended it. What a session was is
 * told by its id, whatever moment is asked about, and also once it is over.
 */
import type { SessionId, TemporaryAccessKeyId } from '@grantlog/domain'
import type { SessionReplay } from '@grantlog/engine'
import type { Mark } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Scene } from '../rpc/scene.js'
import { endMembers } from './answer.js'
import { presentOf } from './cursor.js'
import { type Members, markMembers } from './marks.js'
import type { Page, PagedRead } from './paged.js'
import type { ReadFault } from './problem.js'
import { shownDeeds } from './shown-deed.js'

type Entry = { readonly position: number; readonly shown: Members }

/** A session by its id, or the one that a temporary key is said to be of. */
export type NamedSession = {
  readonly sessionId: SessionId
  readonly accessKeyId?: TemporaryAccessKeyId
}

/** A key is known once it was issued: what its session is called later is not enough. */
const withItsKey =
  ({ accessKeyId }: NamedSession) =>
  (replay: SessionReplay): E.Either<ReadFault, SessionReplay> =>
    accessKeyId === undefined || replay.issued?.accessKeyId === accessKeyId
      ? E.right(replay)
      : E.left({ type: 'KeyUnknown' })

/** Keys are positions. What another account did is told as the `end` alone. */
export const sessionEntriesPage =
  ({ engine, caller: { accountId } }: Scene, named: NamedSession): PagedRead['page'] =>
  (start, limit) => {
    const { sessionId, accessKeyId } = named
    const after = Number(start.after ?? 0)
    const asked = { accountId, sessionId, moment: { type: 'Now' } as const, after, limit }
    const unknown: ReadFault = {
      type: accessKeyId === undefined ? 'SessionUnknown' : 'KeyUnknown',
    }
    const entry = (event: Mark, change: Members): Entry => ({
      position: event.position,
      shown: { ...markMembers(event, accountId), change },
    })
    return pipe(
      engine.replaySession({ ...asked, asOf: presentOf(start) }),
      TE.mapLeft((fault) => (fault.type === 'SessionNotFound' ? unknown : fault)),
      TE.flatMapEither(withItsKey(named)),
      TE.bindTo('replay'),
      TE.bindW('deeds', ({ replay }) => shownDeeds(engine, accountId, replay.deeds)),
      TE.map(({ replay: { session, began, end, next = null }, deeds }): Page => {
        const { roleName, sessionName } = session
        const ended =
          end === undefined || end.type === 'Expired' || end.event.accountId !== accountId
            ? []
            : [entry(end.event, { type: 'Ended', by: end.type, id: end.id })]
        const ends = [entry(began, { type: 'Began', roleName, sessionName }), ...ended].filter(
          ({ position }) => position > after && (next === null || position <= next),
        )
        const done = deeds.map(({ event, ...deed }) => entry(event, deed))
        const items = [...ends, ...done].sort((a, b) => a.position - b.position)
        const more = { id: sessionId, end: end === undefined ? null : endMembers(end, accountId) }
        return { items: items.map(({ shown }) => shown), next, more }
      }),
    )
  }
