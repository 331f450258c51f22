/**
 * The log contract: expected revisions, parallel writers, batches that happen wholly or not at all.
 */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { EVENT_BYTES_MAX, type EventLog, type ExpectedRevision } from '../ports.js'
import type { LogTraits } from './log-contract-cases.js'
import { counting, ok, refused, stream, texts, wholeStream } from './log-contract-cases.js'

const WRITERS = 64

export const appendContract = (current: () => EventLog, traits: LogTraits): void => {
  describe('append', () => {
    expectationCases(current)
    racingCases(current)
    batchCases(current)

    it('given appends to many streams, then positions increase', async () => {
      const log = current()
      const before = await ok(log.head())
      const names = counting(20).map(stream)
      const answers = await Promise.all(
        names.map((name) => ok(log.append(name, 'any', texts('a', 'b')))),
      )
      const page = await ok(log.readAll({ after: before, limit: 1_000 }))
      const positions = page.map(({ position }) => position)
      expect(positions).toEqual([...positions].sort((a, b) => a - b))
      expect(new Set(positions).size).toBe(positions.length)
      for (const { position } of answers) expect(positions).toContain(position)
      if (traits.gapless) {
        expect(before).toBe(0)
        expect(positions).toEqual(counting(40).map((i) => i + 1))
        expect(await ok(log.head())).toBe(40)
      }
    })
  })
}

const expectationCases = (current: () => EventLog): void => {
  it('given no stream, then "no-stream" and "any" are met, and the others are not', async () => {
    const append = (expected: ExpectedRevision) => current().append(stream(), expected, texts('a'))
    expect((await ok(append('no-stream'))).revision).toBe(0)
    expect((await ok(append('any'))).revision).toBe(0)
    expect(await refused(append('stream-exists'))).toMatchObject({
      type: 'RevisionConflict',
      expected: 'stream-exists',
      actual: -1,
    })
    expect(await refused(append(0))).toMatchObject({ type: 'RevisionConflict', actual: -1 })
  })

  it('given two events, then their revision, "any" and "stream-exists" are met', async () => {
    const name = stream()
    const append = (expected: ExpectedRevision) => current().append(name, expected, texts('a'))
    await ok(current().append(name, 'no-stream', texts('a', 'b')))
    expect((await ok(append(1))).revision).toBe(2)
    expect((await ok(append('any'))).revision).toBe(3)
    expect((await ok(append('stream-exists'))).revision).toBe(4)
    expect(await refused(append('no-stream'))).toEqual({
      type: 'RevisionConflict',
      stream: name,
      expected: 'no-stream',
      actual: 4,
    })
    for (const wrong of [0, 3, 5, 99]) {
      const conflict = { type: 'RevisionConflict', stream: name, expected: wrong, actual: 4 }
      expect(await refused(append(wrong))).toEqual(conflict)
    }
    expect((await wholeStream(current(), name)).length).toBe(5)
  })
}

const racingCases = (current: () => EventLog): void => {
  const race = (name: string, expected: ExpectedRevision) =>
    Promise.all(counting(WRITERS).map((i) => current().append(name, expected, texts(`${i}`))()))
  const winners = (answers: ReadonlyArray<E.Either<unknown, { revision: number }>>) =>
    answers.flatMap((answer) => (E.isRight(answer) ? [answer.right.revision] : []))

  it('given 64 writers that expect no stream, then one wins', async () => {
    const name = stream()
    expect(winners(await race(name, 'no-stream'))).toEqual([0])
    expect((await wholeStream(current(), name)).length).toBe(1)
  })

  it('given 64 writers that expect the same revision, then one wins', async () => {
    const name = stream()
    await ok(current().append(name, 'no-stream', texts('first')))
    expect(winners(await race(name, 0))).toEqual([1])
    expect((await wholeStream(current(), name)).length).toBe(2)
  })

  it('given 64 writers that expect anything, then all win and revisions are dense', async () => {
    const name = stream()
    const won = winners(await race(name, 'any'))
    expect([...won].sort((a, b) => a - b)).toEqual(counting(WRITERS))
    const read = await wholeStream(current(), name)
    expect(read.map(({ revision }) => revision)).toEqual(counting(WRITERS))
  })

  it('given 64 writers that expect some stream, then all win where it is there', async () => {
    const name = stream()
    expect(winners(await race(name, 'stream-exists'))).toEqual([])
    await ok(current().append(name, 'no-stream', texts('first')))
    const won = winners(await race(name, 'stream-exists'))
    expect([...won].sort((a, b) => a - b)).toEqual(counting(WRITERS).map((i) => i + 1))
  })

  it('given 64 writers that read and try again, then each revision has one winner', async () => {
    const name = stream()
    const log = current()
    const write = async (i: number): Promise<number> => {
      for (let expected: ExpectedRevision = 'no-stream'; ; ) {
        const answer = await log.append(name, expected, texts(`${i}`))()
        if (E.isRight(answer)) return answer.right.revision
        if (answer.left.type !== 'RevisionConflict') throw new Error(answer.left.type)
        expected = answer.left.actual
      }
    }
    const revisions = await Promise.all(counting(WRITERS).map(write))
    expect([...revisions].sort((a, b) => a - b)).toEqual(counting(WRITERS))
    const data = (await wholeStream(log, name)).map((event) => event.data)
    expect(new Set(data).size).toBe(WRITERS)
  })
}

const batchCases = (current: () => EventLog): void => {
  it('given a batch, then its events are in order and the answer names the last', async () => {
    const name = stream()
    const batch = texts('a', 'b', 'c')
    const answer = await ok(current().append(name, 'no-stream', batch))
    const read = await wholeStream(current(), name)
    expect(read.map(({ id }) => id)).toEqual(batch.map(({ id }) => id))
    expect(read.at(-1)).toMatchObject(answer)
  })

  it('given a batch with one event that is too large, then nothing of it is kept', async () => {
    const name = stream()
    const [good, bad] = texts('good', 'x'.repeat(EVENT_BYTES_MAX))
    if (good === undefined || bad === undefined) throw new Error('two events')
    expect(await refused(current().append(name, 'any', [good, bad, ...texts('z')]))).toEqual({
      type: 'EventTooLarge',
      bytes: EVENT_BYTES_MAX + 4,
      limit: EVENT_BYTES_MAX,
    })
    expect(await wholeStream(current(), name)).toEqual([])
    expect((await ok(current().append(name, 'no-stream', [good]))).revision).toBe(0)
  })

  it('given an event of exactly the limit, then it is kept', async () => {
    const name = stream()
    await ok(current().append(name, 'any', texts('é'.repeat(EVENT_BYTES_MAX / 2 - 2))))
    expect((await wholeStream(current(), name)).length).toBe(1)
    const over = texts('é'.repeat(EVENT_BYTES_MAX / 2 - 1))
    expect((await refused(current().append(name, 'any', over))).type).toBe('EventTooLarge')
  })

  it('given no events, or one id twice, then the append is refused', async () => {
    const name = stream()
    const [event] = texts('a')
    if (event === undefined) throw new Error('one event')
    expect((await refused(current().append(name, 'any', []))).type).toBe('LogUnavailable')
    const twice = current().append(name, 'any', [event, event])
    expect((await refused(twice)).type).toBe('LogUnavailable')
    expect(await wholeStream(current(), name)).toEqual([])
  })
}
