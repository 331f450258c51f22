/**
 * The compiled policies against the specification, over generated worlds. One run asks more than
 * 200,000 questions; `npm run differential` asks as many as one likes.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disagreement, questionsIn, world } from '../testing/differential.js'

const QUESTIONS_MIN = Number(process.env['DIFFERENTIAL_QUESTIONS'] ?? 200_000)
const WORLDS_A_ROUND = 50

describe('compiled policies', { timeout: 120_000 }, () => {
  it('given any policies and any question, then they answer as the specification does', () => {
    let questions = 0
    while (questions < QUESTIONS_MIN)
      fc.assert(
        fc.property(world, (asked) => {
          questions += questionsIn(asked)
          expect(disagreement(asked)).toBeUndefined()
        }),
        { numRuns: WORLDS_A_ROUND },
      )
    expect(questions).toBeGreaterThanOrEqual(QUESTIONS_MIN)
  })
})
