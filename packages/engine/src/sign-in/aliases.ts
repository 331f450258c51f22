/**
 * Aliases of accounts: unique over the whole deployment, because all of them are in one stream and
 * each change expects the revision on which it was found to be allowed.
 */
import { ALIASES_STREAM, type AliasCommand, type AliasRefusal, decideAlias } from '@grantlog/domain'
import { accountAliasOf, accountWithAlias, type DirectoryState } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Circumstances, EngineError } from '../engine-error.js'
import type { CommandOutcome, Meter } from '../observer.js'
import type { EventLog, Ids, Position } from '../ports.js'
import { appendSurely } from '../retry.js'
import { encodeEvent } from '../stored-event.js'

type Dependencies = {
  readonly log: EventLog
  readonly ids: Pick<Ids, 'eventId'>
  readonly directory: DirectoryState
  /** The revision of a stream that the directory shows; -1 for one that it knows nothing of. */
  readonly revisionOf: (stream: string) => number
  readonly applied: () => Position
  readonly waitFor: (position: Position) => Promise<E.Either<EngineError, void>>
  readonly meter: Meter
}

/** How often a change is decided anew because another account was first. */
const RACES_LOST_MAX = 20

export const changeAlias = async (
  { log, ids, directory, revisionOf, applied, waitFor, meter }: Dependencies,
  command: AliasCommand,
  circumstances: Circumstances,
): Promise<E.Either<AliasRefusal | EngineError, Position>> => {
  const counted = (outcome: CommandOutcome): void => meter.commanded(command.type, outcome)
  for (let lost = 0; lost < RACES_LOST_MAX; lost++) {
    const revision = revisionOf(ALIASES_STREAM)
    const decided = decideAlias(command, {
      holderOf: (alias) => accountWithAlias(directory, alias),
      aliasOf: (accountId) => accountAliasOf(directory, accountId),
    })
    if (E.isLeft(decided)) {
      counted('Refused')
      return decided
    }
    const [event] = decided.right
    if (event === undefined) {
      counted('Unchanged')
      return E.right(applied())
    }
    const stored = encodeEvent(ids.eventId(circumstances.commandId, 0), event, circumstances)
    const expected = revision < 0 ? 'no-stream' : revision
    const appended = await appendSurely(log, ALIASES_STREAM, expected, [stored])
    if (E.isRight(appended)) {
      counted('Changed')
      const { position } = appended.right
      const shown = await waitFor(position)
      return E.isLeft(shown) ? shown : E.right(position)
    }
    if (appended.left.type !== 'RevisionConflict') {
      counted('Failed')
      return E.left(appended.left)
    }
    // What another account did is in the log, so the log's end is far enough to know of it.
    const head = await log.head()()
    const shown = E.isLeft(head) ? head : await waitFor(head.right)
    if (E.isLeft(shown)) return shown
  }
  counted('Failed')
  return E.left({ type: 'Contended', stream: ALIASES_STREAM })
}
