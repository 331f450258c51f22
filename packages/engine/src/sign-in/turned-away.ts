/**
 * Attempts that are turned away before a password is looked at: on record, and never with more
 * than a few events an hour, however many they are. Names are told apart by keyed digests and never
 * recorded, for one may be a password.
 */
import {
  type AccountId,
  type SignInsTurnedAway,
  signInsOfNobodyStream,
  signInsStream,
  type TurnedAway,
} from '@grantlog/domain'
import type { UserRow } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { countedRefusals } from '../counted-refusals.js'
import type { EngineError } from '../engine-error.js'
import type { Clock, EventLog, Ids, Vault } from '../ports.js'
import { appendAnyhow } from '../retry.js'
import { encodeEvent } from '../stored-event.js'
import type { SignInScene } from './calls.js'
import { circumstancesIn } from './circumstances.js'

/** How many names are told apart in one count. Unit: names. */
const NAMES_COUNTED_MAX = 1_000

export type TurnedAwayAttempt = {
  readonly accountId: AccountId
  readonly reason: TurnedAway
  /** What somebody gave for a name. */
  readonly name: string
  /** The user that is locked. */
  readonly user?: UserRow
}

export type TurningAway = {
  /** Counts an attempt, and records it where it is one of those that are told. */
  readonly note: (
    attempt: TurnedAwayAttempt,
    scene: SignInScene,
  ) => Promise<E.Either<EngineError, void>>
}

type Needs = {
  readonly log: EventLog
  readonly vault: Pick<Vault, 'sealPersonal'>
  readonly clock: Clock
  readonly ids: Pick<Ids, 'uuid' | 'eventId'>
}

/** `usersMax`: how many locked users are counted each by itself. */
export const turningAway = (needs: Needs, usersMax?: number): TurningAway => {
  const { log, clock, ids } = needs
  const count = countedRefusals(NAMES_COUNTED_MAX, usersMax)

  return {
    note: ({ accountId, reason, name, user: locked }, scene) => {
      const common = `${accountId} ${reason}`
      const own = locked === undefined ? common : `${accountId} ${locked.userId}`
      const refusal = { own, common, text: name.toLowerCase() }
      return count(refusal, clock.now(), async ({ isOwn, times, texts, since }) => {
        const user = isOwn ? locked : undefined
        const proof = { isProven: false }
        const circumstances = await circumstancesIn(needs, accountId, user, scene, proof)
        if (E.isLeft(circumstances)) return circumstances
        const event: SignInsTurnedAway = {
          type: 'SignInsTurnedAway',
          reason,
          attempts: times,
          names: texts,
          since,
          ...(user && { userId: user.userId }),
        }
        const id = ids.eventId(circumstances.right.commandId, 0)
        const stored = encodeEvent(id, event, circumstances.right)
        const stream =
          user === undefined
            ? signInsOfNobodyStream(accountId)
            : signInsStream(accountId, user.userId)
        return appendAnyhow(log, stream, stored)
      })
    },
  }
}
