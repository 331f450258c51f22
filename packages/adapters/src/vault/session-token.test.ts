/** Session tokens: any node of the deployment opens them, and nobody opens anything else. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../system/clock.js'
import { inMemoryVault } from './open-vault.js'
import { decodeSealed } from './sealing.js'
import { SESSION_TOKEN_CHARACTERS_MAX } from './session-token.js'
import { ACCOUNT, HOUR, NOON, sessionToken } from './testing/fixtures.js'

const vaultAt = (now = NOON) => inMemoryVault({ clock: manualClock(now) })

describe('session tokens', () => {
  it('given a sealed token, then it opens to what it was', async () => {
    const vault = await vaultAt()
    const { sourceIdentity: _, sessionPolicy: __, ...plain } = sessionToken
    expect(vault.openSessionToken(vault.sealSessionToken(sessionToken))).toEqual(sessionToken)
    expect(vault.openSessionToken(vault.sealSessionToken(plain))).toEqual(plain)
  })

  it('open after seal is identity', async () => {
    const vault = await vaultAt()
    const tokens = fc.record({
      secret: fc.string(),
      sessionPolicy: fc.string({ maxLength: 2_048 }),
      sourceIdentity: fc.string({ unit: 'grapheme', maxLength: 64 }),
      issuedAt: fc.maxSafeNat(),
      chainDepth: fc.integer({ min: 1, max: 5 }),
    })
    fc.assert(
      fc.property(tokens, (some) => {
        const token = { ...sessionToken, ...some }
        expect(vault.openSessionToken(vault.sealSessionToken(token))).toEqual(token)
      }),
    )
  })

  it('every single bit that is flipped makes it refuse', async () => {
    const vault = await vaultAt()
    const sealed = decodeSealed(vault.sealSessionToken(sessionToken), 10_240) as Buffer
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = Buffer.from(sealed)
      altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(vault.openSessionToken(altered.toString('base64url'))).toBeNull()
    }
  })

  it('every truncation and every other spelling makes it refuse', async () => {
    const vault = await vaultAt()
    const text = vault.sealSessionToken({ ...sessionToken, secret: 'x'.repeat(43) })
    for (let length = 0; length < text.length; length += 1)
      expect(vault.openSessionToken(text.slice(0, length))).toBeNull()
    const standard = Buffer.from(text, 'base64url').toString('base64')
    const others = [`${text}=`, `${text}==`, `${text}A`, ` ${text}`, `${text}\n`, `${text}%3D`]
    for (const other of others) expect(vault.openSessionToken(other)).toBeNull()
    if (standard !== text) expect(vault.openSessionToken(standard)).toBeNull()
    const junk = fc.tuple(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 3 }))
    fc.assert(
      fc.property(junk, ([at, piece]) => {
        const inserted = text.slice(0, at) + piece + text.slice(at)
        const replaced = text.slice(0, at) + piece + text.slice(at + piece.length)
        expect(vault.openSessionToken(inserted)).toBeNull()
        if (replaced !== text) expect(vault.openSessionToken(replaced)).toBeNull()
      }),
    )
  })

  it('nothing that was not sealed opens, whatever its length', async () => {
    const vault = await vaultAt()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.string(), (bytes, text) => {
        const forged = Buffer.concat([Buffer.from([1, 0, 0, 0, 2]), bytes])
        expect(vault.openSessionToken(forged.toString('base64url'))).toBeNull()
        expect(vault.openSessionToken(text)).toBeNull()
      }),
    )
    const long = 'A'.repeat(SESSION_TOKEN_CHARACTERS_MAX + 1)
    expect(vault.openSessionToken(long)).toBeNull()
  })

  it('given a token of another deployment, then it is refused', async () => {
    const [mine, theirs] = [await vaultAt(), await vaultAt()]
    expect(theirs.openSessionToken(mine.sealSessionToken(sessionToken))).toBeNull()
  })

  it('given a text sealed for another purpose, then it is no token, nor the reverse', async () => {
    const vault = await vaultAt()
    const marker = vault.sealText('page-marker', ACCOUNT, JSON.stringify(sessionToken))
    expect(vault.openSessionToken(marker)).toBeNull()
    const token = vault.sealSessionToken(sessionToken)
    expect(vault.openText('page-marker', ACCOUNT, token)).toBeNull()
    expect(vault.openText('position', ACCOUNT, token)).toBeNull()
  })

  it('given ids that are no ids, then even our own seal does not make a token', async () => {
    const vault = await vaultAt()
    const odd = [
      { accountId: 'alice' },
      { roleId: 'r' },
      { sessionId: 'S' },
      { accessKeyId: 'LTAI5tExampleKey00000001' },
      { expiresAt: Number.NaN },
      { issuedPosition: -1 },
      { chainDepth: 1.5 },
    ]
    for (const part of odd) {
      const sealed = vault.sealSessionToken({ ...sessionToken, ...part })
      expect(vault.openSessionToken(sealed)).toBeNull()
    }
  })

  it('given the largest session policy, then it fits; given a larger, it throws', async () => {
    const vault = await vaultAt()
    const largest = { ...sessionToken, sessionPolicy: '\u4e2d'.repeat(2_048) }
    const text = vault.sealSessionToken(largest)
    expect(text.length).toBeLessThanOrEqual(SESSION_TOKEN_CHARACTERS_MAX)
    expect(vault.openSessionToken(text)).toEqual(largest)
    const oversized = { ...sessionToken, sessionPolicy: 'x'.repeat(8_000) }
    expect(() => vault.sealSessionToken(oversized)).toThrow(RangeError)
  })

  it('given a new session key, then the old one opens for 12 h 15 min more', async () => {
    const clock = manualClock(NOON)
    const vault = await inMemoryVault({ clock })
    const early = vault.sealSessionToken(sessionToken)
    clock.set(NOON + 23 * HOUR + 50 * 60_000)
    vault.sealSessionToken(sessionToken)
    clock.set(NOON + 24 * HOUR)
    const late = vault.sealSessionToken(sessionToken)
    expect(late.slice(0, 7)).not.toBe(early.slice(0, 7))
    const end = NOON + 36 * HOUR + 15 * 60_000
    clock.set(end - 1)
    expect(vault.openSessionToken(early)).toEqual(sessionToken)
    clock.set(end)
    expect(vault.openSessionToken(early)).toBeNull()
    expect(vault.openSessionToken(late)).toEqual(sessionToken)
  })
})
