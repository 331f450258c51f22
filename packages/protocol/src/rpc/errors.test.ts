/** The error table: complete, and made of the codes that clients know. */
import { AccountRefusalCodecs, type SessionRefusal, SessionRefusalCodecs } from '@grantlog/domain'
import { assumptionCode } from '@grantlog/engine'
import { describe, expect, it } from 'vitest'
import { ERRORS, errorOf } from './errors.js'

/** The codes of RAM and STS that refusals may use, with their status. */
const PUBLISHED: Readonly<Record<string, number>> = {
  Inactive: 403,
  NoPermission: 403,
  MalformedPolicyDocument: 400,
  InternalError: 500,
  'InvalidParameter.DurationSeconds': 400,
  'EntityNotExist.User': 404,
  'EntityNotExist.User.AccessKey': 404,
  'EntityNotExist.User.LoginProfile': 404,
  'EntityNotExist.User.Policy': 404,
  'EntityNotExist.User.Group': 404,
  CheckAuthenticationCodeFail: 403,
  'EntityNotExist.User.MFADevice': 404,
  'EntityNotExist.VirtualMFADevice': 404,
  'EntityAlreadyExists.User.MFADevice': 409,
  'EntityAlreadyExists.VirtualMFADevice': 409,
  'EntityAlreadyExists.VirtualMFADevice.User': 409,
  'DeleteConflict.User.MFADevice': 409,
  'DeleteConflict.VirtualMFADevice.User': 409,
  'LimitExceeded.VirtualMFADevice': 409,
  // Not published; named like the other limits.
  'LimitExceeded.Role.Tag': 409,
  'EntityNotExist.Group': 404,
  'EntityNotExist.Group.Policy': 404,
  'EntityNotExist.Role': 404,
  'EntityNotExist.Role.Policy': 404,
  'EntityNotExist.Policy': 404,
  'EntityNotExist.Policy.Version': 404,
  'EntityAlreadyExists.User': 409,
  'EntityAlreadyExists.User.LoginProfile': 409,
  'EntityAlreadyExists.User.Group': 409,
  'EntityAlreadyExists.User.Policy': 409,
  'EntityAlreadyExists.Group': 409,
  'EntityAlreadyExists.Group.Policy': 409,
  'EntityAlreadyExists.Role': 409,
  'EntityAlreadyExists.Role.Policy': 409,
  'EntityAlreadyExists.Policy': 409,
  'DeleteConflict.User.Group': 409,
  'DeleteConflict.User.AccessKey': 409,
  'DeleteConflict.User.LoginProfile': 409,
  'DeleteConflict.User.Policy': 409,
  'DeleteConflict.Group.User': 409,
  'DeleteConflict.Group.Policy': 409,
  'DeleteConflict.Role.Policy': 409,
  'DeleteConflict.Policy.User': 409,
  'DeleteConflict.Policy.Group': 409,
  'DeleteConflict.Policy.Role': 409,
  'DeleteConflict.Policy.Version': 409,
  'DeleteConflict.Policy.Version.Default': 409,
  'LimitExceeded.User': 409,
  'LimitExceeded.User.AccessKey': 409,
  'LimitExceeded.User.Group': 409,
  'LimitExceeded.User.Policy': 409,
  'LimitExceeded.Group': 409,
  'LimitExceeded.Group.Policy': 409,
  'LimitExceeded.Role': 409,
  'LimitExceeded.Role.Policy': 409,
  'LimitExceeded.Policy': 409,
  'LimitExceeded.Policy.Version': 409,
  'EntityNotExist.OIDCProvider': 404,
  'EntityNotExist.OIDCProvider.ClientId': 404,
  'EntityNotExist.OIDCProvider.Fingerprint': 404,
  'EntityNotExist.SAMLProvider': 404,
  'EntityAlreadyExists.OIDCProvider': 409,
  'EntityAlreadyExists.SAMLProvider': 409,
  'LimitExceeded.OIDCProvider': 409,
  'LimitExceeded.OIDCProvider.ClientId': 409,
  'LimitExceeded.OIDCProvider.Fingerprint': 409,
  'LimitExceeded.SAMLProvider': 409,
  'AuthenticationFail.SAMLAssertion.Expired': 401,
}

const TARGETS = [{ type: 'User' }, { type: 'Group' }, { type: 'Role' }] as const
const decision = { outcome: 'ImplicitDeny', unit: 'AssumeRolePolicy', deciding: [] }

/** A refusal of a type, with every member that a row may look at. */
const refusals = (type: string): ReadonlyArray<Parameters<typeof errorOf>[0]> =>
  TARGETS.map(
    (target) =>
      ({
        type,
        target,
        resource: { type: 'Role' },
        decision,
        limit: 1,
        min: 1,
        max: 2,
        principal: 'p',
        kind: 'Subject',
        entityType: 'user',
      }) as unknown as Parameters<typeof errorOf>[0],
  )

describe('the error table', () => {
  const types = [...Object.keys(AccountRefusalCodecs), ...Object.keys(SessionRefusalCodecs)]

  it('given any refusal of the domain, then it has a row', () => {
    expect(types.filter((type) => !(type in ERRORS))).toEqual([])
  })

  it('given any refusal, then its code and status are published ones', () => {
    // No operation of RAM opens an account, knows entities or tells of a race: those are ours.
    const entities = ['EntityNotFound', 'EntityConflict', 'EntityLimitExceeded']
    const unserved = ['AccountAlreadyExists', 'PasswordSuperseded', ...entities]
    for (const type of types.filter((each) => !unserved.includes(each)))
      for (const refusal of refusals(type)) {
        const { code, status, message } = errorOf(refusal)
        expect([type, code, status]).toEqual([type, code, PUBLISHED[code]])
        expect(message).not.toBe('')
      }
  })

  it('given a refused assumption of a role, then it is on record with the code that is answered', () => {
    const answered = (type: string) => refusals(type).map((refusal) => errorOf(refusal).code)
    for (const type of Object.values(SessionRefusalCodecs).map(({ name }) => name)) {
      const code = assumptionCode(type as SessionRefusal['type'], 'User')
      expect([type, new Set(answered(type))]).toEqual([type, new Set([code])])
    }
    expect(answered('FederatedRoleNotFound')).toContain(
      assumptionCode('AssumedRoleNotFound', 'Federated'),
    )
    expect(answered('FederatedCallerDenied')).toContain(
      assumptionCode('AssumeRoleDenied', 'Federated'),
    )
  })

  it.each([
    ['OIDCToken', '4 to 20000 characters'],
    ['AccountAlias', '3 to 32 characters'],
  ])('given a %s of a wrong length, then both bounds are told', (name, bounds) => {
    expect(errorOf({ type: 'ParameterInvalid', name, rule: 'Length' })).toMatchObject({
      code: `InvalidParameter.${name}.Length`,
      message: expect.stringContaining(bounds),
    })
  })
  it('given a broken parameter, then the code is made of its name and the rule', () => {
    const name = 'UserName'
    const codes = (
      ['InvalidChars', 'Length', 'Format', 'Range', 'TooWeak', 'ReusePrevention', 'Value'] as const
    ).map((rule) => errorOf({ type: 'ParameterInvalid', name, rule }).code)
    expect(codes).toEqual([
      'InvalidParameter.UserName.InvalidChars',
      'InvalidParameter.UserName.Length',
      'InvalidParameter.UserName.Format',
      'InvalidParameter.UserName.Range',
      'InvalidParameter.UserName.TooWeak',
      'InvalidParameter.UserName.ReusePrevention',
      'InvalidParameter.UserName',
    ])
    expect(errorOf({ type: 'ParameterMissing', name }).code).toBe('MissingParameter.UserName')
  })

  it('given a bad DurationSeconds, then one sentence tells the bounds, whoever found it', () => {
    const name = 'DurationSeconds'
    const told = (max: number) => errorOf({ type: 'DurationOutOfRange', min: 900, max })
    expect(told(3600)).toMatchObject({
      code: 'InvalidParameter.DurationSeconds',
      message: 'DurationSeconds lies between 15min and 1hr.',
    })
    expect(told(5400).message).toBe('DurationSeconds lies between 15min and 90min.')
    expect(errorOf({ type: 'ParameterInvalid', name, rule: 'Value' })).toEqual(told(43_200))
  })

  it('given an engine that cannot answer, then clients are told to come back', () => {
    expect(errorOf({ type: 'LogUnavailable', detail: '' })).toMatchObject({
      status: 503,
      code: 'ServiceUnavailable',
    })
    expect(errorOf({ type: 'Overloaded', waiting: 1 })).toMatchObject({
      status: 429,
      code: 'Throttling',
      retryAfterMs: 1000,
    })
  })
})
