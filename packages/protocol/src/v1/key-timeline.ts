/**
/**
 * The timelines of those who sign: of an access key what it went through, what was changed with it,
 * the sessions that it opened, the calls on record that it signed, and its uses that were refused;
 * of the root of an account what its keys went through and what it changed.
 */
import type { Moment } from '@grantlog/engine'
import { openedAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Scene } from '../rpc/scene.js'
import { presentOf } from './cursor.js'
import { type Members, markMembers } from './marks.js'
import type { Page, PagedRead } from './paged.js'
import { positionOfMoment } from './past.js'
import type { ReadFault } from './problem.js'
import { type ShownDeed, shownDeeds } from './shown-deed.js'

const KEY_UNKNOWN: ReadFault = { type: 'KeyUnknown' }

const entryMembers = (deed: ShownDeed, reader: string): Members => {
  if (deed.type === 'Told') return { ...markMembers(deed.event, reader), change: deed.change }
  const { event, ...change } = deed
  return { ...markMembers(event, reader), change }
}

/** Keys are positions. */
export const keyEntriesPage =
  ({ engine, caller: { accountId } }: Scene, accessKeyId: string): PagedRead['page'] =>
  (start, limit) => {
    const asked = { accountId, accessKeyId, after: Number(start.after ?? 0), limit }
    return pipe(
      engine.keyStory({ ...asked, asOf: presentOf(start) }),
      TE.mapLeft((fault) => (fault.type === 'AccessKeyNotFound' ? KEY_UNKNOWN : fault)),
      TE.bindTo('story'),
      TE.bindW('deeds', ({ story }) => shownDeeds(engine, accountId, story.deeds)),
      TE.map(
        ({ story: { owner, next = null }, deeds }): Page => ({
          items: deeds.map((deed) => entryMembers(deed, accountId)),
          next,
          more: { id: accessKeyId, owner },
        }),
      ),
    )
  }

/** Keys are positions. At a moment before its account was opened there is no root. */
export const rootEntriesPage =
  ({ engine, caller: { accountId } }: Scene, moment: Moment): PagedRead['page'] =>
  (start, limit) => {
    const asOf = presentOf(start)
    const position = positionOfMoment(engine, accountId, moment, asOf)
    if (E.isLeft(position)) return TE.left(position.left)
    const opened = openedAt(engine.views.history, accountId) ?? Number.POSITIVE_INFINITY
    if (position.right < opened) return TE.left({ type: 'PrincipalNotFound' })
    return pipe(
      engine.rootStory({ accountId, after: Number(start.after ?? 0), limit, asOf }),
      TE.bindTo('story'),
      TE.bindW('deeds', ({ story }) => shownDeeds(engine, accountId, story.deeds)),
      TE.map(
        ({ story: { next = null }, deeds }): Page => ({
          items: deeds.map((deed) => entryMembers(deed, accountId)),
          next,
          more: { principalId: accountId, id: accountId },
        }),
      ),
    )
  }
