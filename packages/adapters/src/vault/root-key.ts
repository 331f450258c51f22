/**
 * The root key as a port: whoever holds it wraps the keys of the vault, and nothing else.
 *
 * The context of a wrapped key (deployment, kind, account, owner, key id) is authenticated: a
 * wrapped key that is moved to another row does not unwrap. Answers are immediate, because sealing
 * is; a provider in front of a remote service obtains its key when it is made.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { bindingOf, freshKeyBytes, open, SYMMETRIC_KEY_BYTES, seal } from './sealing.js'

/** What a wrapped key is for. */
export type WrapContext = {
  readonly deploymentId: string
  readonly purpose: string
  readonly accountId: string
  readonly ownerId: string
  /** The id of the key inside. */
  readonly keyId: string
}

export type RootKeyError =
  | { readonly type: 'RootKeyUnknown'; readonly keyId: string }
  | { readonly type: 'WrappedKeyRefused'; readonly keyId: string }
  | { readonly type: 'RootKeyWeak' }
  | { readonly type: 'RootKeyUnavailable'; readonly detail: string }

export type RootKeyProvider = {
  readonly currentKeyId: () => string
  readonly wrap: (
    keyId: string,
    plain: Uint8Array,
    context: WrapContext,
  ) => E.Either<RootKeyError, Uint8Array>
  readonly unwrap: (
    keyId: string,
    blob: Uint8Array,
    context: WrapContext,
  ) => E.Either<RootKeyError, Uint8Array>
  /** Whether the current key can be used right now. */
  readonly health: () => E.Either<RootKeyError, void>
}

/**
 * A provider whose key can be replaced: both keys are held until everything is wrapped with the new
 * one.
 */
export type RotatableRootKey = RootKeyProvider & {
  /**
   * Makes a key the current one and keeps the others. Saying it again with the same key changes
   * nothing.
   */
  readonly introduce: (key: Uint8Array) => E.Either<RootKeyError, string>
  /** Forgets all keys but the current one. */
  readonly retireOthers: () => E.Either<RootKeyError, void>
}

/** A root key by its number: `rk-1` has 1. */
export type RootKey = { readonly number: number; readonly bytes: Buffer }

/** Fewer different bytes than a random key has, in any life of the universe. */
const DISTINCT_BYTES_MIN = 10

export const isWeakKey = (bytes: Uint8Array): boolean =>
  bytes.length !== SYMMETRIC_KEY_BYTES || new Set(bytes).size < DISTINCT_BYTES_MIN

export const rootKeyId = (number: number): string => `rk-${number}`

type Held = { readonly number: number; readonly key: KeyObject }

const contextParts = (context: WrapContext): ReadonlyArray<string> => [
  context.deploymentId,
  context.accountId,
  context.ownerId,
  context.keyId,
]

const HEALTH: WrapContext = {
  deploymentId: '',
  purpose: 'health',
  accountId: '',
  ownerId: '',
  keyId: '',
}

/**
 * A provider over keys in memory; the last is the current one. `persist` is told the new list
 * before it holds, and what it fails with is the answer.
 */
export const rootKeysHeld = (
  keys: readonly [RootKey, ...RootKey[]],
  persist: (keys: ReadonlyArray<RootKey>) => E.Either<RootKeyError, void>,
): RotatableRootKey => {
  let held: ReadonlyArray<Held> = keys.map(({ number, bytes }) => ({
    number,
    key: createSecretKey(bytes),
  }))
  const current = (): Held => held[held.length - 1] as Held
  const find = (keyId: string): Held | undefined =>
    held.find(({ number }) => rootKeyId(number) === keyId)
  const store = (next: ReadonlyArray<Held>): E.Either<RootKeyError, void> => {
    const stored = persist(next.map(({ number, key }) => ({ number, bytes: key.export() })))
    if (E.isRight(stored)) held = next
    return stored
  }

  const wrap: RootKeyProvider['wrap'] = (keyId, plain, context) => {
    const root = find(keyId)
    if (root === undefined) return E.left({ type: 'RootKeyUnknown', keyId })
    const binding = bindingOf(`wrap-${context.purpose}`, root.number, contextParts(context))
    return E.right(seal(root.key, binding, plain))
  }
  const unwrap: RootKeyProvider['unwrap'] = (keyId, blob, context) => {
    const root = find(keyId)
    if (root === undefined) return E.left({ type: 'RootKeyUnknown', keyId })
    const binding = bindingOf(`wrap-${context.purpose}`, root.number, contextParts(context))
    const plain = open(root.key, binding, Buffer.from(blob))
    return plain === null ? E.left({ type: 'WrappedKeyRefused', keyId }) : E.right(plain)
  }

  return {
    currentKeyId: () => rootKeyId(current().number),
    wrap,
    unwrap,
    health: () => {
      const keyId = rootKeyId(current().number)
      const wrapped = wrap(keyId, Buffer.alloc(SYMMETRIC_KEY_BYTES), HEALTH)
      if (E.isLeft(wrapped)) return wrapped
      return E.map(() => undefined)(unwrap(keyId, wrapped.right, HEALTH))
    },
    introduce: (bytes) => {
      if (isWeakKey(bytes)) return E.left({ type: 'RootKeyWeak' })
      const key = createSecretKey(bytes)
      if (current().key.equals(key)) return E.right(rootKeyId(current().number))
      const number = current().number + 1
      return E.map(() => rootKeyId(number))(store([...held, { number, key }]))
    },
    retireOthers: () => (held.length === 1 ? E.right(undefined) : store([current()])),
  }
}

/** A fresh root key that lives as long as the process. For tests and servers that keep nothing. */
export const ephemeralRootKey = (): RotatableRootKey =>
  rootKeysHeld([{ number: 1, bytes: freshKeyBytes() }], () => E.right(undefined))
