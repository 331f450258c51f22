/**
 * AccessKey secrets, seeds of MFA devices, hashes of passwords, short texts that callers carry, and
 * personal data: each sealed to its account, its owner and its place, so that none opens as
 * another.
 *
 * Calls throw when the file or the root key cannot be reached; null means that a thing does not
 * open.
 */
import type { PasswordOwner, TextPurpose } from '@grantlog/engine'
import type { Keyring } from './keyring.js'
import type { Reseal } from './rotation.js'
import type { KeyOwner, KeyRow, SecretRow } from './rows.js'
import { bindingOf, decodeSealed, encodeSealed, open, seal, sealedKeyId } from './sealing.js'
import type { VaultStore } from './store.js'

/** Unit: characters. A sealed text that is longer is refused before it is decoded. */
export const SEALED_TEXT_CHARACTERS_MAX = 8192

/** The longest text that is sealed: personal data or a marker. Unit: bytes of UTF-8. */
export const PLAIN_TEXT_BYTES_MAX = 4096

/** Marks sealed personal data, and its version. */
const PERSONAL_PREFIX = 'pii1.'

/** Whose a secret is: its account, and the AccessKey, MFA device or user that it belongs to. */
export type SecretOwner = { readonly accountId: string; readonly ownerId: string }

const accountKey = (accountId: string): KeyOwner => ({ kind: 'account', accountId, ownerId: '' })
export const subjectKey = (accountId: string, subjectId: string): KeyOwner => ({
  kind: 'subject',
  accountId,
  ownerId: subjectId,
})

const plainBytes = (text: string): Buffer => {
  const plain = Buffer.from(text, 'utf8')
  if (plain.length > PLAIN_TEXT_BYTES_MAX) throw new RangeError('a text is too long to be sealed')
  return plain
}

/** Opens bytes with the one key that they name, if it is this owner's. */
const openAs = (
  keyring: Keyring,
  owner: KeyOwner,
  sealed: Buffer,
  purpose: string,
  parts: ReadonlyArray<string>,
): Buffer | null => {
  const keyId = sealedKeyId(sealed)
  const key = keyId === null ? null : keyring.find(keyId, owner)
  return keyId === null || key === null ? null : open(key, bindingOf(purpose, keyId, parts), sealed)
}

/** The first part of a reference says what kind of secret it is; each kind is sealed apart. */
const PURPOSES: Readonly<Record<string, string>> = { password: 'password', 'mfa-seed': 'mfa-seed' }

const purposeOf = (ref: string): string => PURPOSES[ref.slice(0, ref.indexOf('/'))] ?? 'ak-secret'

const secretParts = (ref: string, owner: SecretOwner): ReadonlyArray<string> => [
  owner.accountId,
  owner.ownerId,
  ref,
]

/** The secret under a reference, if it is this owner's; null otherwise. */
const readOwned = (
  store: VaultStore,
  keyring: Keyring,
  ref: string,
  owner: SecretOwner,
): string | null => {
  const row = store.secret(ref)
  if (row === null || row.account_id !== owner.accountId || row.owner_id !== owner.ownerId)
    return null
  const sealed = Buffer.from(row.sealed)
  const parts = secretParts(ref, owner)
  const plain = openAs(keyring, accountKey(owner.accountId), sealed, purposeOf(ref), parts)
  return plain === null ? null : plain.toString('utf8')
}

const sealOwned = (keyring: Keyring, ref: string, owner: SecretOwner, secret: string): Sealing => {
  const { id, key } = keyring.active(accountKey(owner.accountId))
  const binding = bindingOf(purposeOf(ref), id, secretParts(ref, owner))
  return { keyId: id, sealed: seal(key, binding, plainBytes(secret)) }
}
type Sealing = { readonly keyId: number; readonly sealed: Buffer }

const addOwned = (
  store: VaultStore,
  keyring: Keyring,
  ref: string,
  owner: SecretOwner,
  secret: string,
): void => {
  const { keyId, sealed } = sealOwned(keyring, ref, owner, secret)
  const { accountId, ownerId } = owner
  store.addSecret({ ref, account_id: accountId, owner_id: ownerId, key_id: keyId, sealed })
}

/** The secret under a reference, if it is this owner's and not the hash of a password. */
export const readSecret = (
  store: VaultStore,
  keyring: Keyring,
  ref: string,
  owner: SecretOwner,
): string | null => (purposeOf(ref) === 'password' ? null : readOwned(store, keyring, ref, owner))

const userOf = ({ accountId, userId }: PasswordOwner): SecretOwner => ({
  accountId,
  ownerId: userId,
})

/** The hash of a password, if the reference is one of a password's and this user's. */
export const readPasswordHash = (
  store: VaultStore,
  keyring: Keyring,
  ref: string,
  owner: PasswordOwner,
): string | null =>
  purposeOf(ref) === 'password' ? readOwned(store, keyring, ref, userOf(owner)) : null

/** Keeps a hash under a reference that nothing has; only inside a transaction. */
export const keepPasswordHash = (
  store: VaultStore,
  keyring: Keyring,
  ref: string,
  owner: PasswordOwner,
  hash: string,
): boolean => {
  if (purposeOf(ref) !== 'password' || store.secret(ref) !== null) return false
  addOwned(store, keyring, ref, userOf(owner), hash)
  return true
}

/** Puts another hash of the same password in the place of one that is still there. */
export const renewPasswordHash = (
  store: VaultStore,
  keyring: Keyring,
  ref: string,
  owner: PasswordOwner,
  hash: string,
): void => {
  if (readPasswordHash(store, keyring, ref, owner) === null) return
  const { keyId, sealed } = sealOwned(keyring, ref, userOf(owner), hash)
  store.resealSecret(ref, keyId, sealed)
}

/** Keeps a secret; only inside a transaction. False when another secret has this reference. */
export const keepSecret = (
  store: VaultStore,
  keyring: Keyring,
  ref: string,
  owner: SecretOwner,
  secret: string,
): boolean => {
  if (store.secret(ref) !== null) return readSecret(store, keyring, ref, owner) === secret
  addOwned(store, keyring, ref, owner, secret)
  return true
}

/** Moves secrets from an account's old key to its active one. */
export const resealSecrets =
  (store: VaultStore, keyring: Keyring): Reseal =>
  (from: KeyRow, limit: number): number => {
    const rows = store.secretsUnder(from.id, limit)
    for (const row of rows) resealOne(store, keyring, row)
    return rows.length
  }

const resealOne = (store: VaultStore, keyring: Keyring, row: SecretRow): void => {
  const owner = { accountId: row.account_id, ownerId: row.owner_id }
  const secret = readOwned(store, keyring, row.ref, owner)
  if (secret === null) throw new Error('a secret of the vault is damaged')
  const { keyId, sealed } = sealOwned(keyring, row.ref, owner, secret)
  store.resealSecret(row.ref, keyId, sealed)
}

/** Seals a text that a caller carries for us. */
export const sealCarried = (
  keyring: Keyring,
  purpose: TextPurpose,
  accountId: string,
  text: string,
): string => {
  const { id, key } = keyring.active(accountKey(accountId))
  return encodeSealed(seal(key, bindingOf(purpose, id, [accountId]), plainBytes(text)))
}

export const openCarried = (
  keyring: Keyring,
  purpose: TextPurpose,
  accountId: string,
  text: string,
): string | null => {
  const sealed = decodeSealed(text, SEALED_TEXT_CHARACTERS_MAX)
  const plain =
    sealed === null ? null : openAs(keyring, accountKey(accountId), sealed, purpose, [accountId])
  return plain === null ? null : plain.toString('utf8')
}

const PERSONAL_PURPOSE = 'personal'

/** Seals a field of a person with the person's key, made when there is none. */
export const sealField = (
  keyring: Keyring,
  subject: KeyOwner,
  field: string,
  text: string,
): string => {
  const { id, key } = keyring.active(subject)
  const parts = [subject.accountId, subject.ownerId, field]
  const sealed = seal(key, bindingOf(PERSONAL_PURPOSE, id, parts), plainBytes(text))
  return PERSONAL_PREFIX + encodeSealed(sealed)
}

/**
 * A field of a person in clear; or that the person was erased; or that the text is not such a
 * field.
 */
export type OpenedField =
  | { readonly type: 'Opened'; readonly text: string }
  | { readonly type: 'Erased' }
  | { readonly type: 'Refused' }

export const openField = (
  keyring: Keyring,
  subject: KeyOwner,
  field: string,
  text: string,
): OpenedField => {
  const sealed = text.startsWith(PERSONAL_PREFIX)
    ? decodeSealed(text.slice(PERSONAL_PREFIX.length), SEALED_TEXT_CHARACTERS_MAX)
    : null
  const keyId = sealed === null ? null : sealedKeyId(sealed)
  if (sealed === null || keyId === null) return { type: 'Refused' }
  const parts = [subject.accountId, subject.ownerId, field]
  const plain = openAs(keyring, subject, sealed, PERSONAL_PURPOSE, parts)
  if (plain !== null) return { type: 'Opened', text: plain.toString('utf8') }
  return { type: keyring.isDestroyed(keyId, subject) ? 'Erased' : 'Refused' }
}
