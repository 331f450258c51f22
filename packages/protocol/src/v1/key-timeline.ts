/**
 * The timeline of an access key: what it went through, what was changed with it, the sessions that
 * it opened, the calls on record that it signed, and its uses that were refused.
 */
import type { AccessKeyId } from '@grantlog/domain'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Scene } from '../rpc/scene.js'
import { presentOf } from './cursor.js'
import { type Members, markMembers } from './marks.js'
import type { Page, PagedRead } from './paged.js'
import { type ShownDeed, shownDeeds } from './shown-deed.js'

const entryMembers = (deed: ShownDeed, reader: string): Members => {
  if (deed.type === 'Told') return { ...markMembers(deed.event, reader), change: deed.change }
  const { event, ...change } = deed
  return { ...markMembers(event, reader), change }
}

/** Keys are positions. */
export const keyEntriesPage =
  ({ engine, caller: { accountId } }: Scene, accessKeyId: AccessKeyId): PagedRead['page'] =>
  (start, limit) => {
    const asked = { accountId, accessKeyId, after: Number(start.after ?? 0), limit }
    return pipe(
      engine.keyStory({ ...asked, asOf: presentOf(start) }),
      TE.mapLeft((fault) =>
        fault.type === 'AccessKeyNotFound' ? { ...fault, accessKeyId } : fault,
      ),
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
