/** What can become of virtual MFA devices and of their codes. */
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { UserName, VirtualMFADeviceName } from '../../names.js'
import {
  known,
  mfaDeviceIdOf,
  passwordRefOf,
  sampleAccountId,
  secretRefOf,
  specify,
  userIdOf,
} from '../../testing/index.js'
import type { AccountCommand } from '../command.js'
import { accountDecider } from '../decider.js'
import { DEFAULT_QUOTAS } from '../quotas.js'
import {
  CODE_LOCK_MS_MAX,
  CODE_LOCK_MS_MIN,
  OWN_UNBOUND_DEVICES_MAX,
  WRONG_CODES_IN_ROW_MAX,
} from './rules.js'

const decider = accountDecider({ ...DEFAULT_QUOTAS, virtualMFADevicesPerAccount: 2 })
const given = specify(decider)
const userName = known(UserName, 'alice')
const deviceName = known(VirtualMFADeviceName, 'phone')
const userId = userIdOf(1)
const deviceId = mfaDeviceIdOf(1)
const secretRef = secretRefOf(1)

const opened = { type: 'AccountCreated', accountId: sampleAccountId } as const
const alice = { type: 'UserCreated', userId, userName } as const
const bob = { type: 'UserCreated', userId: userIdOf(2), userName: known(UserName, 'bob') } as const
const device = { type: 'VirtualMFADeviceCreated', deviceId, deviceName, secretRef } as const
const token = {
  type: 'VirtualMFADeviceCreated',
  deviceId: mfaDeviceIdOf(2),
  deviceName: known(VirtualMFADeviceName, 'token'),
  secretRef: secretRefOf(2),
} as const
const bound = { type: 'MFADeviceBound', deviceId, deviceName, userId, step: 100 } as const
const unbound = { type: 'MFADeviceUnbound', deviceId, deviceName, userId } as const
const wrong = (wrongInRow: number, lockedUntil?: number) =>
  ({
    type: 'AuthenticationCodeRejected',
    userId,
    wrongInRow,
    ...(lockedUntil !== undefined && { lockedUntil }),
  }) as const
const lock = wrong(WRONG_CODES_IN_ROW_MAX, 1_000)

describe('CreateVirtualMFADevice', () => {
  const create = { type: 'CreateVirtualMFADevice', deviceId, deviceName, secretRef } as const

  it('given no such device, then it is made', () => {
    given(opened).when(create).thenEmits(device)
  })
  it('given the same device, then nothing changes', () => {
    given(opened, device).when(create).thenUnchanged()
  })
  it('given a device of that name in other letters, then it is refused', () => {
    const again = known(VirtualMFADeviceName, 'PHONE')
    given(opened, device)
      .when({ ...create, deviceId: mfaDeviceIdOf(2), deviceName: again })
      .thenRefused({ type: 'MFADeviceAlreadyExists', deviceName: again })
  })
  it('given a full account, then it is refused', () => {
    given(opened, device, token)
      .when({
        ...create,
        deviceId: mfaDeviceIdOf(3),
        deviceName: known(VirtualMFADeviceName, 'third'),
      })
      .thenRefused({ type: 'MFADeviceLimitExceeded', limit: 2 })
  })
})

describe('CreateVirtualMFADevice by a user without a permission', () => {
  const roomy = specify(accountDecider(DEFAULT_QUOTAS))
  const numbered = (n: number) => ({
    deviceId: mfaDeviceIdOf(n),
    deviceName: known(VirtualMFADeviceName, `own-${n}`),
    secretRef: secretRefOf(n),
  })
  const create = (n: number, ownerId = userId) =>
    ({ type: 'CreateVirtualMFADevice', ...numbered(n), ownerId }) as const
  const own = (n: number, type: 'SelfService' | 'Enrolment' = 'SelfService') =>
    ({ type: 'VirtualMFADeviceCreated', ...numbered(n), madeBy: { type, userId } }) as const
  const tooMany = { type: 'OwnMFADeviceLimitExceeded', limit: OWN_UNBOUND_DEVICES_MAX } as const
  const boundTo = (n: number) => {
    const { deviceId, deviceName } = numbered(n)
    return { type: 'MFADeviceBound', deviceId, deviceName, userId, step: 100 } as const
  }

  it('given one of its own, then it is made, and told whose it is', () => {
    roomy(opened, alice, own(1)).when(create(2)).thenEmits(own(2))
  })
  it('given two of its own that nobody has, then another is refused', () => {
    roomy(opened, alice, own(1), own(2)).when(create(3)).thenRefused(tooMany)
  })
  it('given one of two is bound, then another is made, and no more', () => {
    roomy(opened, alice, own(1), own(2), boundTo(1)).when(create(3)).thenEmits(own(3))
    roomy(opened, alice, own(1), own(2), boundTo(1), own(3)).when(create(4)).thenRefused(tooMany)
  })
  it('given two devices of others, then its own is made', () => {
    const { deviceId, deviceName, secretRef } = device
    const theirs = { type: 'VirtualMFADeviceCreated', deviceId, deviceName, secretRef } as const
    roomy(opened, alice, own(4), theirs, token).when(create(3)).thenEmits(own(3))
    roomy(opened, alice, bob, own(1), own(2))
      .when(create(3, userIdOf(2)))
      .thenEmits({ ...own(3), madeBy: { type: 'SelfService', userId: userIdOf(2) } })
  })
  it('given two of its own, then one who is permitted makes as many as there may be', () => {
    const { ownerId: _, ...permitted } = create(3)
    const { madeBy: __, ...made } = own(3)
    roomy(opened, alice, own(1), own(2)).when(permitted).thenEmits(made)
  })
  it('given it unbinds a device of its own, then it keeps it, and may delete it', () => {
    const { deviceId, deviceName, secretRef } = numbered(1)
    const unbound = { type: 'MFADeviceUnbound', deviceId, deviceName, userId } as const
    const deleted = { type: 'VirtualMFADeviceDeleted', deviceId, deviceName, secretRef } as const
    const past = [opened, alice, own(1), boundTo(1)] as const
    const remove = { type: 'DeleteVirtualMFADevice', deviceName, ownerId: userId } as const
    roomy(...past)
      .when({ type: 'UnbindMFADevice', userName })
      .thenEmits(unbound)
    roomy(...past)
      .when(remove)
      .thenRefused({ type: 'MFADeviceInUse', deviceName })
    roomy(...past, unbound)
      .when(remove)
      .thenEmits(deleted)
  })
  it('given a device of somebody else, then it is not found by who may delete its own', () => {
    const { deviceName } = numbered(1)
    const remove = { type: 'DeleteVirtualMFADevice', deviceName, ownerId: userIdOf(2) } as const
    roomy(opened, alice, bob, own(1))
      .when(remove)
      .thenRefused({ type: 'MFADeviceNotFound', deviceName })
  })
  it('given a device that an enrolment made, then it ceases with its unbinding', () => {
    const { deviceId, deviceName, secretRef } = numbered(1)
    roomy(opened, alice, own(1, 'Enrolment'), boundTo(1))
      .when({ type: 'UnbindMFADevice', userName })
      .thenEmits(
        { type: 'MFADeviceUnbound', deviceId, deviceName, userId },
        { type: 'VirtualMFADeviceDeleted', deviceId, deviceName, secretRef },
      )
  })
})

describe('DeleteVirtualMFADevice', () => {
  const remove = { type: 'DeleteVirtualMFADevice', deviceName } as const

  it('given a device of nobody, then it is deleted, and a later one starts anew', () => {
    const deleted = { type: 'VirtualMFADeviceDeleted', deviceId, deviceName, secretRef } as const
    given(opened, device).when(remove).thenEmits(deleted)
    given(opened, device, deleted)
      .when({ ...device, type: 'CreateVirtualMFADevice', deviceId: mfaDeviceIdOf(3) })
      .thenEmits({ ...device, deviceId: mfaDeviceIdOf(3) })
  })
  it('given no such device, then it is refused', () => {
    given(opened).when(remove).thenRefused({ type: 'MFADeviceNotFound', deviceName })
  })
  it('given a bound device, then it is refused', () => {
    given(opened, alice, device, bound)
      .when(remove)
      .thenRefused({ type: 'MFADeviceInUse', deviceName })
  })
})

describe('BindMFADevice', () => {
  const bind = {
    type: 'BindMFADevice',
    userName,
    deviceName,
    deviceId,
    step: 100,
    at: 0,
  } as const

  it('given two codes in a row, then the device is bound and both are used up', () => {
    given(opened, alice, device).when(bind).thenEmits(bound)
    given(opened, alice, device, bound, unbound)
      .when({ ...bind, step: 101 })
      .thenEmits(wrong(1))
    given(opened, alice, device, bound, unbound)
      .when({ ...bind, step: 102 })
      .thenEmits({ ...bound, step: 102 })
  })
  it('given no such user, then it is refused', () => {
    given(opened, device).when(bind).thenRefused({ type: 'UserNotFound', userName })
  })
  it('given no such device, or a later one of the name, then it is refused', () => {
    given(opened, alice).when(bind).thenRefused({ type: 'MFADeviceNotFound', deviceName })
    given(opened, alice, { ...device, deviceId: mfaDeviceIdOf(3) })
      .when(bind)
      .thenRefused({ type: 'MFADeviceNotFound', deviceName })
  })
  it('given a user with a device, then it is refused', () => {
    given(opened, alice, device, token, bound)
      .when({ ...bind, deviceName: token.deviceName, deviceId: token.deviceId })
      .thenRefused({ type: 'UserAlreadyHasMFADevice', userName })
  })
  it('given a device of another user, then it is refused', () => {
    given(opened, alice, bob, device, bound)
      .when({ ...bind, userName: bob.userName })
      .thenRefused({ type: 'MFADeviceAlreadyBound', deviceName })
  })
  it('given wrong codes, then they are counted, and after too many none is looked at', () => {
    given(opened, alice, device)
      .when({ ...bind, step: null })
      .thenEmits(wrong(1))
    given(opened, alice, device, lock)
      .when({ ...bind, at: 999 })
      .thenRefused({ type: 'AuthenticationLocked', lockedUntil: 1_000 })
    given(opened, alice, device, lock)
      .when({ ...bind, at: 1_000 })
      .thenEmits(bound)
  })
})

describe('UnbindMFADevice', () => {
  const unbind = { type: 'UnbindMFADevice', userName } as const

  it('given a bound device, then it is free again and what was counted is forgotten', () => {
    given(opened, alice, device, bound, lock).when(unbind).thenEmits(unbound)
    given(opened, alice, device, bound, lock, unbound)
      .when({ type: 'BindMFADevice', userName, deviceName, deviceId, step: null, at: 0 })
      .thenEmits(wrong(1))
  })
  it('given locked codes, then the user itself cannot have them forgotten, until it is over', () => {
    const { lockedUntil = 0 } = lock
    const refusal = { type: 'AuthenticationLocked', lockedUntil } as const
    const own = (ownAt: number) => ({ ...unbind, ownAt })
    const locked = given(opened, alice, device, bound, lock)
    locked.when(own(lockedUntil - 1)).thenRefused(refusal)
    locked.when({ ...own(lockedUntil - 1), type: 'DisableVirtualMFA' }).thenRefused(refusal)
    locked.when(own(lockedUntil)).thenEmits(unbound)
  })
  it('given no such user, or one without a device, then it is refused', () => {
    given(opened).when(unbind).thenRefused({ type: 'UserNotFound', userName })
    given(opened, alice).when(unbind).thenRefused({ type: 'MFADeviceNotBound' })
  })
})

describe('EnrolMFADevice', () => {
  const passwordRef = passwordRefOf(1)
  const profile = {
    type: 'LoginProfileCreated',
    userId,
    passwordRef,
    passwordResetRequired: false,
    mfaBindRequired: true,
  } as const
  const enrol = {
    type: 'EnrolMFADevice',
    userName,
    userId,
    passwordRef,
    deviceId,
    deviceName,
    secretRef,
    step: 100,
    at: 0,
  } as const
  const enrolled = { ...device, madeBy: { type: 'Enrolment', userId } } as const

  it('given a user who showed its password, then the device is made and bound at once', () => {
    given(opened, alice, profile).when(enrol).thenEmits(enrolled, bound)
  })
  it('given wrong codes, then nothing is made, and they are counted until the user is locked', () => {
    const guess = { ...enrol, step: null }
    given(opened, alice, profile).when(guess).thenEmits(wrong(1))
    given(opened, alice, profile, wrong(WRONG_CODES_IN_ROW_MAX - 1))
      .when(guess)
      .thenEmits(wrong(WRONG_CODES_IN_ROW_MAX, CODE_LOCK_MS_MIN))
    given(opened, alice, profile, lock)
      .when({ ...enrol, at: 999 })
      .thenRefused({ type: 'AuthenticationLocked', lockedUntil: 1_000 })
    given(opened, alice, profile, lock)
      .when({ ...enrol, at: 1_000 })
      .thenEmits(enrolled, bound)
  })
  it('given no such user, or another password meanwhile, then it is refused', () => {
    given(opened).when(enrol).thenRefused({ type: 'UserNotFound', userName })
    const superseded = { type: 'PasswordSuperseded', userName } as const
    given(opened, alice).when(enrol).thenRefused(superseded)
    given(opened, alice, profile)
      .when({ ...enrol, passwordRef: passwordRefOf(2) })
      .thenRefused(superseded)
  })
  it('given a user with a device, or again, then it is refused', () => {
    given(opened, alice, profile, device, bound)
      .when(enrol)
      .thenRefused({ type: 'UserAlreadyHasMFADevice', userName })
  })
  it('given a taken name or a full account, then it is refused', () => {
    given(opened, alice, profile, device)
      .when({ ...enrol, deviceId: mfaDeviceIdOf(3) })
      .thenRefused({ type: 'MFADeviceAlreadyExists', deviceName })
    given(opened, alice, profile, device, token)
      .when({
        ...enrol,
        deviceId: mfaDeviceIdOf(3),
        deviceName: known(VirtualMFADeviceName, 'third'),
      })
      .thenRefused({ type: 'MFADeviceLimitExceeded', limit: 2 })
  })
})

describe('DisableVirtualMFA', () => {
  const disable = { type: 'DisableVirtualMFA', userName } as const
  const deleted = { type: 'VirtualMFADeviceDeleted', deviceId, deviceName, secretRef } as const

  it('given a user with a device, then it is unbound and deleted at once', () => {
    given(opened, alice, device, bound).when(disable).thenEmits(unbound, deleted)
  })
  it('given no such user, then it is refused', () => {
    given(opened, device).when(disable).thenRefused({ type: 'UserNotFound', userName })
  })
  it('given a user without a device, or again, then it is refused', () => {
    given(opened, alice, device).when(disable).thenRefused({ type: 'MFADeviceNotBound' })
    given(opened, alice, device, bound, unbound, deleted)
      .when(disable)
      .thenRefused({ type: 'MFADeviceNotBound' })
  })
})

describe('UseAuthenticationCode', () => {
  const use = { type: 'UseAuthenticationCode', userId, deviceId, step: 101, at: 5_000 } as const
  const accepted = { type: 'AuthenticationCodeAccepted', deviceId, userId, step: 101 } as const

  it('given a right code, then it is used up, and the count begins anew', () => {
    given(opened, alice, device, bound, wrong(4)).when(use).thenEmits(accepted)
    given(opened, alice, device, bound, wrong(4), accepted).when(use).thenEmits(wrong(1))
  })
  it('given a code of an earlier step than the last, then it is counted as wrong', () => {
    given(opened, alice, device, bound, { ...accepted, step: 103 })
      .when(use)
      .thenEmits(wrong(1))
  })
  it('given too many wrong codes, then the user is locked for longer each time', () => {
    const missed = { ...use, step: null }
    given(opened, alice, device, bound, wrong(4))
      .when(missed)
      .thenEmits(wrong(5, use.at + CODE_LOCK_MS_MIN))
    given(opened, alice, device, bound, lock)
      .when(missed)
      .thenEmits(wrong(6, use.at + 2 * CODE_LOCK_MS_MIN))
    given(opened, alice, device, bound, wrong(40, 1))
      .when(missed)
      .thenEmits(wrong(41, use.at + CODE_LOCK_MS_MAX))
  })
  it('given a locked user, then a right code is refused and not used up', () => {
    given(opened, alice, device, bound, lock)
      .when({ ...use, at: 0 })
      .thenRefused({ type: 'AuthenticationLocked', lockedUntil: 1_000 })
    given(opened, alice, device, bound, lock).when(use).thenEmits(accepted)
  })
  it('given a user that was deleted, then its device is nobody’s, also under its name', () => {
    const deleted = { type: 'UserDeleted', userId, userName } as const
    const again = { ...alice, userId: userIdOf(3) }
    given(opened, alice, device, bound, deleted, again)
      .when(use)
      .thenRefused({ type: 'MFADeviceNotBound' })
    given(opened, alice, device, bound, deleted, again)
      .when({ ...use, userId: userIdOf(3) })
      .thenRefused({ type: 'MFADeviceNotBound' })
  })
})

describe('the law of codes', () => {
  const users = [alice, bob]
  const devices = [device, token]
  const step = fc.option(fc.integer({ min: 10, max: 99 }), { freq: 4 })
  const at = fc.integer({ min: 0, max: 100 }).map((quarters) => quarters * CODE_LOCK_MS_MIN)
  const asked = fc
    .tuple(fc.nat(9), fc.constantFrom(...users), fc.constantFrom(...devices), step, at)
    .map(([kind, user, { deviceId, deviceName }, step, at]): AccountCommand => {
      if (kind < 5)
        return { type: 'UseAuthenticationCode', userId: user.userId, deviceId, step, at }
      const { userName } = user
      if (kind < 8) return { type: 'BindMFADevice', userName, deviceName, deviceId, step, at }
      return { type: 'UnbindMFADevice', userName }
    })

  it('no step is accepted twice, no locked user is heard, no device is of two users', () => {
    const seen = { accepted: 0, locked: 0 }
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 80, size: 'max' }), (commands) => {
        let state = [opened, ...users, ...devices].reduce(decider.evolve, decider.initialState)
        const used = new Map<string, number>()
        for (const command of commands) {
          const decided = decider.decide(command, state)
          if (E.isLeft(decided)) {
            if (decided.left.type === 'AuthenticationLocked') seen.locked += 1
            continue
          }
          for (const event of decided.right) {
            state = decider.evolve(state, event)
            if (event.type !== 'AuthenticationCodeAccepted' && event.type !== 'MFADeviceBound')
              continue
            const first = event.type === 'MFADeviceBound' ? event.step - 1 : event.step
            expect(first).toBeGreaterThan(used.get(event.deviceId) ?? -1)
            used.set(event.deviceId, event.step)
            seen.accepted += 1
          }
          if (state.type === 'Unopened') continue
          for (const { mfaDeviceId, userId } of state.users.values())
            if (mfaDeviceId !== undefined)
              expect(state.mfaDevices.get(mfaDeviceId)?.userId).toBe(userId)
        }
      }),
      { numRuns: 200 },
    )
    expect(seen.accepted).toBeGreaterThan(20)
    expect(seen.locked).toBeGreaterThan(20)
  })
})
