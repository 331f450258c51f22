/** What can become of the way in which a user signs in. */
import { describe, it } from 'vitest'
import { type SecretRef, UserName } from '../../names.js'
import { known, passwordRefOf, sampleAccountId, specify, userIdOf } from '../../testing/index.js'
import { accountDecider } from '../decider.js'
import { DEFAULT_QUOTAS } from '../quotas.js'
import { PASSWORD_POLICY_DEFAULT } from '../settings/password-policy.js'

const given = specify(accountDecider(DEFAULT_QUOTAS))
const userName = known(UserName, 'alice')
const userId = userIdOf(1)
const first = passwordRefOf(1)
const second = passwordRefOf(2)
const third = passwordRefOf(3)
const opened = { type: 'AccountCreated', accountId: sampleAccountId } as const
const user = { type: 'UserCreated', userId, userName } as const
const demands = { passwordResetRequired: true, mfaBindRequired: false }
const profile = { type: 'LoginProfileCreated', userId, passwordRef: first, ...demands } as const
const create = {
  type: 'CreateLoginProfile',
  userName,
  userId,
  passwordRef: first,
  ...demands,
} as const
const changed = (passwordRef: SecretRef, forgottenRefs: ReadonlyArray<SecretRef>) =>
  ({ type: 'PasswordChanged', userId, passwordRef, forgottenRefs }) as const
const remembering = (passwordReusePrevention: number) =>
  ({
    type: 'PasswordPolicyChanged',
    policy: { ...PASSWORD_POLICY_DEFAULT, passwordReusePrevention },
  }) as const
const notFound = { type: 'LoginProfileNotFound', userName } as const

describe('CreateLoginProfile', () => {
  it('given a user, then it may sign in', () => {
    given(opened, user).when(create).thenEmits(profile)
  })
  it('given nobody of the name, or another user, then it is refused', () => {
    given(opened).when(create).thenRefused({ type: 'UserNotFound', userName })
    given(opened, user)
      .when({ ...create, userId: userIdOf(2) })
      .thenRefused({ type: 'UserNotFound', userName })
  })
  it('given a user that can sign in, then another way is refused and the same is no change', () => {
    given(opened, user, profile).when(create).thenUnchanged()
    given(opened, user, profile)
      .when({ ...create, passwordRef: second })
      .thenRefused({ type: 'LoginProfileAlreadyExists', userName })
  })
})

describe('UpdateLoginProfile', () => {
  const update = { type: 'UpdateLoginProfile', userName, userId } as const
  const password = { passwordRef: second, basedOn: first }
  it('given other demands, then those that are others change', () => {
    given(opened, user, profile)
      .when({ ...update, passwordResetRequired: true, mfaBindRequired: true })
      .thenEmits({ type: 'LoginProfileUpdated', userId, mfaBindRequired: true })
    given(opened, user, profile)
      .when({ ...update, ...demands })
      .thenUnchanged()
  })
  it('given a password, then the last one is forgotten', () => {
    given(opened, user, profile)
      .when({ ...update, password })
      .thenEmits(changed(second, [first]))
  })
  it('given a policy against reuse, then as many are remembered as a new one must differ from', () => {
    given(opened, user, remembering(2), profile)
      .when({ ...update, password })
      .thenEmits(changed(second, []))
    given(opened, user, remembering(2), profile, changed(second, []))
      .when({ ...update, password: { passwordRef: third, basedOn: second } })
      .thenEmits(changed(third, [first]))
  })
  it('given a password that is based on one that was replaced, then it is refused', () => {
    given(opened, user, profile, changed(second, [first]))
      .when({ ...update, password: { passwordRef: third, basedOn: first } })
      .thenRefused({ type: 'PasswordSuperseded', userName })
  })
  it('given a user that cannot sign in, then it is refused', () => {
    given(opened, user).when(update).thenRefused(notFound)
  })
})

describe('ChangePassword', () => {
  const change = {
    type: 'ChangePassword',
    userName,
    userId,
    password: { passwordRef: second, basedOn: first },
  } as const
  it('given a reset that was required, then it is done with it', () => {
    given(opened, user, profile)
      .when(change)
      .thenEmits(changed(second, [first]), {
        type: 'LoginProfileUpdated',
        userId,
        passwordResetRequired: false,
      })
  })
  it('given a password that was replaced meanwhile, then it is refused', () => {
    given(opened, user, profile, changed(third, [first]))
      .when(change)
      .thenRefused({ type: 'PasswordSuperseded', userName })
  })
  it('given a user that cannot sign in, then it is refused', () => {
    given(opened, user).when(change).thenRefused(notFound)
  })
})

describe('DeleteLoginProfile', () => {
  const remove = { type: 'DeleteLoginProfile', userName } as const
  it('given passwords that are remembered, then all are forgotten', () => {
    given(opened, user, remembering(3), profile, changed(second, []))
      .when(remove)
      .thenEmits({ type: 'LoginProfileDeleted', userId, forgottenRefs: [second, first] })
  })
  it('given a user that cannot sign in, then it is refused', () => {
    given(opened, user).when(remove).thenRefused(notFound)
  })
  it('given it is gone, then the user may be deleted, and not before', () => {
    const deleteUser = { type: 'DeleteUser', userName } as const
    given(opened, user, profile)
      .when(deleteUser)
      .thenRefused({ type: 'UserHasLoginProfile', userName })
    given(opened, user, profile, { type: 'LoginProfileDeleted', userId, forgottenRefs: [first] })
      .when(deleteUser)
      .thenEmits({ type: 'UserDeleted', userId, userName })
  })
})
