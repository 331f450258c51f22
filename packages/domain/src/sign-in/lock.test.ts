/** When a user is locked, when a password is fit, from where one may sign in. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isPasswordExpired,
  isPasswordFit,
  PASSWORD_POLICY_DEFAULT,
} from '../account/settings/password-policy.js'
import { admitsAddress, LoginNetworkMasks } from '../account/settings/security-preference.js'
import { AccountAlias, SignInId } from '../names.js'
import { known, passwordRefOf, userIdOf } from '../testing/index.js'
import type { SignInFault } from './events.js'
import { isLocked, type PastSignIn, SIGN_IN_EVENTS_MAX, WRONG_CODES_MAX } from './lock.js'

const HOUR = 3_600_000
const NOW = 100 * HOUR
const userId = userIdOf(1)

const failed = (recordedAt: number, fault: SignInFault = 'PasswordWrong'): PastSignIn => ({
  event: { type: 'SignInFailed', userId, fault },
  recordedAt,
})
const signedIn = (recordedAt: number): PastSignIn => ({
  event: {
    type: 'SignedIn',
    userId,
    signInId: known(SignInId, '0'.repeat(32)),
    passwordRef: passwordRefOf(1),
    mfaPresent: false,
    expiresAt: recordedAt + HOUR,
  },
  recordedAt,
})
const times = (count: number, past: PastSignIn) => new Array<PastSignIn>(count).fill(past)
const locked = (maxLoginAttempts: number, past: ReadonlyArray<PastSignIn>, passwordSetAt = 0) =>
  isLocked({ maxLoginAttempts }, past, passwordSetAt, NOW)

describe('a lock', () => {
  it('given as many faults in an hour as are allowed, then the user is locked, and not before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 32 }), (max) => {
        expect(locked(max, times(max - 1, failed(NOW)))).toBe(false)
        expect(locked(max, times(max, failed(NOW)))).toBe(true)
      }),
    )
  })
  it('given faults of more than an hour ago, then they count no more', () => {
    expect(locked(3, [...times(2, failed(NOW)), failed(NOW - HOUR)])).toBe(true)
    expect(locked(3, [...times(2, failed(NOW)), failed(NOW - HOUR - 1)])).toBe(false)
  })
  it('given that the user signed in, or got another password, then the count begins anew', () => {
    expect(locked(2, [failed(NOW), signedIn(NOW), failed(NOW)])).toBe(false)
    expect(locked(2, times(5, failed(NOW - 10)), NOW - 9)).toBe(false)
    expect(locked(2, times(5, failed(NOW - 9)), NOW - 9)).toBe(true)
  })
  it('given refusals that are no guesses, then they do not count', () => {
    expect(locked(1, times(9, failed(NOW, 'NetworkNotAllowed')))).toBe(false)
  })
  it('given no limit, then wrong codes are limited all the same, and a flood is', () => {
    expect(locked(0, times(WRONG_CODES_MAX, failed(NOW)))).toBe(false)
    expect(locked(0, times(WRONG_CODES_MAX, failed(NOW, 'CodeWrong')))).toBe(true)
    expect(locked(0, times(SIGN_IN_EVENTS_MAX - 1, failed(NOW)))).toBe(false)
    expect(locked(0, times(SIGN_IN_EVENTS_MAX, failed(NOW)))).toBe(true)
  })
})

describe('a password policy', () => {
  const strict = {
    ...PASSWORD_POLICY_DEFAULT,
    requireLowercaseCharacters: true,
    requireUppercaseCharacters: true,
    requireNumbers: true,
    requireSymbols: true,
  }
  it.each([
    ['aB3$efgh', true],
    ['aB3$efg', false],
    ['AB3$EFGH', false],
    ['ab3$efgh', false],
    ['abC$efgh', false],
    ['aB3defgh', false],
    ['aB3 efgh', false],
  ])('given %s, then it is fit: %s', (password, isFit) => {
    expect(isPasswordFit(strict, password)).toBe(isFit)
  })
  it('given characters of two code units, then each counts once, and half of one is refused', () => {
    expect(isPasswordFit(PASSWORD_POLICY_DEFAULT, '😀'.repeat(7))).toBe(false)
    expect(isPasswordFit(PASSWORD_POLICY_DEFAULT, '😀'.repeat(8))).toBe(true)
    expect(isPasswordFit(PASSWORD_POLICY_DEFAULT, `${'a'.repeat(8)}\uD83D`)).toBe(false)
  })
  it('given more bytes than are hashed, then it is refused and never cut', () => {
    expect(isPasswordFit(PASSWORD_POLICY_DEFAULT, 'a'.repeat(1024))).toBe(true)
    expect(isPasswordFit(PASSWORD_POLICY_DEFAULT, 'a'.repeat(1025))).toBe(false)
    expect(isPasswordFit(PASSWORD_POLICY_DEFAULT, 'é'.repeat(513))).toBe(false)
  })
  it('given an age, then a password is too old from then on', () => {
    const day = 24 * HOUR
    const aging = { ...PASSWORD_POLICY_DEFAULT, maxPasswordAge: 2 }
    expect(isPasswordExpired(aging, 0, 2 * day - 1)).toBe(false)
    expect(isPasswordExpired(aging, 0, 2 * day)).toBe(true)
    expect(isPasswordExpired(PASSWORD_POLICY_DEFAULT, 0, 5_000 * day)).toBe(false)
  })
})

describe('masks', () => {
  const masks = known(LoginNetworkMasks, '10.0.0.0/8;2001:db8::/32')
  it('given an address, then it is admitted where a mask has it', () => {
    expect(['10.1.2.3', '2001:db8::1'].every((ip) => admitsAddress(masks, ip))).toBe(true)
    expect(['11.1.2.3', '2001:db9::1', '', 'x'].some((ip) => admitsAddress(masks, ip))).toBe(false)
    expect(admitsAddress(known(LoginNetworkMasks, ''), 'anywhere')).toBe(true)
  })
  it('given what is no list of masks, then it is none', () => {
    for (const text of ['x', '10.0.0.0/33', '10.0.0.1;', '10.0.0.1,10.0.0.2', ' 10.0.0.1'])
      expect(LoginNetworkMasks.is(text)).toBe(false)
    expect(LoginNetworkMasks.is(new Array(41).fill('::').join(';'))).toBe(false)
  })
})

describe('an alias', () => {
  it('given a word, then it is one unless it could be read as something else', () => {
    for (const alias of ['acme', 'a-b-c', '123', 'a1b']) expect(AccountAlias.is(alias)).toBe(true)
    for (const alias of ['ab', 'Acme', '-ab', 'ab-', 'a--b', 'a_b', 'a'.repeat(33)])
      expect(AccountAlias.is(alias)).toBe(false)
    expect(AccountAlias.is('1234567890123456')).toBe(false)
  })
})
