/**
 * Whom a presented key belongs to, and the secret that its signature must have been made with.
 *
 * Invariant: a caller found here is only a claim; `verify` alone hands it on, after its signature
 * is right.
 */
import { AccountId, type UseRefusal } from '@grantlog/domain'
import type { Caller, Engine, SessionToken, SigningSecret } from '@grantlog/engine'
import {
  type CredentialKeyRow,
  findAccessKey,
  findSession,
  type SessionRow,
  userById,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { type Presented, SECURITY_TOKEN_CHARACTERS_MAX } from './presented.js'
import {
  type Refusal,
  type RefusedCredential,
  refusedDeletedKey,
  refusedKey,
  refusedSession,
} from './refused-use.js'

export type Claim = {
  readonly caller: Caller
  readonly secret: SigningSecret
}

/** Names a key; a temporary one needs its token beside it. */
export type PresentedKey = Pick<Presented, 'accessKeyId' | 'securityToken'>

type Claimed = E.Either<Refusal, Claim>

/** How far in the future a token may have been issued. Unit: milliseconds. */
const ISSUED_AHEAD_MS_MAX = 60_000

type FaultWithoutData =
  | 'AccessKeyUnknown'
  | 'AccessKeyInactive'
  | 'SecurityTokenMissing'
  | 'SecurityTokenMalformed'
  | 'SecurityTokenExpired'
  | 'SecurityTokenMismatch'

const fault = (type: FaultWithoutData): E.Either<Refusal, never> => E.left({ fault: { type } })

/** A fault of a credential of which it is known whose it is. */
const ended = (
  type: FaultWithoutData,
  credential: RefusedCredential | undefined,
  secret: () => Promise<SigningSecret | null>,
): E.Either<Refusal, never> =>
  E.left({ fault: { type }, ...(credential && { credential, secret }) })

const noSecret = async (): Promise<null> => null

/** Finds the key, and for a temporary one opens its token and checks that its session goes on. */
export const identify = (engine: Engine, presented: PresentedKey): Promise<Claimed> =>
  presented.accessKeyId.startsWith('STS.')
    ? identifySession(engine, presented)
    : identifyKey(engine, presented)

const identifyKey = async (engine: Engine, presented: PresentedKey): Promise<Claimed> => {
  const { accessKeyId, securityToken } = presented
  const key = findAccessKey(engine.views.credentials, accessKeyId)
  if (key === undefined)
    return ended('AccessKeyUnknown', refusedDeletedKey(engine, accessKeyId), noSecret)
  const { accountId } = key
  const secretOf = engine.vault.signingSecret(key.secretRef, { accountId, accessKeyId })
  if (key.status !== 'Active') {
    const credential = refusedKey(engine, key, accessKeyId, 'KeyInactive')
    return ended('AccessKeyInactive', credential, async () =>
      E.getOrElseW(() => null)(await secretOf()),
    )
  }
  if (securityToken !== undefined) return fault('SecurityTokenMismatch')

  const caller = keyCaller(engine, key)
  if (caller === undefined) return fault('AccessKeyUnknown')
  const secret = await secretOf()
  return E.isLeft(secret)
    ? E.left({ fault: secret.left })
    : E.right({ caller, secret: secret.right })
}

/** Whoever owns a key; undefined when that is nobody any more. */
export const keyCaller = (engine: Engine, key: CredentialKeyRow): Caller | undefined => {
  const { accountId, accessKeyId, owner } = key
  if (!AccountId.is(accountId)) return undefined
  if (owner.type === 'Account') return { type: 'Root', accountId, accessKeyId }
  const user = userById(engine.views.grants, accountId, owner.userId)
  if (user === undefined) return undefined
  const { userId, userName } = user
  return { type: 'User', accountId, userId, userName, accessKeyId }
}

/** The token says what its session was, and with what it signed, for as long as it opens. */
const sessionOver = (
  { views, vault }: Engine,
  token: SessionToken,
  reason: UseRefusal,
): E.Either<Refusal, never> => {
  const credential = refusedSession(token, findSession(views.credentials, token.sessionId), reason)
  return ended('SecurityTokenExpired', credential, async () =>
    vault.temporarySigningSecret(token.secret),
  )
}

const identifySession = async (engine: Engine, presented: PresentedKey): Promise<Claimed> => {
  const { accessKeyId, securityToken } = presented
  if (securityToken === undefined) return fault('SecurityTokenMissing')
  if (securityToken.length > SECURITY_TOKEN_CHARACTERS_MAX) return fault('SecurityTokenMalformed')
  const token = engine.vault.openSessionToken(securityToken)
  const now = engine.clock.now()
  if (token === null || !AccountId.is(token.accountId)) return fault('SecurityTokenMalformed')
  if (token.issuedAt > now + ISSUED_AHEAD_MS_MAX) return fault('SecurityTokenMalformed')
  if (token.accessKeyId !== accessKeyId) return fault('SecurityTokenMismatch')
  if (now >= token.expiresAt) return sessionOver(engine, token, 'SessionExpired')

  const reached = await engine.waitFor(token.issuedPosition)()
  if (E.isLeft(reached)) return E.left({ fault: reached.left })
  const session = findSession(engine.views.credentials, token.sessionId)
  if (session === undefined) return sessionOver(engine, token, 'SessionEnded')
  if (session.revoked !== undefined) return sessionOver(engine, token, 'SessionRevoked')
  if (now >= session.expiresAt) return sessionOver(engine, token, 'SessionExpired')
  if (session.accountId !== token.accountId || session.roleId !== token.roleId)
    return fault('SecurityTokenMalformed')
  if (session.accessKeyId !== accessKeyId) return fault('SecurityTokenMismatch')
  return E.right({
    caller: sessionCaller(session, token.accountId, accessKeyId),
    secret: engine.vault.temporarySigningSecret(token.secret),
  })
}

export const sessionCaller = (
  session: SessionRow,
  accountId: AccountId,
  accessKeyId: string,
): Caller => ({
  type: 'Session',
  accountId,
  roleId: session.roleId,
  roleName: session.roleName,
  sessionId: session.sessionId,
  sessionName: session.sessionName,
  accessKeyId,
  chain: session.chain,
  ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
  ...(session.sessionPolicy === undefined ? {} : { sessionPolicy: session.sessionPolicy }),
})
