/**
 * AccessKey secrets, carried texts and personal data: each opens in its own place and nowhere else.
 */
import { createHmac } from 'node:crypto'
import { Sealed, SecretRef } from '@grantlog/domain'
import { secretRefOf } from '@grantlog/engine'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../system/clock.js'
import { inMemoryVault } from './open-vault.js'
import {
  ACCOUNT,
  left,
  MINUTE,
  NOON,
  OTHER_ACCOUNT,
  OTHER_USER,
  right,
  USER,
} from './testing/fixtures.js'

const owner = { accountId: ACCOUNT, accessKeyId: 'LTAI5tExampleKey00000001' }
const ref = secretRefOf(owner.accountId, owner.accessKeyId)
const SECRET = 'exampleSecret0123456789abcdefg'

const vaultWithClock = async () => {
  const clock = manualClock(NOON)
  return { clock, vault: await inMemoryVault({ clock }) }
}

describe('AccessKey secrets', () => {
  it('given a kept secret, then it signs as its clear text would', async () => {
    const { vault } = await vaultWithClock()
    expect(SecretRef.is(ref)).toBe(true)
    await right(vault.putAccessKeySecret(ref, owner, SECRET))
    for (const secret of [
      await right(vault.signingSecret(ref, owner)),
      vault.temporarySigningSecret(SECRET),
    ]) {
      const v1 = createHmac('sha1', `${SECRET}&`).update('GET&%2F&x\u4e2d').digest('base64')
      const acs3 = createHmac('sha256', SECRET).update('ACS3-HMAC-SHA256\nx').digest('hex')
      expect(secret.signV1('GET&%2F&x\u4e2d')).toBe(v1)
      expect(secret.signAcs3('ACS3-HMAC-SHA256\nx')).toBe(acs3)
      expect(JSON.stringify(secret)).toBe('{}')
    }
  })

  it('given a secret said twice, then only another one is refused', async () => {
    const { vault } = await vaultWithClock()
    await right(vault.putAccessKeySecret(ref, owner, SECRET))
    await right(vault.putAccessKeySecret(ref, owner, SECRET))
    const refusal = await left(vault.putAccessKeySecret(ref, owner, `${SECRET}x`))
    expect(refusal.type).toBe('VaultUnavailable')
    expect(JSON.stringify(refusal)).not.toContain(SECRET)
    const other = { ...owner, accountId: OTHER_ACCOUNT }
    expect((await left(vault.putAccessKeySecret(ref, other, SECRET))).type).toBe('VaultUnavailable')
  })

  it('given another owner or reference, then there is no secret, cached or not', async () => {
    const { vault, clock } = await vaultWithClock()
    await right(vault.putAccessKeySecret(ref, owner, SECRET))
    const others = [
      { ...owner, accountId: OTHER_ACCOUNT },
      { ...owner, accessKeyId: 'LTAI5tExampleKey00000002' },
    ]
    for (const moment of ['fresh', 'cached']) {
      for (const other of others)
        expect(await left(vault.signingSecret(ref, other))).toEqual({ type: 'SecretNotFound', ref })
      if (moment === 'fresh') await right(vault.signingSecret(ref, owner))
    }
    clock.advance(MINUTE)
    expect((await left(vault.signingSecret(`${ref}x`, owner))).type).toBe('SecretNotFound')
  })

  it('given a destroyed secret, then it is gone, and once more is fine', async () => {
    const { vault } = await vaultWithClock()
    await right(vault.putAccessKeySecret(ref, owner, SECRET))
    await right(vault.signingSecret(ref, owner))
    await right(vault.destroySecret(ref))
    await right(vault.destroySecret(ref))
    expect((await left(vault.signingSecret(ref, owner))).type).toBe('SecretNotFound')
  })

  it('given many at once, then each is kept', async () => {
    const { vault } = await vaultWithClock()
    const owners = Array.from({ length: 600 }, (_, i) => ({
      accountId: i % 2 === 0 ? ACCOUNT : OTHER_ACCOUNT,
      accessKeyId: `LTAI5tExampleKey${String(i).padStart(8, '0')}`,
    }))
    const put = owners.map((each) =>
      right(vault.putAccessKeySecret(secretRefOf(each.accountId, each.accessKeyId), each, SECRET)),
    )
    await Promise.all(put)
    for (const each of owners)
      await right(vault.signingSecret(secretRefOf(each.accountId, each.accessKeyId), each))
  })
})

describe('carried texts', () => {
  it('open after seal is identity, and only for its purpose and account', async () => {
    const { vault } = await vaultWithClock()
    const purposes = fc.constantFrom('page-marker' as const, 'position' as const)
    fc.assert(
      fc.property(purposes, fc.string({ unit: 'grapheme', maxLength: 100 }), (purpose, text) => {
        const other = purpose === 'position' ? 'page-marker' : 'position'
        const sealed = vault.sealText(purpose, ACCOUNT, text)
        expect(vault.openText(purpose, ACCOUNT, sealed)).toBe(text)
        expect(vault.openText(other, ACCOUNT, sealed)).toBeNull()
        expect(vault.openText(purpose, OTHER_ACCOUNT, sealed)).toBeNull()
        expect(vault.openText(purpose, ACCOUNT, `${sealed}=`)).toBeNull()
        expect(vault.openText(purpose, ACCOUNT, sealed.slice(0, -1))).toBeNull()
      }),
    )
  })

  it('every character that is changed makes it refuse', async () => {
    const { vault } = await vaultWithClock()
    const sealed = vault.sealText('position', ACCOUNT, '42')
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A'
      const altered = sealed.slice(0, at) + other + sealed.slice(at + 1)
      expect(vault.openText('position', ACCOUNT, altered)).toBeNull()
    }
  })

  it('given an account nobody sealed for, then opening makes no key and answers null', async () => {
    const { vault } = await vaultWithClock()
    const sealed = vault.sealText('position', ACCOUNT, '42')
    expect(vault.openText('position', '9999999999999999', sealed)).toBeNull()
    expect(vault.openText('position', ACCOUNT, '')).toBeNull()
    expect(() => vault.sealText('position', ACCOUNT, 'x'.repeat(5_000))).toThrow(RangeError)
  })
})

describe('personal data', () => {
  it('given a sealed field, then it opens for its person, account and field alone', async () => {
    const { vault } = await vaultWithClock()
    const sealed = await right(vault.sealPersonal(ACCOUNT, USER, 'email', 'alice@example.com'))
    await right(vault.sealPersonal(ACCOUNT, OTHER_USER, 'email', 'bob@example.com'))
    await right(vault.sealPersonal(OTHER_ACCOUNT, USER, 'email', 'carol@example.com'))
    expect(Sealed.is(sealed)).toBe(true)
    const opened = await right(vault.openPersonal(ACCOUNT, USER, 'email', sealed))
    expect(opened).toBe('alice@example.com')
    const refused = [
      vault.openPersonal(ACCOUNT, OTHER_USER, 'email', sealed),
      vault.openPersonal(OTHER_ACCOUNT, USER, 'email', sealed),
      vault.openPersonal(ACCOUNT, USER, 'phone', sealed),
      vault.openPersonal(ACCOUNT, USER, 'email', sealed.slice(5)),
      vault.openPersonal(ACCOUNT, USER, 'email', `${sealed}=`),
      vault.openPersonal(ACCOUNT, USER, 'email', 'pii1.'),
      vault.openPersonal(ACCOUNT, USER, 'email', `pii1.${vault.sealText('position', ACCOUNT, '')}`),
    ]
    for (const task of refused) {
      const refusal = await left(task)
      expect(refusal.type).toBe('SecretNotFound')
      expect(JSON.stringify(refusal)).not.toContain(sealed)
    }
  })

  it('every character that is changed makes it refuse', async () => {
    const { vault } = await vaultWithClock()
    const sealed = await right(vault.sealPersonal(ACCOUNT, USER, 'name', 'Alice'))
    for (let at = 0; at < sealed.length; at += 1) {
      const altered = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
      await left(vault.openPersonal(ACCOUNT, USER, 'name', altered))
    }
  })

  it('given an erased person, then their data opens to null and the rest stays', async () => {
    const { vault, clock } = await vaultWithClock()
    const alice = await right(vault.sealPersonal(ACCOUNT, USER, 'name', 'Alice'))
    const bob = await right(vault.sealPersonal(ACCOUNT, OTHER_USER, 'name', 'Bob'))
    await right(vault.openPersonal(ACCOUNT, USER, 'name', alice))
    await right(vault.eraseSubject(ACCOUNT, USER))
    await right(vault.eraseSubject(ACCOUNT, USER))
    expect(await right(vault.openPersonal(ACCOUNT, USER, 'name', alice))).toBeNull()
    expect(await right(vault.openPersonal(ACCOUNT, OTHER_USER, 'name', bob))).toBe('Bob')
    clock.advance(MINUTE)
    const later = await right(vault.sealPersonal(ACCOUNT, USER, 'name', 'someone'))
    expect(await right(vault.openPersonal(ACCOUNT, USER, 'name', later))).toBe('someone')
    expect(await right(vault.openPersonal(ACCOUNT, USER, 'name', alice))).toBeNull()
  })

  it('given sealing and erasing at once, then no destroyed key seals', async () => {
    const { vault } = await vaultWithClock()
    await right(vault.sealPersonal(ACCOUNT, USER, 'name', 'first'))
    const erased = right(vault.eraseSubject(ACCOUNT, USER))
    const before = right(vault.sealPersonal(ACCOUNT, USER, 'name', 'while'))
    await erased
    const after = await right(vault.sealPersonal(ACCOUNT, USER, 'name', 'after'))
    expect(await right(vault.openPersonal(ACCOUNT, USER, 'name', await before))).not.toBe('first')
    expect(await right(vault.openPersonal(ACCOUNT, USER, 'name', after))).toBe('after')
  })
})
