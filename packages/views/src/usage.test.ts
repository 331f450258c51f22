/** What is known of the last use of access keys after given events. */
import type { DomainEvent } from '@grantlog/domain'
import { accessKeyIdOf, sampleAccountId as accountId, secretRefOf } from '@grantlog/domain/testing'
import { describe, expect, it } from 'vitest'
import { fold, record } from './testing/index.js'
import { accessKeyLastUsedAt, usageView } from './usage.js'

const accessKeyId = accessKeyIdOf(1)
const key = { accessKeyId, owner: { type: 'Account' }, secretRef: secretRefOf(1) } as const
const created: DomainEvent = { type: 'AccessKeyCreated', ...key }
const deleted: DomainEvent = { type: 'AccessKeyDeleted', ...key }
const used = (usedAt: number): DomainEvent => ({
  type: 'AccessKeyUsed',
  accountId,
  accessKeyId,
  usedAt,
})

const lastUse = (...events: ReadonlyArray<DomainEvent>) =>
  accessKeyLastUsedAt(fold(usageView, record(events, { accountId })), accountId, accessKeyId)

describe('the last use of an access key', () => {
  it('given a key that was never used, then nothing is told', () => {
    expect(lastUse(created)).toBeUndefined()
  })

  it('given uses that were recorded out of order, then the latest counts', () => {
    expect(lastUse(created, used(200), used(300), used(100))).toBe(300)
  })

  it('given a use that arrives after the key was deleted, then nothing is told', () => {
    expect(lastUse(created, used(100), deleted, used(200))).toBeUndefined()
  })
})
