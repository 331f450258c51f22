/** Listing what statements say: in parts, with turns for others between, and with a limit. */
import type { StatementVerdict } from '@grantlog/policy'
import { describe, expect, it } from 'vitest'
import { listStatements, STATEMENTS_LISTED_MAX } from './list-statements.js'

const VERDICT: StatementVerdict = {
  source: { policyType: 'Custom', policyName: 'orders', versionId: 'v1' },
  statementIndex: 0,
  effect: 'Allow',
  unit: 'AccountLevelIdentityBasedPolicy',
  resource: '*',
  matched: true,
}

/** So many statements; `made` tells how many were. */
const listing = (count: number) => {
  const seen = { made: 0 }
  function* verdicts() {
    for (; seen.made < count; seen.made += 1) yield { ...VERDICT, statementIndex: seen.made }
  }
  return { seen, verdicts: verdicts() }
}

describe('listing statements', () => {
  it('given many, then others have their turns before all are made, and none is left out', async () => {
    const { seen, verdicts } = listing(5_000)
    const metOnTheWay: number[] = []
    const look = (): void => {
      if (seen.made >= 5_000) return
      metOnTheWay.push(seen.made)
      setImmediate(look)
    }
    setImmediate(look)
    const listed = await listStatements(verdicts)
    expect(listed).toMatchObject({ _tag: 'Right' })
    expect(listed).toHaveProperty('right.length', 5_000)
    expect(metOnTheWay.length).toBeGreaterThan(10)
  })

  it('given more than are listed, then it is refused, and the rest is never made', async () => {
    const { seen, verdicts } = listing(10 * STATEMENTS_LISTED_MAX)
    const limit = STATEMENTS_LISTED_MAX
    expect(await listStatements(verdicts)).toMatchObject({
      left: { type: 'TooManyStatements', limit },
    })
    expect(seen.made).toBe(limit)
  })

  it('given just as many, then all are listed', async () => {
    const listed = await listStatements(listing(STATEMENTS_LISTED_MAX).verdicts)
    expect(listed).toHaveProperty('right.length', STATEMENTS_LISTED_MAX)
  })
})
