/** The key cache, the keyring behind it, and the transactions they live in. */

import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { openSqlite } from '../sqlite/driver.js'
import { manualClock } from '../system/clock.js'
import { expiringCache, KEY_CACHE_ENTRIES_MAX, KEY_CACHE_MS_MAX } from './cache.js'
import { keyringOf } from './keyring.js'
import { PASSWORD_WORK_FLOOR, passwordHashing } from './password-hashing.js'
import { ephemeralRootKey, type RootKeyProvider } from './root-key.js'
import type { KeyOwner } from './rows.js'
import { prepareDatabase, storeOn } from './store.js'
import {
  ACCOUNT,
  HOUR,
  NOON,
  OTHER_ACCOUNT,
  OTHER_USER,
  sessionToken,
  USER,
} from './testing/fixtures.js'
import { transactionsOn } from './transactions.js'
import { vaultOf } from './vault.js'

const subject: KeyOwner = { kind: 'subject', accountId: ACCOUNT, ownerId: USER }

const keyringOnMemory = () => {
  const database = openSqlite(':memory:')
  if (E.isLeft(database)) throw new Error(database.left.type)
  prepareDatabase(database.right)
  const clock = manualClock(NOON)
  const store = storeOn(database.right)
  const transactions = transactionsOn(database.right, () => keyring.forgetAll())
  const held = ephemeralRootKey()
  const calls = { unwrap: 0, away: false }
  const rootKey: RootKeyProvider = {
    ...held,
    unwrap: (keyId, blob, context) => {
      calls.unwrap += 1
      return calls.away
        ? E.left({ type: 'RootKeyUnavailable', detail: 'away' })
        : held.unwrap(keyId, blob, context)
    },
  }
  const keyring = keyringOf({ deploymentId: 'deployment', store, transactions, rootKey, clock })
  const parts = { deploymentId: 'deployment', store, transactions, rootKey: held, keyring, clock }
  const hashing = passwordHashing(keyring, PASSWORD_WORK_FLOOR)
  const vault = vaultOf({ ...parts, hashing, closeFile: () => database.right.close() })
  return { calls, clock, database: database.right, keyring, store, transactions, vault }
}

describe('expiringCache', () => {
  it('an entry lives at most its time, however often it is asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -60_000, max: 300_000 })), (steps) => {
        const clock = manualClock(NOON)
        const cache = expiringCache<string, number>(clock)
        cache.set('key', 1)
        for (const step of steps) {
          clock.advance(step)
          const age = clock.now() - NOON
          if (cache.get('key') !== undefined) expect(age >= 0 && age < KEY_CACHE_MS_MAX).toBe(true)
        }
      }),
    )
  })

  it('given more entries than it holds, then the one unused for longest goes', () => {
    const cache = expiringCache<number, number>(manualClock(NOON))
    for (let i = 0; i <= KEY_CACHE_ENTRIES_MAX; i += 1) cache.set(i, i)
    expect(cache.size()).toBe(KEY_CACHE_ENTRIES_MAX)
    expect(cache.get(0)).toBeUndefined()
    expect(cache.get(1)).toBe(1)
  })
})

describe('keyring', () => {
  it('given ten minutes, then a key is unwrapped anew; before, it is not', () => {
    const { calls, clock, keyring } = keyringOnMemory()
    const { id } = keyring.active(subject)
    const before = calls.unwrap
    clock.advance(KEY_CACHE_MS_MAX - 1)
    keyring.find(id, subject)
    expect(calls.unwrap).toBe(before)
    clock.advance(1)
    keyring.find(id, subject)
    expect(calls.unwrap).toBe(before + 1)
  })

  it('given a root key that is away, then cached keys serve until they age out', () => {
    const { calls, clock, keyring } = keyringOnMemory()
    const { id } = keyring.active(subject)
    calls.away = true
    expect(keyring.find(id, subject)).not.toBeNull()
    clock.advance(KEY_CACHE_MS_MAX)
    expect(() => keyring.find(id, subject)).toThrow()
    expect(() => keyring.active(subject)).toThrow()
    calls.away = false
    expect(keyring.active(subject).id).toBe(id)
  })

  it('given another kind, account or owner, then a key is not given out', () => {
    const { keyring } = keyringOnMemory()
    const { id } = keyring.active(subject)
    const others: ReadonlyArray<KeyOwner> = [
      { ...subject, kind: 'account' },
      { ...subject, accountId: OTHER_ACCOUNT },
      { ...subject, ownerId: OTHER_USER },
    ]
    for (const other of others) expect(keyring.find(id, other)).toBeNull()
    expect(keyring.find(id + 1, subject)).toBeNull()
  })

  it('given a wrapped key that is moved to another row, then it does not unwrap', () => {
    const { database, keyring } = keyringOnMemory()
    const { id } = keyring.active(subject)
    const other = { ...subject, ownerId: OTHER_USER }
    keyring.active(other)
    keyring.forgetAll()
    const mine = `(SELECT wrapped FROM keys WHERE id = ${id})`
    database.exec(`UPDATE keys SET wrapped = ${mine} WHERE owner_id = '${OTHER_USER}'`)
    expect(() => keyring.active(other)).toThrow()
  })

  it('given a transaction rolled back, then a key made in it is not remembered', async () => {
    const { keyring, transactions } = keyringOnMemory()
    const failed = transactions.soon(() => {
      keyring.active(subject)
      throw new Error('no')
    })
    const fine = transactions.soon(() => keyring.active({ ...subject, ownerId: OTHER_USER }).id)
    await expect(failed).rejects.toThrow('no')
    const kept = await fine
    expect(keyring.activeInMemory(subject)).toBeNull()
    expect(keyring.active(subject).id).not.toBe(kept)
    expect(keyring.find(kept, { ...subject, ownerId: OTHER_USER })).not.toBeNull()
  })
})

describe('transactions', () => {
  it('given jobs that wait, then a failing one leaves nothing and harms no other', async () => {
    const { store, transactions } = keyringOnMemory()
    const jobs = Array.from({ length: 600 }, (_, i) =>
      transactions.soon(() => {
        store.setFact(`fact-${i}`, 'kept')
        if (i % 7 === 0) throw new Error('no')
        return i
      }),
    )
    const answers = await Promise.allSettled(jobs)
    answers.forEach((answer, i) => {
      expect(answer.status).toBe(i % 7 === 0 ? 'rejected' : 'fulfilled')
      expect(store.fact(`fact-${i}`)).toBe(i % 7 === 0 ? null : 'kept')
    })
    await transactions.settle()
  })

  it('given a file that cannot be written, then every job of the group is refused', async () => {
    const { database, store, transactions } = keyringOnMemory()
    database.exec('PRAGMA query_only = ON')
    const jobs = [1, 2].map((i) => transactions.soon(() => store.setFact(`fact-${i}`, 'kept')))
    for (const answer of await Promise.allSettled(jobs)) expect(answer.status).toBe('rejected')
    database.exec('PRAGMA query_only = OFF')
    await transactions.soon(() => store.setFact('fact-3', 'kept'))
    expect(store.fact('fact-1')).toBeNull()
  })
})

describe('a vault whose file cannot be written', () => {
  it('given a rotation that is due, then sessions go on being sealed and opened', () => {
    const { clock, database, vault } = keyringOnMemory()
    const token = vault.sealSessionToken(sessionToken)
    database.exec('PRAGMA query_only = ON')
    clock.advance(30 * HOUR)
    expect(vault.openSessionToken(token)).toEqual(sessionToken)
    expect(vault.openSessionToken(vault.sealSessionToken(sessionToken))).toEqual(sessionToken)
  })

  it('given an account without a key, then sealing throws and opening answers null', () => {
    const { calls, database, keyring, vault } = keyringOnMemory()
    const sealed = vault.sealText('position', ACCOUNT, '42')
    keyring.forgetAll()
    calls.away = true
    database.exec('PRAGMA query_only = ON')
    expect(vault.openText('position', ACCOUNT, sealed)).toBeNull()
    expect(() => vault.sealText('position', OTHER_ACCOUNT, '42')).toThrow()
  })
})
