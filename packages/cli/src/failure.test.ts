/** With which code a command ends that a server refused. */
import { describe, expect, it } from 'vitest'
import { type ExitCode, exitCodeOf } from './failure.js'

const refused = (status: number, code: string): ExitCode =>
  exitCodeOf({ type: 'Refused', status, code, detail: '', requestId: null, answer: null })

describe('the exit code of a refusal', () => {
  it.each([
    [400, 'InvalidParameter.UserName.InvalidChars'],
    [400, 'MissingParameter.UserName'],
    [400, 'MalformedPolicyDocument'],
    [400, 'InvalidQuery'],
    [413, 'RequestTooLarge'],
    [422, 'WindowEmpty'],
    [404, 'InvalidAction.NotFound'],
  ])('given %i %s, which is about what was said, then it is 2', (status, code) => {
    expect(refused(status, code)).toBe(2)
  })

  it('given nobody of that name, then it is 3', () => {
    expect(refused(404, 'EntityNotExist.User')).toBe(3)
  })

  it.each([
    [400, 'SignatureDoesNotMatch'],
    [400, 'InvalidAccessKeyId.Inactive'],
    [400, 'InvalidSecurityToken.Expired'],
    [400, 'NotSupport.Account'],
    [404, 'InvalidAccessKeyId.NotFound'],
    [403, 'NoPermission'],
    [409, 'EntityAlreadyExists.User'],
  ])('given %i %s, which is about who calls or what is so, then it is 4', (status, code) => {
    expect(refused(status, code)).toBe(4)
  })

  it.each([
    [404, 'NotFound'],
    [429, 'Throttling'],
    [503, 'ServiceUnavailable'],
  ])('given %i %s, which another time or server may answer, then it is 5', (status, code) => {
    expect(refused(status, code)).toBe(5)
  })
})
