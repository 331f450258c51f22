/** What is said of a stretch of positions holds at each of them. */
import { accountDecider, DEFAULT_QUOTAS } from '@grantlog/domain'
import { commandSequence, runCommands, sampleAccountId } from '@grantlog/domain/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, record } from '../testing/index.js'
import { type HistoryPrincipal, heldPoliciesAt } from './as-of.js'
import { heldSpanAt } from './held-span.js'
import { historyView } from './view.js'

const accountId = sampleAccountId
const decider = accountDecider(DEFAULT_QUOTAS)
const lives = commandSequence.map((commands) =>
  record(runCommands(commands, decider), { accountId }),
)

describe('heldSpanAt', () => {
  it('given any life, then at each position of a stretch the same is held, and the next differs', () => {
    let whole = 0
    fc.assert(
      fc.property(lives, (recorded) => {
        const history = fold(historyView, recorded)
        const principals = recorded.flatMap(({ event }): ReadonlyArray<HistoryPrincipal> => {
          if (event.type === 'UserCreated') return [{ type: 'User', accountId, id: event.userId }]
          if (event.type === 'RoleCreated') return [{ type: 'Role', accountId, id: event.roleId }]
          return []
        })
        for (const principal of principals)
          for (let position = 0; position <= recorded.length; position += 1) {
            const { from, to, held } = heldSpanAt(history, principal, position)
            expect(from <= position && position < to).toBe(true)
            expect(held).toEqual(heldPoliciesAt(history, principal, position))
            const last = Math.min(to - 1, recorded.length)
            if (last > position) whole += 1
            expect(heldPoliciesAt(history, principal, from)).toEqual(held)
            expect(heldPoliciesAt(history, principal, last)).toEqual(held)
          }
      }),
      { numRuns: 40 },
    )
    expect(whole).toBeGreaterThan(0)
  })
})
