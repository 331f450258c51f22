/** What is read back of an account's commands: those that matter still, and not more. */
import type { AccountEvent, AccountId } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { recallCommands } from './recent-commands.js'
import { REMEMBER_MS, recentIds } from './recent-ids.js'
import { encodeEvent } from './stored-event.js'
import { inMemoryLog } from './testing/in-memory-log.js'

const accountId = '1234567890123456' as AccountId
const stream = `account-${accountId}`
const actor = { accountId, principalType: 'Root', principalId: accountId, arn: 'a' } as const
const start = Date.UTC(2030, 0, 1)

/** A log with one command a minute. */
const logOf = async (minutes: number) => {
  let now = start
  const log = inMemoryLog({ clock: { now: () => now } })
  for (let n = 0; n < minutes; n++) {
    now = start + n * 60_000
    const userId = `2${String(n).padStart(17, '0')}`
    const event = { type: 'UserDeleted', userId, userName: `user-${n}` } as AccountEvent
    const said = { commandId: `c${n}`, requestId: 'R', actor }
    await log.append(stream, 'any', [encodeEvent(`e${n}`, event, said)])()
  }
  return log
}

describe('recalling commands', () => {
  it('given an hour of commands, then those of the last while are noted and the others are not read', async () => {
    const log = await logOf(60)
    const recent = recentIds()
    const now = start + 59 * 60_000
    expect(E.isRight(await recallCommands(log, stream, 59, now, recent))).toBe(true)
    const noted = Array.from({ length: 60 }, (_, n) => n).filter((n) => recent.has(`c${n}`))
    const first = 59 - REMEMBER_MS / 60_000
    expect(noted).toEqual(Array.from({ length: 60 - first }, (_, n) => first + n))
  })

  it('given a snapshot that ends earlier, then only what it spared is read', async () => {
    const log = await logOf(5)
    const recent = recentIds()
    expect(E.isRight(await recallCommands(log, stream, 1, start, recent))).toBe(true)
    expect([0, 1, 2].map((n) => recent.has(`c${n}`))).toEqual([true, true, false])
  })

  it('given an event that cannot be read, then the account is refused, not guessed', async () => {
    const log = await logOf(1)
    const broken = { id: 'x', type: 'UserDeleted', schemaVersion: 1, data: '{}', metadata: '{}' }
    await log.append(stream, 'any', [broken])()
    expect(await recallCommands(log, stream, 1, start, recentIds())).toEqual(
      E.left({ type: 'AccountQuarantined', accountId }),
    )
  })
})
