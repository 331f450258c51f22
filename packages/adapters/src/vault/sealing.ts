/**
 * Sealing: the one scheme by which keys, secrets, tokens and personal data are encrypted.
 *
 * version 1 | key id 4 | salt 32 | commitment 32 | ciphertext | tag 16
 *
 * AES-256-GCM under a key of its own for each message: HKDF-SHA256(data key, fresh salt, purpose)
 * gives key, nonce and commitment. Invariant: a sealed value opens only with its key, its purpose
 * and the very parts that it was bound to; any other bit, length or spelling is refused.
 */
import {
  createCipheriv,
  createDecipheriv,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto'
import { systemEntropy } from '../system/entropy.js'

const FORMAT_VERSION = 1
const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const COMMITMENT_BYTES = 32
const TAG_BYTES = 16
const SALT_BYTES = 32

const KEY_ID_AT = 1
const SALT_AT = KEY_ID_AT + 4
const COMMITMENT_AT = SALT_AT + SALT_BYTES
const CIPHERTEXT_AT = COMMITMENT_AT + COMMITMENT_BYTES

/** How much longer a sealed value is than its plain text. Unit: bytes. */
export const SEALING_OVERHEAD_BYTES = CIPHERTEXT_AT + TAG_BYTES

/** The largest key id that fits its four bytes. */
export const KEY_ID_MAX = 0xffff_ffff

const entropy = systemEntropy()

/** What a sealed value is bound to, made ready for the cipher. Can be kept and used again. */
export type Binding = {
  readonly keyId: number
  readonly info: Buffer
  readonly associatedData: Buffer
}

/** Parts, each with its length in front, so that no two lists read alike. */
const lengthPrefixed = (parts: ReadonlyArray<string>): Buffer => {
  const chunks: Array<Buffer> = []
  for (const part of parts) {
    const bytes = Buffer.from(part, 'utf8')
    const length = Buffer.allocUnsafe(4)
    length.writeUInt32BE(bytes.length)
    chunks.push(length, bytes)
  }
  return Buffer.concat(chunks)
}

/** Binds to a purpose, a key and any parts: account, owner, record. */
export const bindingOf = (
  purpose: string,
  keyId: number,
  parts: ReadonlyArray<string>,
): Binding => ({
  keyId,
  info: Buffer.from(`grantlog/v1/${purpose}`, 'utf8'),
  associatedData: lengthPrefixed([String(FORMAT_VERSION), purpose, ...parts, String(keyId)]),
})

type Derived = { readonly key: Buffer; readonly nonce: Buffer; readonly commitment: Buffer }

const derive = (dataKey: KeyObject, salt: Uint8Array, info: Buffer): Derived => {
  const length = KEY_BYTES + NONCE_BYTES + COMMITMENT_BYTES
  const okm = hkdfSync('sha256', dataKey, salt, info, length)
  return {
    key: Buffer.from(okm, 0, KEY_BYTES),
    nonce: Buffer.from(okm, KEY_BYTES, NONCE_BYTES),
    commitment: Buffer.from(okm, KEY_BYTES + NONCE_BYTES, COMMITMENT_BYTES),
  }
}

export const seal = (dataKey: KeyObject, binding: Binding, plain: Uint8Array): Buffer => {
  const sealed = Buffer.allocUnsafe(SEALING_OVERHEAD_BYTES + plain.length)
  sealed[0] = FORMAT_VERSION
  sealed.writeUInt32BE(binding.keyId, KEY_ID_AT)
  entropy.fill(sealed, SALT_AT, SALT_BYTES)
  const derived = derive(dataKey, sealed.subarray(SALT_AT, COMMITMENT_AT), binding.info)
  derived.commitment.copy(sealed, COMMITMENT_AT)
  const cipher = createCipheriv(CIPHER, derived.key, derived.nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(binding.associatedData)
  cipher.update(plain).copy(sealed, CIPHERTEXT_AT)
  cipher.final()
  cipher.getAuthTag().copy(sealed, CIPHERTEXT_AT + plain.length)
  derived.key.fill(0)
  return sealed
}

/** The id of the key that a sealed value names, or null when it is not one in this version. */
export const sealedKeyId = (sealed: Buffer): number | null =>
  sealed.length < SEALING_OVERHEAD_BYTES || sealed[0] !== FORMAT_VERSION
    ? null
    : sealed.readUInt32BE(KEY_ID_AT)

/**
 * The plain text, or null. The commitment is compared, in constant time, before anything is
 * decrypted.
 */
export const open = (dataKey: KeyObject, binding: Binding, sealed: Buffer): Buffer | null => {
  if (sealedKeyId(sealed) !== binding.keyId) return null
  const derived = derive(dataKey, sealed.subarray(SALT_AT, COMMITMENT_AT), binding.info)
  const commitment = sealed.subarray(COMMITMENT_AT, CIPHERTEXT_AT)
  if (!timingSafeEqual(commitment, derived.commitment)) return null

  const tagAt = sealed.length - TAG_BYTES
  const options = { authTagLength: TAG_BYTES }
  const decipher = createDecipheriv(CIPHER, derived.key, derived.nonce, options)
  decipher.setAAD(binding.associatedData)
  decipher.setAuthTag(sealed.subarray(tagAt))
  try {
    const plain = decipher.update(sealed.subarray(CIPHERTEXT_AT, tagAt))
    decipher.final()
    return plain
  } catch {
    return null
  } finally {
    derived.key.fill(0)
  }
}

export const encodeSealed = (sealed: Buffer): string => sealed.toString('base64url')

/**
 * The bytes of a base64url text without padding, or null.
 *
 * Node skips what it does not know, so the text must be exactly what its bytes are written as: one
 * value, one spelling.
 */
export const decodeSealed = (text: string, charactersMax: number): Buffer | null => {
  if (text.length === 0 || text.length > charactersMax) return null
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : null
}

/** Thirty-two fresh random bytes, for a new key. */
export const freshKeyBytes = (): Buffer => {
  const bytes = Buffer.alloc(KEY_BYTES)
  entropy.fill(bytes, 0, KEY_BYTES)
  return bytes
}

/** How long a symmetric key is. Unit: bytes. */
export const SYMMETRIC_KEY_BYTES = KEY_BYTES
