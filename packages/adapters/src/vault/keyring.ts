/**
 * The keys of the vault, unwrapped when they are needed and forgotten within ten minutes.
 *
 * Invariant: a key is looked up by its id and given out only to its own kind, account and owner;
 * exactly one is tried. A destroyed key, or a session key past its time, is not given out whatever
 * a cache or a late rotation may say. Calls throw when the file or the root key cannot be reached.
 */
import { createPrivateKey, createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Clock } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { expiringCache } from './cache.js'
import type { RootKeyError, RootKeyProvider, WrapContext } from './root-key.js'
import type { KeyKind, KeyOwner, KeyRow, KeyState } from './rows.js'
import { freshKeyBytes, KEY_ID_MAX } from './sealing.js'
import type { VaultStore } from './store.js'
import type { Transactions } from './transactions.js'

/**
 * How long a key opens what it sealed after another took its place: 12 h and 15 min. Milliseconds.
 */
export const DECRYPT_ONLY_MS = (12 * 60 + 15) * 60_000

export type ActiveKey = { readonly id: number; readonly key: KeyObject }

export type Keyring = {
  /** The key of that id, when it is this owner's and may open at this moment. */
  readonly find: (id: number, owner: KeyOwner) => KeyObject | null
  /** Whether the key of that id was this owner's and is destroyed. */
  readonly isDestroyed: (id: number, owner: KeyOwner) => boolean
  /** The key that seals for an owner, when it is in memory: no look-up, no new key. */
  readonly activeInMemory: (owner: KeyOwner) => ActiveKey | null
  /** The key that seals for an owner, made now when there is none. */
  readonly active: (owner: KeyOwner) => ActiveKey
  /** Makes a key. Only inside a transaction. */
  readonly create: (owner: KeyOwner, state: KeyState) => number
  /** Wraps a key anew with the root key of that id. Only inside a transaction. */
  readonly rewrap: (row: KeyRow, rootKeyId: string) => void
  readonly forget: (row: KeyRow) => void
  readonly forgetAll: () => void
  /** How many unwrapped keys are in memory. */
  readonly size: () => number
}

export type KeyringEnv = {
  readonly deploymentId: string
  readonly store: VaultStore
  readonly transactions: Transactions
  readonly rootKey: RootKeyProvider
  readonly clock: Clock
}

const PREFIXES: Readonly<Record<KeyKind, string>> = {
  account: 'dk',
  session: 'sk',
  subject: 'pk',
  'log-signing': 'lk',
  pepper: 'pp',
}

/** A key's id as people see it: `dk-7`, `sk-2`. */
export const keyName = (kind: KeyKind, id: number): string => `${PREFIXES[kind]}-${id}`

type Unwrapped = {
  readonly row: KeyRow
  readonly key: KeyObject
  /** From this moment on it opens nothing. */
  readonly opensUntil: number
}

const ownerName = ({ kind, accountId, ownerId }: KeyOwner): string =>
  `${kind} ${accountId.length} ${accountId} ${ownerId}`

const isOf = (row: KeyRow, owner: KeyOwner): boolean =>
  row.kind === owner.kind && row.account_id === owner.accountId && row.owner_id === owner.ownerId

const freshMaterial = (kind: KeyKind): Buffer =>
  kind === 'log-signing'
    ? generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' })
    : freshKeyBytes()

const keyObject = (kind: KeyKind, material: Buffer): KeyObject =>
  kind === 'log-signing'
    ? createPrivateKey({ key: material, format: 'der', type: 'pkcs8' })
    : createSecretKey(material)

const opensUntil = (row: KeyRow): number =>
  row.kind === 'session' && row.state === 'decrypt-only'
    ? row.changed_at + DECRYPT_ONLY_MS
    : Number.POSITIVE_INFINITY

const obtained = <A>(answer: E.Either<RootKeyError, A>): A => {
  if (E.isLeft(answer)) throw new Error(ROOT_KEY_FAULT, { cause: answer.left.type })
  return answer.right
}

const ROOT_KEY_FAULT = 'the root key does not serve'

/** The type of the RootKeyError behind what was thrown, or null when it was something else. */
export const rootKeyFault = (error: unknown): string | null =>
  error instanceof Error && error.message === ROOT_KEY_FAULT ? String(error.cause) : null

export const keyringOf = (env: KeyringEnv): Keyring => {
  const { store, transactions, rootKey, clock } = env
  const unwrapped = expiringCache<number, Unwrapped>(clock)
  const sealers = expiringCache<string, number>(clock)

  const context = (row: KeyOwner, id: number): WrapContext => ({
    deploymentId: env.deploymentId,
    purpose: row.kind,
    accountId: row.accountId,
    ownerId: row.ownerId,
    keyId: keyName(row.kind, id),
  })
  const contextOf = (row: KeyRow): WrapContext =>
    context({ kind: row.kind, accountId: row.account_id, ownerId: row.owner_id }, row.id)

  const remember = (row: KeyRow): Unwrapped | null => {
    if (row.wrapped === null || row.state === 'destroyed') return null
    const material = obtained(rootKey.unwrap(row.root_key_id, row.wrapped, contextOf(row)))
    const { buffer, byteOffset, byteLength } = material
    const key = keyObject(row.kind, Buffer.from(buffer, byteOffset, byteLength))
    material.fill(0)
    const entry = { row, key, opensUntil: opensUntil(row) }
    unwrapped.set(row.id, entry)
    return entry
  }
  const load = (id: number): Unwrapped | null => {
    const row = store.key(id)
    return row === null ? null : remember(row)
  }

  const find: Keyring['find'] = (id, owner) => {
    const entry = unwrapped.get(id) ?? load(id)
    if (entry === null || !isOf(entry.row, owner)) return null
    return clock.now() < entry.opensUntil ? entry.key : null
  }

  const create: Keyring['create'] = (owner, state) => {
    const id = store.addKey({ ...owner, state, changedAt: clock.now() })
    if (id > KEY_ID_MAX) throw new Error('the vault has no key ids left')
    const material = freshMaterial(owner.kind)
    const rootKeyId = rootKey.currentKeyId()
    const blob = obtained(rootKey.wrap(rootKeyId, material, context(owner, id)))
    material.fill(0)
    store.setWrapped(id, rootKeyId, blob)
    return id
  }

  const activeInMemory: Keyring['activeInMemory'] = (owner) => {
    const id = sealers.get(ownerName(owner))
    const entry = id === undefined ? undefined : unwrapped.get(id)
    return entry === undefined ? null : { id: entry.row.id, key: entry.key }
  }

  const stored = (owner: KeyOwner): number | undefined =>
    store.liveKeys(owner).find(({ state }) => state === 'active')?.id

  const active: Keyring['active'] = (owner) => {
    const known = activeInMemory(owner)
    if (known !== null) return known
    const id = stored(owner) ?? transactions.now(() => stored(owner) ?? create(owner, 'active'))
    const key = find(id, owner)
    if (key === null) throw new Error('a key of the vault is gone')
    sealers.set(ownerName(owner), id)
    return { id, key }
  }

  return {
    find,
    isDestroyed: (id, owner) => {
      const row = store.key(id)
      return row !== null && row.state === 'destroyed' && isOf(row, owner)
    },
    activeInMemory,
    active,
    create,
    rewrap: (row, rootKeyId) => {
      if (row.wrapped === null) return
      const material = obtained(rootKey.unwrap(row.root_key_id, row.wrapped, contextOf(row)))
      const blob = obtained(rootKey.wrap(rootKeyId, material, contextOf(row)))
      store.setWrapped(row.id, rootKeyId, blob)
      material.fill(0)
    },
    forget: (row) => {
      unwrapped.delete(row.id)
      sealers.delete(
        ownerName({ kind: row.kind, accountId: row.account_id, ownerId: row.owner_id }),
      )
    },
    forgetAll: () => {
      unwrapped.clear()
      sealers.clear()
    },
    size: unwrapped.size,
  }
}
