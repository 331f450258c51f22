/**
 * The Vault port over an open file and a root key, and what its keeper may do with it.
 *
 * Invariant: whatever goes wrong inside while something is being opened is a refusal; no secret is
 * in an error.
 */
import { createPublicKey, type KeyObject, sign as signBytes } from 'node:crypto'
import type { Clock, SigningSecret, Vault, VaultError } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { expiringCache } from './cache.js'
import { type Keyring, keyName } from './keyring.js'
import { mfaCalls } from './mfa-codes.js'
import type { PasswordHashing } from './password-hashing.js'
import { passwordCalls } from './passwords.js'
import {
  keepSecret,
  openCarried,
  openField,
  readSecret,
  resealSecrets,
  sealCarried,
  sealField,
  subjectKey,
} from './records.js'
import type { RootKeyError, RotatableRootKey } from './root-key.js'
import {
  type RotationStep,
  rewrapKeys,
  rotateDataKey,
  rotateSessionKey,
  sessionRotationDueAt,
} from './rotation.js'
import type { KeyOwner } from './rows.js'
import { sessionTokensOf } from './session-token.js'
import { signingSecretOf } from './signing-secret.js'
import type { VaultStore } from './store.js'
import type { Transactions } from './transactions.js'

/** The key that signs the log's tree heads. Ed25519. */
export type LogSigningKey = {
  readonly keyId: string
  readonly publicKey: KeyObject
  readonly sign: (text: string) => Buffer
}

/**
 * What the keeper of a vault may do beyond what the engine needs. Every change can be said again.
 */
/** The fact under which the vault keeps that its log has begun. */
const BEGUN = 'log-begun'

export type VaultControl = {
  readonly deploymentId: string
  /** Whether a log that belongs to this vault is known to hold an account. */
  readonly hasBegun: () => boolean
  readonly noteBegun: () => void
  readonly logSigningKey: () => LogSigningKey
  /**
   * Does what is due for the session keys at this moment; sealing and opening do so by themselves.
   */
  readonly rotateSessionKey: (now: number) => TE.TaskEither<VaultError, RotationStep>
  /**
   * The next step for an account's data key. A rotation is over when a step has `retired` the old
   * key.
   */
  readonly rotateDataKey: (accountId: string) => TE.TaskEither<VaultError, RotationStep>
  /**
   * Wraps every key with a new root key of 32 random bytes, then forgets the old one. Answers the
   * new id.
   */
  readonly rotateRootKey: (key: Uint8Array) => TE.TaskEither<VaultError | RootKeyError, string>
  /** Destroys a person's key: all that was sealed with it is gone. */
  readonly eraseSubject: (accountId: string, subjectId: string) => TE.TaskEither<VaultError, void>
  readonly health: () => E.Either<RootKeyError, void>
}

export type VaultParts = {
  readonly deploymentId: string
  readonly store: VaultStore
  readonly transactions: Transactions
  readonly keyring: Keyring
  readonly rootKey: RotatableRootKey
  readonly hashing: PasswordHashing
  readonly clock: Clock
  readonly closeFile: () => void
}

/** How long a rotation that failed is left alone. Milliseconds. */
const ROTATION_RETRY_MS = 60_000

const LOG_SIGNING: KeyOwner = { kind: 'log-signing', accountId: '', ownerId: '' }

const unavailable = (error: unknown): VaultError => ({
  type: 'VaultUnavailable',
  detail: error instanceof Error ? error.message : 'unknown',
})

const attempt = <A>(job: () => Promise<A> | A): TE.TaskEither<VaultError, A> =>
  TE.tryCatch(async () => job(), unavailable)

const orNull = <A>(job: () => A | null): A | null => {
  try {
    return job()
  } catch {
    return null
  }
}

const notFound = (ref: string): E.Either<VaultError, never> =>
  E.left({ type: 'SecretNotFound', ref })

type KeyHolder = { readonly accountId: string; readonly accessKeyId: string }

const ownerOf = ({ accountId, accessKeyId }: KeyHolder) => ({ accountId, ownerId: accessKeyId })

type SecretCalls = Pick<
  Vault,
  'putAccessKeySecret' | 'signingSecret' | 'destroySecret' | 'temporarySigningSecret'
>

const secretCalls = ({ store, keyring, transactions, clock }: VaultParts): SecretCalls => {
  type Kept = { readonly owner: KeyHolder; readonly secret: SigningSecret }
  const kept = expiringCache<string, Kept>(clock)
  const signingSecret = (ref: string, owner: KeyHolder): E.Either<VaultError, SigningSecret> => {
    const known = kept.get(ref)
    if (known !== undefined)
      return known.owner.accountId === owner.accountId &&
        known.owner.accessKeyId === owner.accessKeyId
        ? E.right(known.secret)
        : notFound(ref)
    const text = readSecret(store, keyring, ref, ownerOf(owner))
    if (text === null) return notFound(ref)
    const secret = signingSecretOf(text)
    kept.set(ref, { owner: { ...owner }, secret })
    return E.right(secret)
  }
  return {
    putAccessKeySecret: (ref, owner, secret) =>
      attempt(async () => {
        const done = await transactions.soon(() =>
          keepSecret(store, keyring, ref, ownerOf(owner), secret),
        )
        if (!done) throw new Error('another secret is kept under this reference')
      }),
    // Every signed call asks for one, and mostly it is kept.
    signingSecret: (ref, owner) => async () => {
      try {
        return signingSecret(ref, owner)
      } catch (error) {
        return E.left(unavailable(error))
      }
    },
    destroySecret: (ref) =>
      attempt(async () => {
        kept.delete(ref)
        await transactions.soon(() => store.deleteSecret(ref))
        kept.delete(ref)
        store.wipe()
      }),
    temporarySigningSecret: signingSecretOf,
  }
}

type SessionCalls = Pick<Vault, 'sealSessionToken' | 'openSessionToken'> &
  Pick<VaultControl, 'rotateSessionKey'>

const sessionCalls = (parts: VaultParts): SessionCalls => {
  const tokens = sessionTokensOf(parts.deploymentId, parts.keyring)
  let dueAt = 0
  const rotate = (now: number): RotationStep => {
    const step = rotateSessionKey(parts, now)
    dueAt = sessionRotationDueAt(parts.store)
    return step
  }
  /**
   * Rotation that fails must not stop sessions: a full disk takes no access away and gives none.
   */
  const tend = (): void => {
    const now = parts.clock.now()
    if (now < dueAt) return
    dueAt = now + ROTATION_RETRY_MS
    orNull(() => rotate(now))
  }
  return {
    sealSessionToken: (token) => {
      tend()
      return tokens.seal(token)
    },
    openSessionToken: (text) => {
      tend()
      return orNull(() => tokens.open(text))
    },
    rotateSessionKey: (now) => attempt(() => rotate(now)),
  }
}

type PersonalCalls = Pick<Vault, 'sealPersonal' | 'openPersonal'> &
  Pick<VaultControl, 'eraseSubject'>

const personalCalls = ({ store, keyring, transactions, clock }: VaultParts): PersonalCalls => ({
  sealPersonal: (accountId, subjectId, field, text) =>
    attempt(() => {
      const subject = subjectKey(accountId, subjectId)
      const job = () => sealField(keyring, subject, field, text)
      return keyring.activeInMemory(subject) === null ? transactions.soon(job) : job()
    }),
  openPersonal: (accountId, subjectId, field, sealed) =>
    pipe(
      attempt(() => openField(keyring, subjectKey(accountId, subjectId), field, sealed)),
      TE.flatMapEither((opened): E.Either<VaultError, string | null> => {
        if (opened.type === 'Opened') return E.right(opened.text)
        return opened.type === 'Erased' ? E.right(null) : notFound(`personal/${accountId}/${field}`)
      }),
    ),
  eraseSubject: (accountId, subjectId) =>
    attempt(async () => {
      await transactions.soon(() => {
        for (const row of store.liveKeys(subjectKey(accountId, subjectId))) {
          store.destroyKey(row.id, clock.now())
          keyring.forget(row)
        }
      })
      store.wipe()
    }),
})

/** The key that signs tree heads; made when there is none yet. */
export const logSigningKeyOf = (keyring: Keyring): LogSigningKey => {
  const { id, key } = keyring.active(LOG_SIGNING)
  return {
    keyId: keyName('log-signing', id),
    publicKey: createPublicKey(key),
    sign: (text) => signBytes(null, Buffer.from(text, 'utf8'), keyring.active(LOG_SIGNING).key),
  }
}

export const vaultOf = (parts: VaultParts): Vault & VaultControl => {
  const { store, keyring, rootKey, transactions } = parts
  return {
    ...secretCalls(parts),
    ...mfaCalls({ ...parts, attempt }),
    ...passwordCalls(parts),
    ...sessionCalls(parts),
    ...personalCalls(parts),
    sealText: (purpose, accountId, text) => sealCarried(keyring, purpose, accountId, text),
    openText: (purpose, accountId, sealed) =>
      orNull(() => openCarried(keyring, purpose, accountId, sealed)),
    deploymentId: parts.deploymentId,
    hasBegun: () => store.fact(BEGUN) !== null,
    noteBegun: () => store.setFact(BEGUN, 'yes'),
    logSigningKey: () => logSigningKeyOf(keyring),
    rotateDataKey: (accountId) =>
      attempt(() => rotateDataKey(parts, accountId, resealSecrets(store, keyring))),
    rotateRootKey: (key) =>
      pipe(
        attempt(() => rotateRootKey(parts, key)),
        TE.flatMapEither((answer) => answer),
      ),
    health: () => rootKey.health(),
    close: async () => {
      await transactions.settle()
      keyring.forgetAll()
      parts.closeFile()
    },
  }
}

/** Takes up the new key, wraps everything with it, and only then forgets the old one. */
const rotateRootKey = async (
  parts: VaultParts,
  key: Uint8Array,
): Promise<E.Either<RootKeyError, string>> => {
  const introduced = parts.rootKey.introduce(key)
  if (E.isLeft(introduced)) return introduced
  const retired = await finishRootRotation(parts)
  return E.isLeft(retired) ? retired : introduced
}

/** What a rotation of the root key still has to do, after a crash too. */
export const finishRootRotation = async (
  parts: VaultParts,
): Promise<E.Either<RootKeyError, void>> => {
  const wrapped = await rewrapKeys(parts, parts.rootKey)
  if (wrapped > 0) parts.store.wipe()
  return parts.rootKey.retireOthers()
}
