/**
 * Rotation: each key in turn is pending, active, decrypt-only and destroyed.
 *
 * A pending key is published before it seals, for longer than any cache lives; an old one goes on
 * opening as long as what it sealed may live. Invariant: every step is one transaction, does what
 * is due at its moment and nothing else, and may be said again after a crash.
 */
import type { Clock } from '@grantlog/engine'
import { KEY_CACHE_MS_MAX } from './cache.js'
import { DECRYPT_ONLY_MS, type Keyring } from './keyring.js'
import type { RotatableRootKey } from './root-key.js'
import type { KeyOwner, KeyRow } from './rows.js'
import type { VaultStore } from './store.js'
import type { Transactions } from './transactions.js'

/** How long one session key seals. Milliseconds. */
export const SESSION_KEY_MS = 24 * 60 * 60_000

/**
 * How long before its turn the next session key is published. Milliseconds; longer than the key
 * cache.
 */
export const SESSION_KEY_LEAD_MS = 15 * 60_000

/** How many records one transaction re-wraps or re-seals. */
const RECORDS_PER_STEP = 500

/** What a rotation did: nothing is due more often than not. */
export type RotationStep = 'published' | 'promoted' | 'retired' | 'nothing-due'

export const SESSION_KEYS: KeyOwner = { kind: 'session', accountId: '', ownerId: '' }

export type RotationEnv = {
  readonly store: VaultStore
  readonly transactions: Transactions
  readonly keyring: Keyring
  readonly clock: Clock
}

type Ring = {
  readonly pending: KeyRow | undefined
  readonly active: KeyRow | undefined
  readonly retiring: ReadonlyArray<KeyRow>
}

const ringOf = (rows: ReadonlyArray<KeyRow>): Ring => ({
  pending: rows.find(({ state }) => state === 'pending'),
  active: rows.find(({ state }) => state === 'active'),
  retiring: rows.filter(({ state }) => state === 'decrypt-only'),
})

const publishAt = (active: KeyRow): number =>
  active.changed_at + SESSION_KEY_MS - SESSION_KEY_LEAD_MS
const promoteAt = (active: KeyRow, pending: KeyRow): number =>
  Math.max(active.changed_at + SESSION_KEY_MS, pending.changed_at + KEY_CACHE_MS_MAX)
const retireAt = (row: KeyRow): number => row.changed_at + DECRYPT_ONLY_MS

/** The pending key takes the active one's place. */
const promote = (env: RotationEnv, active: KeyRow, pending: KeyRow, now: number): void => {
  env.store.setState(active.id, 'decrypt-only', now)
  env.store.setState(pending.id, 'active', now)
  env.keyring.forget(active)
  env.keyring.forget(pending)
}

const destroy = (env: RotationEnv, rows: ReadonlyArray<KeyRow>, now: number): void => {
  for (const row of rows) {
    env.store.destroyKey(row.id, now)
    env.keyring.forget(row)
  }
}

/** What is due for the session keys at a moment. */
export const rotateSessionKey = (env: RotationEnv, now: number): RotationStep => {
  const step = env.transactions.now((): RotationStep => {
    const { pending, active, retiring } = ringOf(env.store.liveKeys(SESSION_KEYS))
    const retired = retiring.filter((row) => retireAt(row) <= now)
    destroy(env, retired, now)
    if (active === undefined) {
      env.keyring.active(SESSION_KEYS)
      return 'promoted'
    }
    if (pending === undefined && publishAt(active) <= now) {
      env.keyring.create(SESSION_KEYS, 'pending')
      return 'published'
    }
    if (pending !== undefined && promoteAt(active, pending) <= now) {
      promote(env, active, pending, now)
      return 'promoted'
    }
    return retired.length > 0 ? 'retired' : 'nothing-due'
  })
  if (step !== 'nothing-due') env.store.wipe()
  return step
}

/** When something will next be due for the session keys. Milliseconds since the epoch. */
export const sessionRotationDueAt = (store: VaultStore): number => {
  const { pending, active, retiring } = ringOf(store.liveKeys(SESSION_KEYS))
  if (active === undefined) return 0
  const next = pending === undefined ? publishAt(active) : promoteAt(active, pending)
  return Math.min(next, ...retiring.map(retireAt))
}

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Seals anew, some at a time, whatever an old key still seals. */
export type Reseal = (from: KeyRow, limit: number) => number

/**
 * The next step of an account's data key: publish, promote and seal anew, retire. A new rotation
 * begins only when the last one has come to its end.
 */
export const rotateDataKey = async (
  env: RotationEnv,
  accountId: string,
  reseal: Reseal,
): Promise<RotationStep> => {
  const owner: KeyOwner = { kind: 'account', accountId, ownerId: '' }
  const step = env.transactions.now((): RotationStep => {
    const now = env.clock.now()
    const { pending, active, retiring } = ringOf(env.store.liveKeys(owner))
    if (active === undefined) return 'nothing-due'
    if (pending !== undefined) {
      if (now < pending.changed_at + KEY_CACHE_MS_MAX) return 'nothing-due'
      promote(env, active, pending, now)
      return 'promoted'
    }
    if (retiring.length > 0) return 'nothing-due'
    env.keyring.create(owner, 'pending')
    return 'published'
  })
  if (step === 'published') return step

  for (const row of ringOf(env.store.liveKeys(owner)).retiring) {
    while (env.transactions.now(() => reseal(row, RECORDS_PER_STEP)) > 0) await pause()
  }
  return step === 'promoted' ? step : retireDataKeys(env, owner)
}

const retireDataKeys = (env: RotationEnv, owner: KeyOwner): RotationStep => {
  const retired = env.transactions.now(() => {
    const now = env.clock.now()
    const due = ringOf(env.store.liveKeys(owner)).retiring.filter(
      (row) => retireAt(row) <= now && env.store.secretsUnder(row.id, 1).length === 0,
    )
    destroy(env, due, now)
    return due.length
  })
  if (retired === 0) return 'nothing-due'
  env.store.wipe()
  return 'retired'
}

/** Wraps every key with the current root key. Returns how many it wrapped anew. */
export const rewrapKeys = async (env: RotationEnv, rootKey: RotatableRootKey): Promise<number> => {
  const rootKeyId = rootKey.currentKeyId()
  let wrapped = 0
  for (;;) {
    const done = env.transactions.now(() => {
      const rows = env.store.keysNotUnder(rootKeyId, RECORDS_PER_STEP)
      for (const row of rows) env.keyring.rewrap(row, rootKeyId)
      return rows.length
    })
    if (done === 0) return wrapped
    wrapped += done
    await pause()
  }
}
