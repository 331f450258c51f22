/**
 * The index of streams: a stream reads the same whether its events are in the index, after it, or
 * on both sides of its end.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from './driver.js'
import { addToGroup, emptyGroup } from './group.js'
import { openForReading, openForWriting } from './open.js'
import { openReader } from './reader.js'
import { unindexedEvents } from './stream-index.js'
import { openWriter, type Writer } from './writer.js'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantlog-index-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const right = <L, A>(either: E.Either<L, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left))
  return either.right
}

const STREAMS = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

/** Appends events to the streams in turn; answers the position of each, in order of revision. */
const fill = (writer: Writer, events: number): Map<string, ReadonlyArray<number>> => {
  const places = new Map<string, number[]>(STREAMS.map((stream) => [stream, []]))
  let written = writer.head()
  for (let left = events; left > 0; ) {
    const size = Math.min(left, 997)
    const group = emptyGroup(1, [])
    for (let i = 0; i < size; i += 1) {
      const stream = STREAMS[(written + i) % STREAMS.length] ?? ''
      const event = { id: randomUUID(), type: 'Noted', schemaVersion: 1, data: '{}', metadata: '' }
      addToGroup(group, stream, 'any', [event])
      places.get(stream)?.push(written + i + 1)
    }
    expect(writer.commit(group).type).toBe('Committed')
    written += size
    left -= size
  }
  return places
}

const indexEnd = (database: Database): number =>
  Number(database.prepare('SELECT position FROM stream_index_end').get()?.['position'])

describe('the index of streams', () => {
  it('given any page of any stream, then it holds what was appended there', () => {
    const writer = openWriter(right(openForWriting(directory)))
    const places = fill(writer, 6_000)
    const reading = right(openForReading(directory))
    const reader = openReader(reading)
    expect(indexEnd(reading)).toBeGreaterThan(0)
    expect(indexEnd(reading)).toBeLessThan(6_000)
    fc.assert(
      fc.property(
        fc.constantFrom(...STREAMS),
        fc.integer({ min: 0, max: 900 }),
        fc.integer({ min: 0, max: 900 }),
        fc.boolean(),
        (stream, from, limit, backwards) => {
          const all = places.get(stream) ?? []
          const expected = backwards
            ? all
                .slice(0, from + 1)
                .reverse()
                .slice(0, limit)
            : all.slice(from, from + limit)
          const page = reader.stream(stream, { from, limit, backwards })
          expect(page.map(({ position }) => position)).toEqual(expected)
        },
      ),
    )
    reader.close()
    writer.close()
  })

  it('given an append said again whose events are not in the index yet, then it is known', () => {
    const writer = openWriter(right(openForWriting(directory)))
    fill(writer, 6_000)
    const group = emptyGroup(2, [])
    const event = { id: randomUUID(), type: 'Noted', schemaVersion: 1, data: '{}', metadata: '' }
    const head = Math.ceil(6_000 / 7) - 1
    addToGroup(group, 'a', head, [event])
    addToGroup(group, 'a', head, [event])
    expect(writer.commit(group)).toEqual({
      type: 'Committed',
      outcomes: Float64Array.of(0, head + 1, 6_001, 2, 1, head + 1, 6_001, 2),
    })
    writer.close()
  })

  it('given a writer that starts again, then each stream goes on at its own revision', () => {
    const first = openWriter(right(openForWriting(directory)))
    fill(first, 10_000)
    first.close()
    const second = openWriter(right(openForWriting(directory)))
    fill(second, 3_000)
    second.close()
    const database = right(openForReading(directory))
    const gaps = database
      .prepare('SELECT count(*) - count(DISTINCT revision) AS n FROM events WHERE stream_id = 3')
      .get()
    expect(gaps?.['n']).toBe(0)
    expect(unindexedEvents(database)).toBe(0)
    database.close()
  })

  it('given a transaction that fails while it indexes, then the events are indexed later', () => {
    const database = right(openForWriting(directory))
    const writer = openWriter(database)
    fill(writer, 4_500)
    const before = indexEnd(database)
    const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count'])
    database.exec(`PRAGMA max_page_count = ${pages}`)
    const full = emptyGroup(1, [])
    const data = 'x'.repeat(500_000)
    const events = Array.from({ length: 4_500 }, () => ({
      id: randomUUID(),
      type: 'Noted',
      schemaVersion: 1,
      data: '{}',
      metadata: '',
    }))
    addToGroup(full, 'a', 'any', events)
    addToGroup(full, 'a', 5, [{ ...(events[0] ?? fail()), data }])
    addToGroup(full, 'b', 'any', [{ ...(events[0] ?? fail()), data }])
    expect(writer.commit(full).type).toBe('NothingHappened')
    expect(indexEnd(database)).toBe(before)

    database.exec('PRAGMA max_page_count = 100000')
    fill(writer, 9_000)
    expect(indexEnd(database)).toBeGreaterThan(before)
    expect(unindexedEvents(database)).toBe(0)
    writer.close()
  })
})

const fail = (): never => {
  throw new Error('there is no event')
}
