/**
 * The use of a credential that is refused though it is known whose it is: put on record, and then
 * refused as if it were not.
 *
 * Invariant: a record changes no answer, but for one that says that it could not be made.
 */
import { setTimeout as pause } from 'node:timers/promises'
import {
  AccessKeyId,
  type AccessKeyOwner,
  AccountId,
  SessionId,
  TemporaryAccessKeyId,
  type UseProof,
  type UseRefusal,
} from '@grantlog/domain'
import type {
  Caller,
  CallScene,
  Engine,
  EngineError,
  RefusedUse,
  SigningSecret,
} from '@grantlog/engine'
import { findDeletedKey, type SessionRow, userById } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { SignatureFault } from './faults.js'

/**
 * How long a refusal takes at least where it must not tell a credential that there was from one
 * that there never was: longer than it takes to record it. Unit: milliseconds.
 */
const UNTOLD_MS_MIN = 50

/** Which credential was refused, and why. */
export type RefusedCredential = Omit<RefusedUse, 'proof'>

export type Refusal = {
  readonly fault: SignatureFault | EngineError
  /** Absent where it is nobody's. */
  readonly credential?: RefusedCredential
  /** Its secret, where that may be known; null once it is not kept, or can't be had. */
  readonly secret?: () => Promise<SigningSecret | null>
}

/** A key, and the user who owns it while there is that user. */
export const refusedKey = (
  { views }: Engine,
  key: { readonly accountId: string; readonly owner: AccessKeyOwner },
  accessKeyId: string,
  reason: UseRefusal,
): RefusedCredential | undefined => {
  const { accountId, owner } = key
  if (!AccountId.is(accountId) || !AccessKeyId.is(accessKeyId)) return undefined
  const user = owner.type === 'User' ? userById(views.grants, accountId, owner.userId) : undefined
  return { accountId, accessKeyId, reason, ...(user && { userId: user.userId }) }
}

/** Undefined where there never was such a key. */
export const refusedDeletedKey = (
  engine: Engine,
  accessKeyId: string,
): RefusedCredential | undefined => {
  const key = findDeletedKey(engine.views.credentials, accessKeyId)
  return key && refusedKey(engine, key, accessKeyId, 'KeyDeleted')
}

/** A session; how it came about is absent once it is not remembered. */
export const refusedSession = (
  sealed: { readonly [name in 'accountId' | 'accessKeyId' | 'sessionId']: string },
  row: Pick<SessionRow, 'chain'> | undefined,
  reason: UseRefusal,
): RefusedCredential | undefined => {
  const { accountId, accessKeyId, sessionId } = sealed
  if (!AccountId.is(accountId) || !SessionId.is(sessionId)) return undefined
  if (!TemporaryAccessKeyId.is(accessKeyId)) return undefined
  const first = row?.chain[0]
  const began = first?.type === 'User' ? { userId: first.userId } : {}
  return { accountId, accessKeyId, sessionId, reason, ...began }
}

/** The refusal of whoever claimed to be a caller, and did not prove it. */
export const unproven = (caller: Caller, fault: SignatureFault): Refusal => {
  const credential = claimed(caller)
  return { fault, ...(credential && { credential }) }
}

const claimed = (caller: Caller): RefusedCredential | undefined => {
  const reason = 'SecretWrong'
  if (caller.type === 'Session') return refusedSession(caller, caller, reason)
  const { accountId, accessKeyId } = caller
  if (!AccessKeyId.is(accessKeyId)) return undefined
  const user = caller.type === 'User' ? { userId: caller.userId } : {}
  return { accountId, accessKeyId, reason, ...user }
}

/** Whether what was shown was made with the secret of what was refused. */
export const proofBy = async (
  { secret }: Refusal,
  isRight: (secret: SigningSecret) => boolean,
): Promise<UseProof> => {
  const kept = (await secret?.()) ?? null
  if (kept === null) return 'Unknown'
  return isRight(kept) ? 'Right' : 'Wrong'
}

export type RefusedShow = {
  readonly proof: UseProof | Promise<UseProof>
  readonly scene: () => CallScene
  /**
   * Whether the answer is that of credentials that there never were, and so must take as long.
   */
  readonly isUntold: boolean
}

/** Records the use where the credential is somebody's, and refuses it. */
export const refuseUse = async (
  { noteRefusedUse }: Engine,
  { fault, credential }: Refusal,
  { proof, scene, isUntold }: RefusedShow,
): Promise<E.Either<SignatureFault | EngineError, never>> => {
  const untold = isUntold ? pause(UNTOLD_MS_MIN) : undefined
  const noted =
    credential === undefined
      ? E.right(undefined)
      : await noteRefusedUse({ ...credential, proof: await proof }, scene())()
  await untold
  return E.isLeft(noted) ? noted : E.left(fault)
}
