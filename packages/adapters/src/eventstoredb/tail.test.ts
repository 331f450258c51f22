/** The tail of a stream: what is judged by it agrees with the log in memory. */

import type { ExpectedRevision, NewEvent } from '@grantlog/engine'
import { inMemoryLog } from '@grantlog/engine/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { judge, openTails, type Tail } from './tail.js'

const STREAM = 'account-1'

const eventsOf = (ids: ReadonlyArray<number>): ReadonlyArray<NewEvent> =>
  ids.map((id) => ({ id: `id-${id}`, type: 'Noted', schemaVersion: 1, data: '1', metadata: '1' }))

const verdictOf = (tail: Tail, expected: ExpectedRevision, ids: ReadonlyArray<number>) => {
  const { head, from, revisions } = tail
  const placeOf = (id: string) => revisions.get(id) ?? -1
  return judge({ head, from, placeOf }, expected, eventsOf(ids))
}

const tailWith = (ids: ReadonlyArray<number>, from = 0): Tail => {
  const tails = openTails()
  const tail = tails.begin(STREAM, from)
  for (const [i, id] of ids.entries()) tails.follow(STREAM, from + i, `id-${id}`)
  return tail
}

describe('judging an append', () => {
  it('agrees with the log in memory on every stream, expectation and list of ids', async () => {
    const expectation = fc.oneof(
      fc.constantFrom<ExpectedRevision>('any', 'no-stream', 'stream-exists'),
      fc.integer({ min: 0, max: 6 }),
    )
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { maxLength: 5 }),
        expectation,
        ids,
        async (stored, expected, asked) => {
          const log = inMemoryLog()
          if (stored.length > 0) await log.append(STREAM, 'no-stream', eventsOf(stored))()
          const answer = await log.append(STREAM, expected, eventsOf(asked))()
          const verdict = verdictOf(tailWith(stored), expected, asked)
          if (E.isLeft(answer)) expect(['Conflict', 'Behind']).toContain(verdict.type)
          else if (answer.right.revision < stored.length)
            expect(verdict).toEqual({
              type: 'Repeated',
              first: answer.right.revision - asked.length + 1,
            })
          else expect(verdict).toEqual({ type: 'Fresh' })
        },
      ),
    )
  })

  it('given a revision before what is remembered, then the stream has to be asked', () => {
    const tail = tailWith([1, 2], 10)
    expect(verdictOf(tail, 4, [7])).toEqual({ type: 'Forgotten', first: 5 })
    expect(verdictOf(tail, 'no-stream', [7])).toEqual({ type: 'Forgotten', first: 0 })
    expect(verdictOf(tail, 10, [7])).toEqual({ type: 'Conflict' })
    expect(verdictOf(tail, 12, [7])).toEqual({ type: 'Behind' })
  })
})

describe('a tail', () => {
  it('given a gap, then it is forgotten, and what came before is passed over', () => {
    const tails = openTails()
    tails.begin(STREAM, 0)
    tails.follow(STREAM, 0, 'a')
    tails.follow(STREAM, 0, 'a')
    expect(tails.get(STREAM)?.head).toBe(0)
    tails.follow(STREAM, 2, 'c')
    expect(tails.get(STREAM)).toBeUndefined()
    tails.follow(STREAM, 3, 'd')
    expect(tails.get(STREAM)).toBeUndefined()
  })

  it('given more events than are remembered, then the oldest ids go and `from` says so', () => {
    const tails = openTails()
    const other = tails.begin('account-2', 0)
    tails.follow('account-2', 0, 'x')
    const tail = tails.begin(STREAM, 0)
    const count = 65_536 + 10
    for (let revision = 0; revision < count; revision += 1)
      tails.follow(STREAM, revision, `id-${revision}`)
    expect(other).toEqual({ head: 0, from: 1, revisions: new Map() })
    expect(tail.head).toBe(count - 1)
    expect(tail.from).toBe(10)
    expect(tail.revisions.size).toBe(65_536)
    expect(verdictOf(tail, 'any', [10])).toEqual({ type: 'Repeated', first: 10 })
    expect(verdictOf(tail, 8, [9])).toEqual({ type: 'Forgotten', first: 9 })
  })
})
