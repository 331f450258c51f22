/**
 * A tree head as a signed note: origin, size and root in text, and an Ed25519 signature that names
 * its key.
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Hash } from './merkle.js'

export type NoteSigner = {
  /** Names the log: a line of the note, and the name of the key. No white space, no '+'. */
  readonly origin: string
  readonly publicKey: KeyObject
  /** The Ed25519 signature of the text's UTF-8 bytes. */
  readonly sign: (text: string) => Uint8Array
}

export type NotedHead = { readonly origin: string; readonly size: number; readonly root: Hash }

/** Marks an Ed25519 key in a key's hash. */
const ED25519 = 0x01
const KEY_HASH_BYTES = 4
const NAME = '([^\\s+]{1,128})'
const NOTE = new RegExp(
  `^(${NAME}\n(0|[1-9]\\d{0,15})\n([A-Za-z\\d+/]{43}=)\n)\n— ${NAME} ([A-Za-z\\d+/=]{92})\n$`,
)

export const signTreeHead = (
  signer: NoteSigner,
  head: { readonly size: number; readonly root: Hash },
): string => {
  const text = `${signer.origin}\n${head.size}\n${Buffer.from(head.root).toString('base64')}\n`
  const signature = Buffer.concat([keyHash(signer), signer.sign(text)])
  return `${text}\n— ${signer.origin} ${signature.toString('base64')}\n`
}

/** The head of a note; null when it is not a note, or not one that this key has signed. */
export const openNote = (note: string, publicKey: KeyObject): NotedHead | null => {
  const match = NOTE.exec(note)
  if (match === null) return null
  const [, text = '', origin = '', size = '', root = '', name = '', signed = ''] = match
  const signature = Buffer.from(signed, 'base64')
  if (name !== origin || signature.toString('base64') !== signed) return null
  const expected = keyHash({ origin, publicKey })
  if (!signature.subarray(0, KEY_HASH_BYTES).equals(expected)) return null
  return verify(null, Buffer.from(text), publicKey, signature.subarray(KEY_HASH_BYTES))
    ? { origin, size: Number(size), root: Buffer.from(root, 'base64') }
    : null
}

/** The 32 bytes of an Ed25519 public key, as a key object. Null when they are not one. */
export const publicKeyFromBytes = (bytes: Uint8Array): KeyObject | null => {
  try {
    const x = Buffer.from(bytes).toString('base64url')
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  } catch {
    return null
  }
}

const keyHash = (key: { readonly origin: string; readonly publicKey: KeyObject }): Buffer =>
  createHash('sha256')
    .update(`${key.origin}\n`)
    .update(Buffer.from([ED25519]))
    .update(Buffer.from(key.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'))
    .digest()
    .subarray(0, KEY_HASH_BYTES)
