/** What happened, in words for people. */
import { describe, expect, it } from 'vitest'
import { changeWords, doneWords, endWords, wordsOfType } from './changes.js'

describe('the words of changes', () => {
  it.each([
    ['RoleCreated', 'role created'],
    ['MFADeviceBound', 'MFA device bound'],
    ['OIDCProviderCreated', 'OIDC provider created'],
    ['DefaultPolicyVersionChanged', 'default policy version changed'],
    ['MFA', 'MFA'],
    ['Denied', 'denied'],
    ['', ''],
  ])('given the type %s, then it is told as %s', (type, words) => {
    expect(wordsOfType(type)).toBe(words)
  })

  it('given what was done with a credential, then it is said of whom or what', () => {
    const subject = { type: 'User', id: '2', name: 'bob' }
    const change = { type: 'Created', name: 'bob' }
    expect(doneWords({ subject, change }, 'UserCreated')).toBe('user bob: created as bob')
    const provider = { type: 'Provider', id: 'idp-1', name: 'ci' }
    expect(doneWords({ subject: provider }, 'OIDCProviderCreated')).toBe(
      'OIDC provider created: ci',
    )
    expect(doneWords({}, 'PasswordPolicyChanged')).toBe('password policy changed')
    const key = { type: 'AccessKeyCreated', accessKeyId: 'LTAI5t' }
    expect(doneWords({ change: key }, 'AccessKeyCreated')).toBe('the account: got AccessKey LTAI5t')
  })

  it('given an end, or a kind that nobody described, then it is told all the same', () => {
    expect(endWords('CallerRevoked')).toBe('a session that it came from was revoked')
    expect(endWords('SunSet')).toBe('sun set')
    expect(changeWords({ type: 'SunSet', by: 'moon' })).toBe('sun set by=moon')
    expect(changeWords({ type: 'RoleRefused', refusal: 'AssumeRoleDenied' })).toBe(
      'was refused a role: assume role denied',
    )
    const named = { type: 'RoleRefused', refusal: 'AssumeRoleDenied', roleName: 'reader' }
    expect(changeWords(named)).toBe('was refused role reader: assume role denied')
  })
})
