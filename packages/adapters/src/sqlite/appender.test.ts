/** Group commit: who shares a group, who is answered when, and what a lost writer means. */
import { randomUUID } from 'node:crypto'
import type { ExpectedRevision } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { startAppender } from './appender.js'
import type { Group, GroupAnswer } from './group.js'
import type { WriterLink } from './writer-link.js'

const clock = { now: () => 7 }
const events = { onStored: () => undefined, afterGroup: async () => undefined }

/**
 * A writer that stores every append in the order of its coming, or answers as told. Held, it
 * answers nothing until it is released.
 */
const linkThat = (answer?: (group: Group) => GroupAnswer, isHeld = false) => {
  const groups: Array<Group> = []
  let position = 0
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  if (!isHeld) release()
  const link: WriterLink = {
    headAtOpen: 0,
    commit: async (group) => {
      groups.push(group)
      await released
      await turn()
      if (answer !== undefined) return answer(group)
      const outcomes = group.counts.flatMap((count) => {
        position += count
        return [0, position - 1, position, group.now]
      })
      return { type: 'Committed', outcomes: Float64Array.from(outcomes) }
    },
    treeHead: async () => ({ size: 0, root: new Uint8Array() }),
    close: async () => undefined,
  }
  return { link, groups, release: () => release() }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Several turns of the event loop: enough for an append to reach the writer. */
const turns = async (): Promise<void> => {
  for (let n = 0; n < 5; n += 1) await turn()
}

const event = () => [
  { id: randomUUID(), type: 'Noted', schemaVersion: 1, data: '{}', metadata: '{}' },
]
const any: ExpectedRevision = 'any'

describe('startAppender', () => {
  it('given appends while a group is being written, then the next one holds them', async () => {
    const { link, groups, release } = linkThat(undefined, true)
    const appender = startAppender(link, clock, events)
    const first = Array.from({ length: 3 }, () => appender.append('s', any, event()))
    await turns()
    const second = Array.from({ length: 5 }, () => appender.append('s', any, event()))
    release()
    await Promise.all([...first, ...second])
    expect(groups.map(({ streams }) => streams.length)).toEqual([3, 5])
    await appender.drained()
  })

  it('given many appends at once, then they make two groups that are both on their way', async () => {
    const { link, groups, release } = linkThat(undefined, true)
    const appender = startAppender(link, clock, events)
    const appends = Array.from({ length: 64 }, () => appender.append('s', any, event()))
    await turns()
    expect(groups.map(({ streams }) => streams.length)).toEqual([32, 32])
    release()
    await Promise.all(appends)
  })

  it('given two groups on their way, then the appends after them wait for the first', async () => {
    const { link, groups, release } = linkThat(undefined, true)
    const appender = startAppender(link, clock, events)
    const appends: Array<Promise<unknown>> = []
    for (let i = 0; i < 4; i += 1) {
      appends.push(appender.append('s', any, event()))
      await turns()
    }
    expect(groups.length).toBe(2)
    release()
    await Promise.all(appends)
    expect(groups.map(({ streams }) => streams.length)).toEqual([1, 1, 2])
  })

  it('given a large append, then it is a group of its own and nobody is passed over', async () => {
    const { link, groups } = linkThat()
    const appender = startAppender(link, clock, events)
    const many = Array.from({ length: 3_000 }, event).flat()
    const answers = await Promise.all([
      appender.append('s', any, event()),
      appender.append('s', any, many),
      appender.append('s', any, event()),
    ])
    expect(groups.map(({ versions }) => versions.length)).toEqual([1, 3_000, 1])
    expect(answers.map((answer) => E.isRight(answer) && answer.right.position)).toEqual([
      1, 3_001, 3_002,
    ])
  })

  it('given stored events, then they are told before any answer', async () => {
    const order: Array<string> = []
    const { link } = linkThat()
    const onStored = () => order.push('stored')
    const appender = startAppender(link, clock, { ...events, onStored })
    await appender.append('s', any, event()).then(() => order.push('answered'))
    expect(order).toEqual(['stored', 'answered'])
  })

  it('given a failed commit, then its outcome is unknown and nothing follows', async () => {
    const { link, groups } = linkThat(() => ({ type: 'CommitFailed', detail: 'fsync' }))
    const appender = startAppender(link, clock, events)
    const unknown = E.left({ type: 'OutcomeUnknown', stream: 's', detail: 'fsync' })
    expect(await appender.append('s', any, event())).toEqual(unknown)
    const failed = E.left({ type: 'LogFailed', detail: 'fsync' })
    expect(await appender.append('s', any, event())).toEqual(failed)
    expect(await appender.append('t', any, event())).toEqual(failed)
    expect(groups.length).toBe(1)
  })

  it('given a writer that is lost, then it is the same', async () => {
    const { link } = linkThat(() => {
      throw new Error('the thread has ended')
    })
    const appender = startAppender(link, clock, events)
    expect(await appender.append('s', any, event())).toMatchObject({
      left: { type: 'OutcomeUnknown' },
    })
    expect(await appender.append('s', any, event())).toMatchObject({ left: { type: 'LogFailed' } })
  })

  it('given a transaction that did not happen, then the next may', async () => {
    let full = true
    const { link } = linkThat(() => {
      const answer: GroupAnswer = full
        ? { type: 'NothingHappened', detail: 'full' }
        : { type: 'Committed', outcomes: Float64Array.of(0, 0, 1, 7) }
      full = false
      return answer
    })
    const appender = startAppender(link, clock, events)
    const unavailable = E.left({ type: 'LogUnavailable', detail: 'full' })
    expect(await appender.append('s', any, event())).toEqual(unavailable)
    expect(E.isRight(await appender.append('s', any, event()))).toBe(true)
  })
})
