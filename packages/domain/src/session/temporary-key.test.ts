/** Which session a temporary key belongs to. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SessionId, TemporaryAccessKeyId } from '../names.js'
import { known } from '../testing/known.js'
import { sessionOfKey, temporaryKeyOf } from './temporary-key.js'

const hex = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 32, maxLength: 32 })
const sessions = fc
  .oneof(
    hex,
    fc.constantFrom('0', 'f').map((digit) => Array<string>(32).fill(digit)),
  )
  .map((digits) => known(SessionId, digits.join('')))
const keyOf = (text: string) => known(TemporaryAccessKeyId, text)

describe('the key of a session', () => {
  it('given any session, then its key is one, and leads back to the session alone', () => {
    fc.assert(
      fc.property(sessions, (sessionId) => {
        const key = temporaryKeyOf(sessionId)
        expect(TemporaryAccessKeyId.is(key)).toBe(true)
        expect(key).toMatch(/^STS\.N[A-Za-z0-9]{22}$/)
        expect(sessionOfKey(key)).toBe(sessionId)
      }),
    )
  })

  it('given any key, then it is that of the session which it leads to, or leads to none', () => {
    const digit = fc.constantFrom(...'059AFNYZafnyz')
    const keys = fc.array(digit, { minLength: 16, maxLength: 25 }).map((digits) => digits.join(''))
    fc.assert(
      fc.property(fc.constantFrom('STS.', 'STS.N'), keys, (prefix, digits) => {
        const key = keyOf(prefix + digits)
        const sessionId = sessionOfKey(key)
        expect(sessionId === undefined || temporaryKeyOf(sessionId) === key).toBe(true)
      }),
    )
  })

  it('given a key beyond the last session, or of another form, then it leads to none', () => {
    for (const text of [`STS.N${'z'.repeat(22)}`, `STS.L${'0'.repeat(22)}`, 'STS.NTestTempKey0001'])
      expect(sessionOfKey(keyOf(text))).toBeUndefined()
  })
})
