/** What IMS is asked for and RAM has not is refused, rather than passed over. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { findOperation } from './operations/table.js'

const caller = { type: 'Root', accountId: '1234567890123456', accessKeyId: 'LTAI' } as never

const prepared = (name: string, parameters: Readonly<Record<string, string>>) => {
  const row = findOperation(name, '2019-08-15')
  if (E.isLeft(row) || row.right.proof !== 'Signature') throw new Error(name)
  return row.right.prepare(new Map(Object.entries(parameters)), caller)
}

describe('SetSecurityPreference of IMS', () => {
  it.each(['MaxIdleDaysForUsers', 'MaxIdleDaysForAccessKeys', 'OperationForRiskLogin'])(
    'given %s, then it is refused, and nothing else of the call is done',
    (name) => {
      const given = { [name]: '90', LoginSessionDuration: '6' }
      expect(prepared('SetSecurityPreference', given)).toEqual(
        E.left({ type: 'ParameterInvalid', name, rule: 'Value' }),
      )
      expect(E.isRight(prepared('SetSecurityPreference', { LoginSessionDuration: '6' }))).toBe(true)
    },
  )
})
