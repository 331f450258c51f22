/** The operators' log: what is on the list is printed, and nothing else is. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomIds } from './ids.js'
import type { LogFields } from './log-fields.js'
import { createLogger } from './logger.js'
import { secret } from './secret.js'

const recording = (level: 'info' | 'debug' | 'silent' = 'info') => {
  const lines: Array<string> = []
  const logger = createLogger({ level, stream: { write: (line) => lines.push(line) } })
  return { logger, lines, first: (): unknown => JSON.parse(lines[0] ?? 'null') }
}

/** Fields that the type does not admit, as a careless caller could still pass them. */
const careless = (fields: Readonly<Record<string, unknown>>): LogFields => fields

describe('createLogger', () => {
  it('given fields of the list, then one line of JSON carries them', () => {
    const { logger, lines, first } = recording()
    logger.info('request answered', { accountId: '1234567890123456', status: 200, durationMs: 1.5 })
    expect(lines).toHaveLength(1)
    expect(lines[0]?.endsWith('\n')).toBe(true)
    expect(first()).toEqual({
      level: 'info',
      time: expect.any(String),
      accountId: '1234567890123456',
      status: 200,
      durationMs: 1.5,
      msg: 'request answered',
    })
  })

  it('given fields that are not on the list or ill-shaped, then they are counted only', () => {
    const { logger, first } = recording()
    const fields = { authorization: 'acs x', userName: 'alice', accountId: 'alice@example.com' }
    logger.info('hello', careless({ ...fields, status: '200', reason: { deep: 'secret' } }))
    expect(first()).toEqual({
      level: 'info',
      time: expect.any(String),
      fieldsLeftOut: 5,
      msg: 'hello',
    })
  })

  it('given a child, then its lines carry its fields, checked as any others', () => {
    const { logger, first } = recording()
    logger.child(careless({ component: 'sts-worker', password: 'canary' })).warn('late')
    expect(first()).toEqual({
      level: 'warn',
      time: expect.any(String),
      component: 'sts-worker',
      fieldsLeftOut: 1,
      msg: 'late',
    })
  })

  it('given a level, then what is below it is not printed', () => {
    const { logger, lines } = recording('info')
    logger.debug('quiet')
    logger.trace('quiet')
    recording('silent').logger.fatal('quiet')
    expect(lines).toEqual([])
  })

  it('given an error, then its name, code and places are printed, its message scrubbed', () => {
    const { logger, lines, first } = recording()
    const cause = new Error('mail to alice@example.com failed')
    const thrown = new TypeError('secret=canary-1 refused', { cause })
    const error = Object.assign(thrown, { code: 'EIO' })
    logger.error('append failed', { error })
    expect(first()).toMatchObject({
      error: { type: 'TypeError', code: 'EIO', cause: { type: 'Error' } },
    })
    expect(lines.join()).toContain('logger.test')
    expect(lines.join()).not.toMatch(/canary|alice|example/)
  })

  it('given a long text with control characters, then it stays one line and is cut', () => {
    const { logger, lines } = recording()
    logger.info('a\n{"level":"fatal"}\u001b[2J', { detail: 'x y '.repeat(5_000) })
    expect(lines).toHaveLength(1)
    expect(lines[0]?.trimEnd()).not.toMatch(/\p{Cc}/u)
    expect(lines[0]?.length).toBeLessThan(1_400)
  })

  it('given the longest names of events and errors, then they are words and stay', () => {
    const { logger, first } = recording()
    const eventType = 'DefaultPolicyVersionChanged'
    const errorCode = 'EntityNotExist.User.VirtualMFADevice'
    logger.info(`saw ${eventType} and ${errorCode}`, { eventType, errorCode })
    const msg = `saw ${eventType} and ${errorCode}`
    expect(first()).toMatchObject({ eventType, errorCode, msg })
    const { logger: other, lines } = recording()
    other.info('saw QxWzErTyUiOpAsDfGhJkLzXcVbNmQw', { reason: 'QxWzErTyUiOpAsDfGhJkLzXcVbNmQw' })
    expect(lines.join()).not.toContain('QxWz')
  })

  it('no secret, token, signature or personal datum is printed, wherever it is put', () => {
    const ids = randomIds()
    const address = fc.constantFrom('203.0.113.77', '2001:db8::7', 'alice@example.com')
    const secretText = fc.constantFrom(1, 2, 3, 4).map((kind) => {
      if (kind === 1) return `${ids.accessKeySecret().slice(1)}7`
      if (kind === 2) return `${ids.temporarySecret().slice(1)}7`
      if (kind === 3) return Buffer.from(ids.temporarySecret()).toString('base64')
      return Buffer.from(ids.sessionId()).toString('base64url')
    })
    const names = fc.constantFrom('detail', 'reason', 'action', 'requestId', 'host', 'whatever')
    fc.assert(
      fc.property(fc.oneof(address, secretText), names, (canary, name) => {
        const { logger, lines } = recording('debug')
        const hidden = name === 'host' && /^[\w.:]+$/.test(canary) ? 'nothing' : canary
        logger.info(`while handling ${canary} in vain`, careless({ [name]: hidden }))
        logger.debug('failed', { error: new Error(`Signature: ${canary}`), detail: canary })
        logger.debug('failed', careless({ accessKeyId: canary, secret: secret(canary) }))
        expect(lines.join('')).not.toContain(canary)
      }),
    )
  })
})
