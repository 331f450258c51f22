/** What a node owes before it may answer, with the log's answers and the time told by hand. */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { afterEach, describe, expect, it } from 'vitest'
import { type Freshness, LAG_MS_MAX, watchFreshness } from './freshness.js'
import type { LogError, Position } from './ports.js'

type Answer = (head: E.Either<LogError, Position>) => void

const running: Freshness[] = []
afterEach(() => {
  for (const freshness of running.splice(0)) freshness.stop()
})

/** A node on a log that answers when it is told to; the node's own timer finds time standing. */
const node = () => {
  const at = { now: 0, applied: 0 }
  const questions: Answer[] = []
  const head = (): TE.TaskEither<LogError, Position> => () =>
    new Promise((answer) => void questions.push(answer))
  const freshness = watchFreshness(
    { head },
    () => at.applied,
    () => at.now,
  )
  running.push(freshness)
  const answerAll = async (position: Position): Promise<void> => {
    for (const answer of questions.splice(0)) answer(E.right(position))
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { at, freshness, questions, answerAll }
}

describe('the freshness of a node', () => {
  it('given a log that has not answered yet, then it must be asked', () => {
    expect(node().freshness.owed()).toBe(null)
  })

  it('given everything of the last sample, then nothing is owed until that is too old', async () => {
    const { at, freshness, answerAll } = node()
    at.applied = 7
    await answerAll(7)
    at.now = LAG_MS_MAX
    expect(freshness.owed()).toBe(0)
    at.now = LAG_MS_MAX + 1
    expect(freshness.owed()).toBe(null)
  })

  it('given a sample that is not applied, then it is owed as soon as the one before is too old', async () => {
    const { at, freshness, answerAll } = node()
    at.applied = 7
    await answerAll(7)
    at.now = 200
    void freshness.ask()
    await answerAll(9)
    expect(freshness.owed()).toBe(0)
    at.now = 300
    expect(freshness.owed()).toBe(9)
    at.applied = 9
    expect(freshness.owed()).toBe(0)
  })

  it('given an answer that came late, then it speaks for the moment of the question', async () => {
    const { at, freshness, answerAll } = node()
    at.now = LAG_MS_MAX + 1
    await answerAll(0)
    expect(freshness.owed()).toBe(null)
  })

  it('given a question on its way, then it is asked again only once its answer would be too old', async () => {
    const { at, freshness, questions } = node()
    at.now = LAG_MS_MAX
    void freshness.ask()
    expect(questions.length).toBe(1)
    at.now = LAG_MS_MAX + 1
    void freshness.ask()
    expect(questions.length).toBe(2)
  })

  it('given a log that does not say, then asking it answers no', async () => {
    const freshness = watchFreshness(
      { head: () => TE.left({ type: 'LogUnavailable', detail: 'told to fail' }) },
      () => 0,
    )
    running.push(freshness)
    expect(await freshness.ask()).toBe(false)
    expect(freshness.owed()).toBe(null)
  })
})
