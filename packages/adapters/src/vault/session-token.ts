/**
 * Session tokens: what a session carries, sealed with the session key of the day.
 *
 * Invariant: a token opens only in the deployment that sealed it, in its one spelling, and only to
 * a payload of exactly this shape. A shape that carries more is another version, for a member that
 * is not understood could be one that restricts.
 */
import {
  AccountId,
  RoleId,
  RoleSessionName,
  SessionId,
  TemporaryAccessKeyId,
} from '@grantlog/domain'
import type { SessionToken } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Keyring } from './keyring.js'
import { SESSION_KEYS } from './rotation.js'
import {
  type Binding,
  bindingOf,
  decodeSealed,
  encodeSealed,
  open,
  seal,
  sealedKeyId,
} from './sealing.js'

/** A longer text is refused before it is decoded. Unit: characters. */
export const SESSION_TOKEN_CHARACTERS_MAX = 10_240

const PURPOSE = 'session-token'

interface WholeBrand {
  readonly Whole: unique symbol
}
const Whole = t.brand(
  t.number,
  (n): n is t.Branded<number, WholeBrand> => Number.isSafeInteger(n) && n >= 0,
  'Whole',
)

const textOrNull = t.union([t.string, t.null])

/** Tuples: short, and closed by their length. */
const Payload = t.tuple(
  [
    /** The deployment. */
    t.string,
    /** The credential: session, key id, secret. */
    t.tuple([SessionId, TemporaryAccessKeyId, t.string]),
    /** Whose it is: account, role, session name, source identity. */
    t.tuple([AccountId, RoleId, RoleSessionName, textOrNull]),
    /** Issued at, expires at, the log's position, the depth of the chain. */
    t.tuple([Whole, Whole, Whole, Whole]),
    /** The session policy. */
    textOrNull,
  ],
  'SessionTokenPayload',
)
type Payload = t.TypeOf<typeof Payload>

export type SessionTokens = {
  /**
   * Throws for a token that no reader would accept: its session policy is longer than any may be.
   */
  readonly seal: (token: SessionToken) => string
  readonly open: (text: string) => SessionToken | null
}

const written = (deploymentId: string, token: SessionToken): string =>
  JSON.stringify([
    deploymentId,
    [token.sessionId, token.accessKeyId, token.secret],
    [token.accountId, token.roleId, token.sessionName, token.sourceIdentity ?? null],
    [token.issuedAt, token.expiresAt, token.issuedPosition, token.chainDepth],
    token.sessionPolicy ?? null,
  ])

const tokenOf = ([, credential, whose, when, sessionPolicy]: Payload): SessionToken => ({
  sessionId: credential[0],
  accessKeyId: credential[1],
  secret: credential[2],
  accountId: whose[0],
  roleId: whose[1],
  sessionName: whose[2],
  ...(whose[3] === null ? {} : { sourceIdentity: whose[3] }),
  issuedAt: when[0],
  expiresAt: when[1],
  issuedPosition: when[2],
  chainDepth: when[3],
  ...(sessionPolicy === null ? {} : { sessionPolicy }),
})

/** The payload of a plain text, or null. */
const read = (plain: Buffer): Payload | null => {
  try {
    const decoded = Payload.decode(JSON.parse(plain.toString('utf8')))
    return E.isRight(decoded) ? decoded.right : null
  } catch {
    return null
  }
}

export const sessionTokensOf = (deploymentId: string, keyring: Keyring): SessionTokens => {
  // A day's tokens share one binding; junk that names other keys replaces it, and costs no memory.
  let sealing: Binding = bindingOf(PURPOSE, 0, [])
  let opening: Binding = sealing

  return {
    seal: (token) => {
      const { id, key } = keyring.active(SESSION_KEYS)
      if (sealing.keyId !== id) sealing = bindingOf(PURPOSE, id, [])
      const plain = Buffer.from(written(deploymentId, token), 'utf8')
      const text = encodeSealed(seal(key, sealing, plain))
      plain.fill(0)
      if (text.length > SESSION_TOKEN_CHARACTERS_MAX)
        throw new RangeError('a session token is longer than any that is accepted')
      return text
    },
    open: (text) => {
      const sealed = decodeSealed(text, SESSION_TOKEN_CHARACTERS_MAX)
      const keyId = sealed === null ? null : sealedKeyId(sealed)
      if (sealed === null || keyId === null) return null
      const key = keyring.find(keyId, SESSION_KEYS)
      if (key === null) return null
      if (opening.keyId !== keyId) opening = bindingOf(PURPOSE, keyId, [])
      const plain = open(key, opening, sealed)
      if (plain === null) return null
      const payload = read(plain)
      plain.fill(0)
      return payload === null || payload[0] !== deploymentId ? null : tokenOf(payload)
    },
  }
}
