/**
 * The log contract: an append that is said twice happens once, also when its first outcome was
 * unknown.
 */
import { describe, expect, it } from 'vitest'
import type { EventLog, ExpectedRevision } from '../ports.js'
import { faultsInOrder, withFaults } from './faults.js'
import { counting, ok, refused, stream, texts, wholeStream } from './log-contract-cases.js'

export const repetitionContract = (current: () => EventLog): void => {
  describe('an append said again', () => {
    idCases(current)
    unknownOutcomeCases(current)
  })
}

const idCases = (current: () => EventLog): void => {
  const forms: ReadonlyArray<ExpectedRevision> = ['any', 'stream-exists', 0]
  for (const expected of forms)
    it(`given the same ids under ${expected}, then the answer is the same`, async () => {
      const name = stream()
      await ok(current().append(name, 'no-stream', texts('first')))
      const batch = texts('a', 'b')
      const first = await ok(current().append(name, expected, batch))
      expect(await ok(current().append(name, expected, batch))).toEqual(first)
      await ok(current().append(name, 'any', texts('c')))
      expect(await ok(current().append(name, expected, batch))).toEqual(first)
      expect((await wholeStream(current(), name)).length).toBe(4)
    })

  it('given the same ids under "no-stream", then the answer is the same', async () => {
    const name = stream()
    const batch = texts('a', 'b')
    const first = await ok(current().append(name, 'no-stream', batch))
    await ok(current().append(name, 1, texts('c')))
    expect(await ok(current().append(name, 'no-stream', batch))).toEqual(first)
    expect((await wholeStream(current(), name)).length).toBe(3)
  })

  it('given ids that are there in part, then it is a conflict and nothing is added', async () => {
    const name = stream()
    const batch = texts('a', 'b')
    await ok(current().append(name, 'no-stream', batch))
    const [a, b] = batch
    if (a === undefined || b === undefined) throw new Error('two events')
    const [x] = texts('x')
    if (x === undefined) throw new Error('one event')
    for (const mixed of [
      [a, x],
      [x, b],
      [b, a],
      [a, b, x],
    ])
      for (const expected of ['any', 'stream-exists', 'no-stream', 1] as const)
        expect((await refused(current().append(name, expected, mixed))).type).toBe(
          'RevisionConflict',
        )
    expect((await wholeStream(current(), name)).length).toBe(2)
  })

  it('given the same ids in another stream, then they are other events', async () => {
    const batch = texts('a')
    await ok(current().append(stream(), 'no-stream', batch))
    expect((await ok(current().append(stream(), 'no-stream', batch))).revision).toBe(0)
  })

  it('given 64 writers that say the same, then it happens once and all hear the same', async () => {
    const name = stream()
    const batch = texts('a', 'b')
    const answers = await Promise.all(
      counting(64).map((i) => ok(current().append(name, i % 2 === 0 ? 'any' : 'no-stream', batch))),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect((await wholeStream(current(), name)).length).toBe(2)
  })
}

const unknownOutcomeCases = (current: () => EventLog): void => {
  for (const fault of ['request-lost', 'answer-lost'] as const)
    for (const expected of ['any', 'no-stream', 'stream-exists', 0] as const)
      it(`given ${fault} under ${expected}, then saying it again leaves one copy`, async () => {
        const name = stream()
        if (expected !== 'no-stream') await ok(current().append(name, 'no-stream', texts('first')))
        const log = withFaults(current(), faultsInOrder(fault))
        const batch = texts('a', 'b')
        expect((await refused(log.append(name, expected, batch))).type).toBe('OutcomeUnknown')
        const answer = await ok(log.append(name, expected, batch))
        const kept = await wholeStream(log, name)
        const copies = kept.filter(({ id }) => batch.some((event) => event.id === id))
        expect(copies.map(({ id }) => id)).toEqual(batch.map(({ id }) => id))
        expect(copies.at(-1)).toMatchObject(answer)
      })
}
