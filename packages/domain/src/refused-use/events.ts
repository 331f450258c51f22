/** What can have happened when a credential was used in vain. Stored for ever. */
import * as t from 'io-ts'
import { AccessKeyId, SessionId, TemporaryAccessKeyId, UserId } from '../names.js'

/**
 * Why a credential was not taken. `KeyInactive` is also of an access token that was given before
 * its key was made inactive, whatever the key is now; `SessionEnded` is of a session whose role, or
 * a user or an identity provider that it came through, was deleted.
 */
export const UseRefusal = t.union(
  [
    t.literal('KeyInactive'),
    t.literal('KeyDeleted'),
    t.literal('SecretWrong'),
    t.literal('SessionExpired'),
    t.literal('SessionRevoked'),
    t.literal('SessionEnded'),
  ],
  'UseRefusal',
)
export type UseRefusal = t.TypeOf<typeof UseRefusal>

/**
 * What was shown of the secret. `Right`: the secret itself, or a signature made with it, so that
 * whoever calls has the secret or repeats a call of somebody who does. `AccessToken`: a token that
 * was given for the secret while the credential was good. `Unknown`: the secret is kept no more.
 */
export const UseProof = t.union(
  [t.literal('Right'), t.literal('Wrong'), t.literal('AccessToken'), t.literal('Unknown')],
  'UseProof',
)
export type UseProof = t.TypeOf<typeof UseProof>

/**
 * Uses of a credential were refused: of a key, or of the temporary key of a session. Told of the
 * first in an hour, and again whenever there were twice as many, so that a flood of calls is none
 * of events. The address of this one is sealed for the user that is named, else for the account.
 */
export const CredentialUsesRefused = t.intersection(
  [
    t.strict({
      type: t.literal('CredentialUsesRefused'),
      reason: UseRefusal,
      proof: UseProof,
      /** How many there were on this node since `since`, with this one. */
      uses: t.number,
      /** From how many addresses, as far as they are told apart. */
      addresses: t.number,
      /** When the first of them was. Milliseconds since the epoch, UTC. */
      since: t.number,
    }),
    t.exact(
      t.partial({
        /** Absent where too many credentials are tried to count each of them. */
        accessKeyId: t.union([AccessKeyId, TemporaryAccessKeyId]),
        /** The session that the temporary key is of. */
        sessionId: SessionId,
        /** Whose key it is, or who began the session; absent for others than users of today. */
        userId: UserId,
      }),
    ),
  ],
  'CredentialUsesRefused',
)
export type CredentialUsesRefused = t.TypeOf<typeof CredentialUsesRefused>
