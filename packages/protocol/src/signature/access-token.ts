/**
 * Access tokens: what `POST /oauth2/token` hands out, and a call shows in place of a signature.
 *
 * A token is the id of its account and, sealed for that account, which key it was given for and
 * until when. Invariant: it gives what its key gives at this very moment and nothing else. A key
 * that was made inactive after the token was given, or that is gone, has no tokens; neither has a
 * session that is over.
 */
import {
  AccessKeyId,
  AccountId,
  SessionId,
  TemporaryAccessKeyId,
  type UseRefusal,
} from '@grantlog/domain'
import type { Caller, Engine } from '@grantlog/engine'
import { findAccessKey, findSession } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { ReceivedCall } from './call.js'
import { keyCaller, sessionCaller } from './identify.js'
import {
  type Refusal,
  type RefusedCredential,
  refusedDeletedKey,
  refusedKey,
  refusedSession,
} from './refused-use.js'

/** How long a token is good for. Unit: milliseconds. */
export const ACCESS_TOKEN_MS = 15 * 60 * 1000

/** How far in the future a token may have been given. Unit: milliseconds. */
const ISSUED_AHEAD_MS_MAX = 60_000

const TOKEN_CHARACTERS_MAX = 1024
const PREFIX = 'gl1'

const Whole = t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 0, 'Whole')
const When = t.tuple([Whole, Whole, Whole])

/** Tuples: short, and closed by their length. Of a session also its id. */
const Payload = t.union([
  t.tuple([AccessKeyId, When]),
  t.tuple([TemporaryAccessKeyId, When, SessionId]),
])
type Payload = t.TypeOf<typeof Payload>

export type AccessToken = {
  readonly text: string
  /** Milliseconds since the epoch, UTC. */
  readonly expiresAt: number
}

/** A token for a verified caller; of a session it ends with the session at the latest. */
export const issueAccessToken = (engine: Engine, caller: Caller): AccessToken => {
  const { accountId, accessKeyId } = caller
  const now = engine.clock.now()
  const session =
    caller.type === 'Session' ? findSession(engine.views.credentials, caller.sessionId) : undefined
  const expiresAt = Math.min(now + ACCESS_TOKEN_MS, session?.expiresAt ?? Number.MAX_SAFE_INTEGER)
  const when = [now, expiresAt, engine.status().applied]
  const payload =
    caller.type === 'Session' ? [accessKeyId, when, caller.sessionId] : [accessKeyId, when]
  const sealed = engine.vault.sealText('access-token', accountId, JSON.stringify(payload))
  return { text: `${PREFIX}.${accountId}.${sealed}`, expiresAt }
}

type Found = E.Either<Refusal, Caller>

const refused = (
  reason: 'Malformed' | 'Expired' | 'Ended',
  credential?: RefusedCredential,
): E.Either<Refusal, never> =>
  E.left({ fault: { type: 'AccessTokenInvalid', reason }, ...(credential && { credential }) })

const bearerOf = (authorization: string): string | undefined =>
  /^bearer +([A-Za-z0-9._-]+) *$/i.exec(authorization)?.[1]

type Opened = { readonly accountId: AccountId; readonly payload: Payload }

const open = ({ vault }: Engine, text: string): Opened | null => {
  const [prefix, accountId, sealed = '', ...rest] = text.split('.')
  if (prefix !== PREFIX || !AccountId.is(accountId) || rest.length > 0) return null
  const plain = vault.openText('access-token', accountId, sealed)
  const parsed = E.tryCatch(
    () => JSON.parse(plain ?? ''),
    () => null,
  )
  const payload = E.isLeft(parsed) ? parsed : Payload.decode(parsed.right)
  return E.isLeft(payload) ? null : { accountId, payload: payload.right }
}

/** Whom a key's token stands for: whoever owns the key, which was active all the while. */
const callerOfKey = (
  engine: Engine,
  accountId: AccountId,
  accessKeyId: string,
  issuedPosition: number,
): Found => {
  const key = findAccessKey(engine.views.credentials, accessKeyId)
  if (key === undefined) return refused('Ended', refusedDeletedKey(engine, accessKeyId))
  if (key.accountId !== accountId) return refused('Ended')
  if (key.status !== 'Active' || (key.deactivatedPosition ?? 0) > issuedPosition)
    return refused('Ended', refusedKey(engine, key, accessKeyId, 'KeyInactive'))
  const caller = keyCaller(engine, key)
  return caller === undefined ? refused('Ended') : E.right(caller)
}

const callerOfSession = (
  { views, clock }: Engine,
  accountId: AccountId,
  accessKeyId: string,
  sessionId: SessionId,
): Found => {
  const session = findSession(views.credentials, sessionId)
  const ended = (reason: UseRefusal) =>
    refused('Ended', refusedSession({ accountId, accessKeyId, sessionId }, session, reason))
  if (session === undefined) return ended('SessionEnded')
  if (session.accountId !== accountId || session.accessKeyId !== accessKeyId)
    return refused('Ended')
  if (session.revoked !== undefined) return ended('SessionRevoked')
  return clock.now() < session.expiresAt
    ? E.right(sessionCaller(session, accountId, accessKeyId))
    : ended('SessionExpired')
}

/** Tells whom a call with a token stands for. Only `verify` asks, and alone hands it on. */
export const callerOfAccessToken = async (engine: Engine, call: ReceivedCall): Promise<Found> => {
  const authorization = call.headers.authorization ?? ''
  const text = authorization.length > TOKEN_CHARACTERS_MAX ? undefined : bearerOf(authorization)
  const token = text === undefined ? null : open(engine, text)
  if (token === null) return refused('Malformed')
  const { accountId, payload } = token
  const [accessKeyId, [issuedAt, expiresAt, issuedPosition], sessionId] = payload
  const now = engine.clock.now()
  if (issuedAt > now + ISSUED_AHEAD_MS_MAX) return refused('Malformed')
  if (now >= expiresAt) return refused('Expired')

  const reached = await engine.waitFor(issuedPosition)()
  if (E.isLeft(reached)) return E.left({ fault: reached.left })
  return sessionId === undefined
    ? callerOfKey(engine, accountId, accessKeyId, issuedPosition)
    : callerOfSession(engine, accountId, accessKeyId, sessionId)
}
