/**
 * The timeline of an access key: what it went through, what was changed with it, the sessions that
 * it opened, and the calls on record that it signed.
 */
import type { KeyDeed } from '@grantlog/engine'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Scene } from '../rpc/scene.js'
import { presentOf } from './cursor.js'
import { type Members, markMembers } from './marks.js'
import type { Page, PagedRead } from './paged.js'
import type { ReadFault } from './problem.js'
import { shownDeed } from './shown-deed.js'

const KEY_UNKNOWN: ReadFault = { type: 'KeyUnknown' }

const entryMembers = (deed: KeyDeed, reader: string): Members => {
  if (deed.type === 'Told') return { ...markMembers(deed.event, reader), change: deed.change }
  const { event, ...change } = shownDeed(deed)
  return { ...markMembers(event, reader), change }
}

/** Keys are positions. */
export const keyEntriesPage =
  ({ engine, caller: { accountId } }: Scene, accessKeyId: string): PagedRead['page'] =>
  (start, limit) => {
    const asked = { accountId, accessKeyId, after: Number(start.after ?? 0), limit }
    return pipe(
      engine.keyStory({ ...asked, asOf: presentOf(start) }),
      TE.bimap(
        (fault) => (fault.type === 'AccessKeyNotFound' ? KEY_UNKNOWN : fault),
        ({ owner, deeds, next = null }): Page => ({
          items: deeds.map((deed) => entryMembers(deed, accountId)),
          next,
          more: { id: accessKeyId, owner },
        }),
      ),
    )
  }
