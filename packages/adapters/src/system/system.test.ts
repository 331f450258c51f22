/** Clocks, entropy, ids and secrets: each in its form, uniform, and silent about what it hides. */
import { inspect } from 'node:util'
import * as domain from '@grantlog/domain'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { manualClock, systemClock } from './clock.js'
import { pickText, seededEntropy, systemEntropy } from './entropy.js'
import { randomIds, seededIds } from './ids.js'
import { secret } from './secret.js'

describe('clocks', () => {
  it('given a manual clock, then it moves only when told', () => {
    const clock = manualClock(1_000)
    expect(clock.now()).toBe(1_000)
    clock.advance(500)
    expect(clock.now()).toBe(1_500)
    clock.set(20)
    expect(clock.now()).toBe(20)
  })

  it('given the system clock, then it tells the time of the machine', () => {
    const before = Date.now()
    expect(systemClock.now()).toBeGreaterThanOrEqual(before)
  })
})

describe('entropy', () => {
  it('given more than one pool, then no block of bytes comes twice', () => {
    const entropy = systemEntropy()
    const seen = new Set<string>()
    for (let i = 0; i < 2_000; i += 1) {
      const block = Buffer.alloc(16)
      entropy.fill(block, 0, 16)
      seen.add(block.toString('hex'))
    }
    expect(seen.size).toBe(2_000)
  })

  it('given a request larger than the pool, then it is refused', () => {
    expect(() => systemEntropy().fill(Buffer.alloc(9_000), 0, 9_000)).toThrow(RangeError)
  })

  it('given many picks from an alphabet, then each character is as likely as the others', () => {
    const entropy = seededEntropy('uniform')
    const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
    const counts = new Map<string, number>()
    for (const c of pickText(entropy, alphabet, 62_000)) counts.set(c, (counts.get(c) ?? 0) + 1)
    let chiSquare = 0
    for (const c of alphabet) chiSquare += ((counts.get(c) ?? 0) - 1_000) ** 2 / 1_000
    // 61 degrees of freedom: a fair source exceeds 110 once in ten thousand.
    expect(chiSquare).toBeLessThan(110)
  })
})

describe('ids', () => {
  const FORMS = {
    accountId: /^[1-9][0-9]{15}$/,
    userId: /^2[0-9]{17}$/,
    roleId: /^3[0-9]{17}$/,
    groupId: /^g-[A-Za-z0-9]{14}$/,
    policyId: /^p-[A-Za-z0-9]{16}$/,
    sessionId: /^[0-9a-f]{32}$/,
    accessKeyId: /^LTAI5t[A-Za-z0-9]{18}$/,
    accessKeySecret: /^[A-Za-z0-9]{30}$/,
    temporarySecret: /^[A-Za-z0-9]{44}$/,
    uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    requestId: /^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/,
  } as const
  type Name = keyof typeof FORMS
  const names = Object.keys(FORMS) as ReadonlyArray<Name>

  it.each(names)('given a new %s, then it has its form and is new', (name) => {
    const ids = randomIds()
    const made = Array.from({ length: 500 }, () => ids[name]())
    for (const id of made) expect(id).toMatch(FORMS[name])
    expect(new Set(made).size).toBe(500)
  })

  it('given a new id, then it satisfies the codec of the domain', () => {
    const ids = randomIds()
    expect(domain.AccountId.is(ids.accountId())).toBe(true)
    expect(domain.UserId.is(ids.userId())).toBe(true)
    expect(domain.RoleId.is(ids.roleId())).toBe(true)
    expect(domain.GroupId.is(ids.groupId())).toBe(true)
    expect(domain.PolicyId.is(ids.policyId())).toBe(true)
    expect(domain.SessionId.is(ids.sessionId())).toBe(true)
    expect(domain.AccessKeyId.is(ids.accessKeyId())).toBe(true)
  })

  it('given a seed, then the same ids come in the same order; another gives others', () => {
    const all = (seed: number) => {
      const ids = seededIds(seed)
      return names.map((name) => ids[name]())
    }
    expect(all(7)).toEqual(all(7))
    expect(all(7)).not.toEqual(all(8))
  })

  it('given a command and an index, then the event id is a fixed UUIDv5', () => {
    const id = randomIds().eventId('6f1c2f0e-7d7e-4d60-9f0e-3c1f0a2b4c5d', 0)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(seededIds(1).eventId('6f1c2f0e-7d7e-4d60-9f0e-3c1f0a2b4c5d', 0)).toBe(id)
    expect(id).toBe('000352d7-8cb2-51de-aa9c-77bedc7a7fc4')
  })

  it('two different pairs of command and index never give the same event id', () => {
    const { eventId } = randomIds()
    const pair = fc.tuple(fc.string({ maxLength: 20 }), fc.nat())
    fc.assert(
      fc.property(pair, pair, ([a, i], [b, j]) => {
        expect(eventId(a, i) === eventId(b, j)).toBe(a === b && i === j)
      }),
    )
    expect(eventId('a1', 1)).not.toBe(eventId('a', 11))
  })
})

describe('Secret', () => {
  it('given a secret, then only reveal shows it', () => {
    const hidden = secret('canary-4711')
    expect(hidden.reveal()).toBe('canary-4711')
    const shown = [
      JSON.stringify({ hidden, spread: { ...hidden } }),
      String(hidden),
      `${hidden}`,
      inspect(hidden),
      inspect({ deep: [hidden] }, { showHidden: true, depth: 9 }),
    ].join('\n')
    expect(shown).toContain('[secret]')
    expect(shown).not.toContain('canary')
  })
})
