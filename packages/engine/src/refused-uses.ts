/**
 * Uses of credentials that are refused though it is known whose they are: on record, and never with
 * more than a few events an hour for each credential, reason and proof.
 *
 * Nobody was proved to call, so the events are the verifier's own, whatever was shown.
 */
import {
  type AccessKeyId,
  type AccountId,
  type CredentialUsesRefused,
  refusalsStream,
  type SessionId,
  type TemporaryAccessKeyId,
  type UseProof,
  type UseRefusal,
  type UserId,
} from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import { type CallScene, circumstancesWithin, partActor } from './circumstances.js'
import { countedRefusals } from './counted-refusals.js'
import type { EngineError } from './engine-error.js'
import type { Clock, EventLog, Ids, Vault } from './ports.js'
import { appendAnyhow } from './retry.js'
import { encodeEvent } from './stored-event.js'

/**
 * How many addresses are told apart in one count. There may be many counts, so this is kept small.
 * Unit: addresses.
 */
const ADDRESSES_COUNTED_MAX = 50

export type RefusedUse = {
  readonly accountId: AccountId
  readonly accessKeyId: AccessKeyId | TemporaryAccessKeyId
  readonly reason: UseRefusal
  readonly proof: UseProof
  /** The session that the key is of. */
  readonly sessionId?: SessionId
  /** Whose key it is, or who began the session, while that user is there. */
  readonly userId?: UserId
}

type Needs = {
  readonly log: EventLog
  readonly vault: Pick<Vault, 'sealPersonal'>
  readonly clock: Clock
  readonly ids: Pick<Ids, 'uuid' | 'eventId'>
}

/** Counts a use that is refused, and records it where it is one of those that are told. */
export type NoteRefusedUse = (
  use: RefusedUse,
  scene: CallScene,
) => Promise<E.Either<EngineError, void>>

/** `credentialsMax`: how many are counted each by itself. */
export const refusedUses = (needs: Needs, credentialsMax?: number): NoteRefusedUse => {
  const { log, clock, ids } = needs
  const count = countedRefusals(ADDRESSES_COUNTED_MAX, credentialsMax)

  return ({ accountId, accessKeyId, reason, proof, sessionId, userId }, scene) => {
    const common = `${accountId} ${reason} ${proof}`
    const { sourceIp } = scene
    const refusal = {
      own: `${accessKeyId} ${common}`,
      common,
      ...(sourceIp === undefined ? {} : { text: sourceIp }),
    }
    return count(refusal, clock.now(), async ({ isOwn, times, texts, since }) => {
      const user = isOwn ? userId : undefined
      const actor = partActor(accountId, 'verifier')
      const circumstances = await circumstancesWithin(needs, actor, user ?? accountId, scene)
      if (E.isLeft(circumstances)) return circumstances
      const event: CredentialUsesRefused = {
        type: 'CredentialUsesRefused',
        reason,
        proof,
        uses: times,
        addresses: texts,
        since,
        ...(isOwn && { accessKeyId }),
        ...(isOwn && sessionId !== undefined && { sessionId }),
        ...(user !== undefined && { userId: user }),
      }
      const id = ids.eventId(circumstances.right.commandId, 0)
      const stored = encodeEvent(id, event, circumstances.right)
      return appendAnyhow(log, refusalsStream(accountId), stored)
    })
  }
}
