/**
 * What the engine offers around recorded access: putting decisions on record, and asking about
 * what is on record.
 */
import type { AccountId } from '@grantlog/domain'
import { recordingOf } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError, MomentNotReached, Views, WindowEmpty } from '../engine.js'
import type { Present } from '../moment.js'
import type { Meter } from '../observer.js'
import type { Clock, EventLog, Ids, Vault } from '../ports.js'
import { listAccess } from './list-access.js'
import { preparedChanges } from './prepare.js'
import type { GivenWindow, Grounds, RecordingCalls, ReplayAnswer } from './questions.js'
import type { AccessWindow } from './read-access.js'
import { accessRecorder } from './recorder.js'
import { replayAccess } from './replay.js'
import type { NoSuchAttachment, NoSuchPolicy, NoSuchTarget } from './unprepared.js'
import { unusedGrants } from './unused.js'
import { windowOf } from './window.js'

/** How many questions read the record at the same time before the next is refused. Ours. */
const READERS_MAX = 4

type Needs = {
  readonly log: EventLog
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly meter: Meter
  readonly views: Views
  readonly applied: () => number
  /** Whether this node may answer about the account. */
  readonly readyFor: (accountId: AccountId) => Promise<E.Either<EngineError, void>>
}

export const recordingCalls = (
  needs: Needs,
): RecordingCalls & { readonly stopRecording: () => Promise<void> } => {
  const { log, vault, views, clock, applied, readyFor } = needs
  const settingOf = (accountId: AccountId) => recordingOf(views.recording, accountId)
  const recorder = accessRecorder({ ...needs, settingOf })
  let reading = 0

  /** What was noted so far is read too. */
  const onRecord = async <Fault, Answer>(
    accountId: AccountId,
    given: GivenWindow,
    read: (
      window: AccessWindow,
      present: Present,
    ) => Promise<E.Either<Fault | EngineError, Answer>>,
    asOf?: Present,
  ): Promise<E.Either<Fault | MomentNotReached | WindowEmpty | EngineError, Answer & Grounds>> => {
    const ready = await readyFor(accountId)
    if (E.isLeft(ready)) return ready
    if (reading >= READERS_MAX) return E.left({ type: 'Overloaded', waiting: reading })
    reading += 1
    try {
      await recorder.flush()
      const present = asOf ?? { applied: applied(), now: clock.now() }
      const window = await windowOf({ log, views }, accountId, given, present)
      if (E.isLeft(window)) return window
      const answer = await read(window.right, present)
      if (E.isLeft(answer)) return answer
      const { from, to } = window.right
      return E.right({ ...answer.right, ...present, window: { from, to } })
    } finally {
      reading -= 1
    }
  }

  return {
    noteAccess: recorder.note,
    recordAccess: (accountId, access, circumstances) => () =>
      recorder.store(accountId, access, circumstances),
    listAccess:
      (accountId, { window: given, asOf, ...question }) =>
      () =>
        onRecord(
          accountId,
          given,
          (window, { now }) => listAccess({ log, now }, accountId, { ...question, window }),
          asOf,
        ),
    replay:
      (accountId, { window: given, changes, asOf, ...question }) =>
      () =>
        onRecord<NoSuchPolicy | NoSuchTarget | NoSuchAttachment, ReplayAnswer>(
          accountId,
          given,
          async (window, { applied, now }) => {
            const prepared = preparedChanges(views, accountId, changes, applied)
            if (E.isLeft(prepared)) return prepared
            const asked = { ...question, window, changes: prepared.right }
            return replayAccess({ log, vault, views, now }, accountId, asked)
          },
          asOf,
        ),
    unused:
      (accountId, { window: given, principals, asOf }) =>
      () =>
        onRecord(
          accountId,
          given,
          (window, { now }) =>
            unusedGrants({ log, vault, views, now }, accountId, { window, principals }),
          asOf,
        ),
    stopRecording: recorder.stop,
  }
}
