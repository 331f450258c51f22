/** What can become of an account as a whole. */
import { describe, it } from 'vitest'
import { UserName } from '../../names.js'
import {
  accessKeyIdOf,
  known,
  otherAccountId,
  sampleAccountId,
  secretRefOf,
  specify,
} from '../../testing/index.js'
import { accountDecider } from '../decider.js'
import { DEFAULT_QUOTAS } from '../quotas.js'

const given = specify(accountDecider(DEFAULT_QUOTAS))
const accountId = sampleAccountId
const rootAccessKey = { accessKeyId: accessKeyIdOf(1), secretRef: secretRefOf(1) }
const opened = { type: 'AccountCreated', accountId } as const
const keyed = { type: 'AccessKeyCreated', owner: { type: 'Account' }, ...rootAccessKey } as const

describe('OpenAccount', () => {
  it('given nothing, then the account is opened', () => {
    given().when({ type: 'OpenAccount', accountId }).thenEmits(opened)
  })
  it('given nothing and a root key, then the account is opened with that key', () => {
    given().when({ type: 'OpenAccount', accountId, rootAccessKey }).thenEmits(opened, keyed)
  })
  it('given another account here, then it is refused', () => {
    given(opened)
      .when({ type: 'OpenAccount', accountId: otherAccountId })
      .thenRefused({ type: 'AccountAlreadyExists', accountId: otherAccountId })
  })
  it('given the account without that root key, then it is refused', () => {
    given(opened)
      .when({ type: 'OpenAccount', accountId, rootAccessKey })
      .thenRefused({ type: 'AccountAlreadyExists', accountId })
  })
  it('given the same opening, then nothing changes', () => {
    given(opened, keyed).when({ type: 'OpenAccount', accountId, rootAccessKey }).thenUnchanged()
    given(opened).when({ type: 'OpenAccount', accountId }).thenUnchanged()
  })
})

describe('any other command', () => {
  it('given an account that was never opened, then it is refused', () => {
    given()
      .when({ type: 'DeleteUser', userName: known(UserName, 'alice') })
      .thenRefused({ type: 'AccountNotFound' })
  })
})
