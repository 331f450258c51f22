/** The writer: what a group becomes, and what it remembers when a transaction does not happen. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExpectedRevision } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from './driver.js'
import { addToGroup, emptyGroup, type Group } from './group.js'
import { openForWriting } from './open.js'
import { openWriter } from './writer.js'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantlog-writer-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const opened = (): Database => {
  const database = openForWriting(directory)
  if (E.isLeft(database)) throw new Error(JSON.stringify(database.left))
  return database.right
}

type Append = readonly [stream: string, expected: ExpectedRevision, ids: ReadonlyArray<string>]

const groupOf = (now: number, appends: ReadonlyArray<Append>, data = '{}'): Group => {
  const group = emptyGroup(now, [])
  for (const [stream, expected, ids] of appends)
    addToGroup(
      group,
      stream,
      expected,
      ids.map((id) => ({ id, type: 'Noted', schemaVersion: 1, data, metadata: '{}' })),
    )
  return group
}

/** The same connection, but for one statement, which throws. */
const failing = (database: Database, sql: string): Database => ({
  ...database,
  exec: (text) => database.exec(text),
  close: () => database.close(),
  prepare: (text) => {
    const statement = database.prepare(text)
    const run = () => {
      throw new Error('disk I/O error')
    }
    return text === sql ? { ...statement, run } : statement
  },
})

describe('commit', () => {
  it('given appends that conflict within a group, then the others are stored', () => {
    const writer = openWriter(opened())
    const [a, b, c, d] = Array.from({ length: 4 }, () => randomUUID())
    const group = groupOf(5, [
      ['s', 'no-stream', [a ?? '', b ?? '']],
      ['s', 'no-stream', [c ?? '']],
      ['s', 1, [d ?? '']],
      ['s', 'any', [a ?? '', b ?? '']],
    ])
    expect(writer.commit(group)).toEqual({
      type: 'Committed',
      outcomes: Float64Array.of(0, 1, 2, 5, 2, 1, 0, 0, 0, 2, 3, 5, 1, 1, 2, 5),
    })
    writer.close()
  })

  it('given a writer that starts again, then heads, time, ids and the tree go on', () => {
    const first = openWriter(opened())
    const id = randomUUID()
    for (let i = 0; i < 700; i += 1)
      first.commit(groupOf(1_000 + i, [[`s${i % 3}`, 'any', [i === 699 ? id : randomUUID()]]]))
    const head = first.treeHead()
    first.close()

    const second = openWriter(opened())
    expect(second.head()).toBe(700)
    expect(second.treeHead()).toEqual(head)
    expect(second.commit(groupOf(0, [['s0', 'any', [id]]]))).toEqual({
      type: 'Committed',
      outcomes: Float64Array.of(1, 233, 700, 1_699),
    })
    expect(second.commit(groupOf(0, [['s0', 233, [randomUUID()]]]))).toEqual({
      type: 'Committed',
      outcomes: Float64Array.of(0, 234, 701, 1_699),
    })
    second.close()
  })

  it('given a full disk, then nothing happened, and there is room again later', () => {
    const database = opened()
    const writer = openWriter(database)
    writer.commit(groupOf(1, [['s', 'no-stream', [randomUUID()]]]))
    const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count'])
    database.exec(`PRAGMA max_page_count = ${pages}`)
    const id = randomUUID()
    const large = groupOf(2, [['t', 'no-stream', [id]]], JSON.stringify('x'.repeat(100_000)))
    expect(writer.commit(large)).toMatchObject({ type: 'NothingHappened' })
    expect(writer.head()).toBe(1)

    database.exec('PRAGMA max_page_count = 100000')
    expect(writer.commit(large)).toEqual({
      type: 'Committed',
      outcomes: Float64Array.of(0, 0, 2, 2),
    })
    expect(writer.treeHead().size).toBe(2)
    writer.close()
  })

  it('given a commit that fails, then nothing is stored any more', () => {
    const writer = openWriter(failing(opened(), 'COMMIT'))
    const group = groupOf(1, [['s', 'no-stream', [randomUUID()]]])
    const failure = { type: 'CommitFailed', detail: 'disk I/O error' }
    expect(writer.commit(group)).toEqual(failure)
    expect(writer.commit(groupOf(1, [['t', 'any', [randomUUID()]]]))).toEqual(failure)
    writer.close()
  })
})
