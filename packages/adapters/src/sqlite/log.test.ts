/**
 * The embedded log beyond the contract: falling behind the tail, tree heads, proofs, and the
 * offline check.
 */
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { EventLog, StoredEvent } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqlite } from './driver.js'
import { openSqliteLog } from './log.js'
import { openLogTree } from './log-tree.js'
import { verifyConsistency, verifyInclusion } from './merkle.js'
import { logFile } from './open.js'
import { openNote } from './signed-note.js'
import { TAIL_EVENTS_MAX } from './tail.js'
import { verifySqliteLog } from './verify.js'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantlog-log-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const signer = {
  origin: 'grantlog.example/log',
  publicKey,
  sign: (text: string) => sign(null, Buffer.from(text), privateKey),
}

const right = <L, A>(either: E.Either<L, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left))
  return either.right
}

const openLog = async (onTreeHead: (note: string) => void = () => undefined): Promise<EventLog> => {
  const clock = { now: () => 1_700_000_000_000 }
  const heads = { signer, onTreeHead }
  return right(await openSqliteLog({ directory, clock, mode: 'in-thread', treeHeads: heads }))
}

const NOTE = '{"text":"größe"}'

const write = async (log: EventLog, count: number, size = 1, data = NOTE): Promise<void> => {
  const batch = () =>
    Array.from({ length: size }, () => ({
      id: randomUUID(),
      type: 'Noted',
      schemaVersion: 1,
      data,
      metadata: '{}',
    }))
  const appends = Array.from({ length: count }, (_, i) => log.append(`s${i % 5}`, 'any', batch())())
  for (const answer of await Promise.all(appends)) right(answer)
}

/** Asks V8 for a collection until something is gone, a few times. */
const collectGarbage = async (isGone: () => boolean): Promise<void> => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  for (let tried = 0; tried < 50 && !isGone(); tried += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    collect()
  }
}

const edit = (sql: string): void => {
  const database = right(openSqlite(logFile(directory)))
  database.exec(sql)
  database.close()
}

describe('a subscriber that is far behind', () => {
  it('given more events than the tail holds, then it reads pages and misses nothing', async () => {
    const log = await openLog()
    await write(log, 30, 1_000)
    const seen: Array<StoredEvent> = []
    const subscription = log.subscribe(0, {
      onEvents: async (events) => {
        seen.push(...events)
      },
      onFailure: (error) => {
        throw new Error(JSON.stringify(error))
      },
    })
    await write(log, 10, 10)
    while (seen.length < 30_100) await new Promise((resolve) => setTimeout(resolve, 5))
    await subscription.stop()
    await log.close()
    expect(30_000).toBeGreaterThan(2 * TAIL_EVENTS_MAX)
    expect(seen.every(({ position }, i) => position === i + 1)).toBe(true)
  }, 20_000)

  it('given large events, then no page of them is large, and the last is let go of', async () => {
    const megabyte = 1_000_000
    const first = await openLog()
    await write(first, 12, 1, JSON.stringify({ text: 'x'.repeat(megabyte - 20) }))
    await first.close()
    const log = await openLog()
    const sizes: number[] = []
    const pages: Array<WeakRef<object>> = []
    const subscription = log.subscribe(0, {
      onEvents: async (events) => {
        sizes.push(events.length)
        pages.push(new WeakRef(events))
      },
      onFailure: (error) => {
        throw new Error(JSON.stringify(error))
      },
    })
    const total = () => sizes.reduce((sum, size) => sum + size, 0)
    while (total() < 12) await new Promise((resolve) => setTimeout(resolve, 5))
    await collectGarbage(() => pages.every((page) => page.deref() === undefined))
    await subscription.stop()
    await log.close()
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5)
    expect(pages.filter((page) => page.deref() !== undefined)).toEqual([])
  }, 20_000)

  it('given a type that it never reads, then such events come without their texts', async () => {
    const first = await openLog()
    const note = { schemaVersion: 1, data: NOTE, metadata: '{"critical":false}' }
    const event = (type: string) => ({ ...note, id: randomUUID(), type })
    right(await first.append('s', 'any', [event('Noted'), event('Batch'), event('Noted')])())
    await first.close()
    const log = await openLog()
    const textsFor = (unread: ReadonlyArray<string>): Promise<ReadonlyArray<string>> =>
      new Promise((resolve, reject) => {
        log.subscribe(0, {
          onEvents: async (events) =>
            resolve(events.map(({ type, data, metadata }) => `${type} ${data}${metadata}`)),
          onFailure: (error) => reject(new Error(JSON.stringify(error))),
          unread,
        })
      })
    const whole = `${NOTE}{"critical":false}`
    const others = [`Noted ${whole}`, `Batch ${whole}`, `Noted ${whole}`]
    expect(await textsFor(['Batch'])).toEqual([`Noted ${whole}`, 'Batch ', `Noted ${whole}`])
    expect(await textsFor([])).toEqual(others)
    expect(await textsFor(["') OR ('"])).toEqual(others)
    await log.close()
  })
})

describe('the tree of a log', () => {
  it('given a thousand events and a close, then signed heads agree with each other', async () => {
    const notes: Array<string> = []
    const log = await openLog((note) => notes.push(note))
    await write(log, 1_000)
    await write(log, 400)
    await log.close()
    const heads = notes.map((note) => openNote(note, publicKey))
    expect(heads.at(-1)?.size).toBe(1_400)
    expect(heads.length).toBeGreaterThanOrEqual(2)

    const tree = right(openLogTree(directory))
    const [first, last] = [heads[0], heads.at(-1)]
    if (first == null || last == null) throw new Error('two heads')
    expect(right(tree.root(last.size))).toEqual(last.root)
    const proof = right(tree.consistency(first.size, last.size))
    expect(verifyConsistency(first, last, proof)).toBe(true)
    for (const position of [1, 256, 257, 1_399, 1_400]) {
      const { leaf, proof } = right(tree.inclusion(position, last.size))
      expect(verifyInclusion(leaf, position - 1, last.size, proof, last.root)).toBe(true)
    }
    expect(tree.root(1_401)).toEqual(E.left({ type: 'OutsideTree', events: 1_400 }))
    expect(tree.inclusion(0, 5)).toEqual(E.left({ type: 'OutsideTree', events: 1_400 }))
    tree.close()
  })

  it('given a log that goes on after a close, then its heads go on too', async () => {
    for (const count of [300, 5, 900]) {
      const log = await openLog()
      await write(log, count)
      await log.close()
    }
    const report = right(await verifySqliteLog(directory, publicKey))
    expect(report).toMatchObject({
      events: 1_205,
      headsChecked: 3,
      unsignedEvents: 0,
      problems: [],
    })
  })
})

describe('verifySqliteLog', () => {
  const problemsAfter = async (sql: string) => {
    const log = await openLog()
    await write(log, 600)
    await log.close()
    edit(sql)
    return right(await verifySqliteLog(directory, publicKey)).problems
  }

  it('given an event whose text was changed, then it names the event', async () => {
    const problems = await problemsAfter(`UPDATE events SET data = '{}' WHERE position = 300`)
    expect(problems).toContainEqual({ type: 'EventAltered', position: 300 })
    expect(problems).toContainEqual({ type: 'HeadDiffers', size: 600 })
  })

  it('given an event that is gone, then positions and revisions are not dense', async () => {
    const problems = await problemsAfter('DELETE FROM events WHERE position = 12')
    expect(problems[0]).toEqual({ type: 'PositionMissing', position: 12 })
    expect(problems).toContainEqual(expect.objectContaining({ type: 'RevisionNotDense' }))
    expect(problems).toContainEqual({ type: 'HeadDiffers', size: 600 })
  })

  it('given an end that was cut off, then the signed head is missed', async () => {
    const problems = await problemsAfter('DELETE FROM events WHERE position > 590')
    expect(problems).toEqual([{ type: 'HeadDiffers', size: 600 }])
    expect(
      await openSqliteLog({ directory, clock: { now: () => 0 }, mode: 'in-thread' }),
    ).toMatchObject({ left: { type: 'LogDamaged' } })
  })

  it('given a change with the whole tree made again, then the signature is missed', async () => {
    const { publicKey: other } = generateKeyPairSync('ed25519')
    await problemsAfter('SELECT 1')
    const report = right(await verifySqliteLog(directory, other))
    expect(report.problems).toEqual([{ type: 'HeadUnsigned', size: 600 }])
    expect(report.unsignedEvents).toBe(600)
  })

  it('given an index that leads elsewhere, then it says for how many events', async () => {
    const log = await openLog()
    await write(log, 5_000)
    await write(log, 10)
    await log.close()
    edit('UPDATE stream_index SET position = position + 1 WHERE revision < 3')
    const { problems } = right(await verifySqliteLog(directory, publicKey))
    expect(problems).toEqual([{ type: 'IndexAltered', missing: 15 }])
  })

  it('given time that steps back, then it says where', async () => {
    const problems = await problemsAfter('UPDATE events SET recorded_at = 1 WHERE position = 7')
    expect(problems[0]).toEqual({ type: 'TimeSteppedBack', position: 7 })
  })
})

describe('openSqliteLog', () => {
  it('given a file that is no log, then it is damaged, and the folder is free again', async () => {
    writeFileSync(logFile(directory), 'x'.repeat(10_000))
    for (const mode of ['in-thread', 'in-thread'] as const)
      expect(await openSqliteLog({ directory, clock: { now: () => 0 }, mode })).toMatchObject({
        left: { type: 'LogDamaged', directory },
      })
  })

  it('given the file of another program, then it is left alone', async () => {
    edit('CREATE TABLE theirs (x)')
    expect(
      await openSqliteLog({ directory, clock: { now: () => 0 }, mode: 'in-thread' }),
    ).toMatchObject({ left: { type: 'LogDamaged' } })
  })

  it('given a folder that cannot be, then it is unreadable', async () => {
    writeFileSync(join(directory, 'file'), '')
    const below = join(directory, 'file', 'below')
    expect(
      await openSqliteLog({ directory: below, clock: { now: () => 0 }, mode: 'in-thread' }),
    ).toMatchObject({ left: { type: 'DirectoryUnreadable', directory: below } })
  })
})
