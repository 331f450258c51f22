/**
 * The embedded log and the death of processes: one writer per folder, and nothing acknowledged is
 * lost by a kill.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openSqliteLog, verifySqliteLog } from '@grantlog/adapters/sqlite'
import type { EventLog, StoredEvent } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const SCRIPT = fileURLToPath(new URL('./sqlite-writer.mjs', import.meta.url))
const KILLS = 4
const clock = { now: () => Date.now() }

let directory = ''
let children: Array<ChildProcess> = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantlog-crash-'))
  children = []
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(directory, { recursive: true })
})

type Writer = {
  readonly pid: number
  /** Whole lines printed so far; the first is `open`. */
  readonly lines: () => ReadonlyArray<string>
  readonly kill: () => Promise<void>
}

const startWriter = async (mode: string): Promise<Writer> => {
  const child = spawn(process.execPath, [SCRIPT, directory, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const closed = once(child, 'close')
  while (!text.includes('\n')) await Promise.race([once(child.stdout, 'data'), closed])
  return {
    pid: child.pid ?? 0,
    lines: () => text.slice(0, text.lastIndexOf('\n')).split('\n'),
    kill: async () => {
      child.kill('SIGKILL')
      await closed
    },
  }
}

const open = async (): Promise<EventLog> => {
  const opened = await openSqliteLog({ directory, clock, mode: 'in-thread' })
  if (E.isLeft(opened)) throw new Error(JSON.stringify(opened.left))
  return opened.right
}

const everything = async (log: EventLog): Promise<ReadonlyArray<StoredEvent>> => {
  const events: Array<StoredEvent> = []
  for (;;) {
    const page = await log.readAll({ after: events.length, limit: 5_000 })()
    if (E.isLeft(page)) throw new Error(JSON.stringify(page.left))
    if (page.right.length === 0) return events
    events.push(...page.right)
  }
}

describe('a folder', () => {
  it('given another process that writes there, then it is taken until that dies', async () => {
    const writer = await startWriter('worker')
    expect(writer.lines()[0]).toBe('open')
    const refused = await openSqliteLog({ directory, clock, mode: 'in-thread' })
    expect(refused).toEqual(E.left({ type: 'DirectoryTaken', directory, pid: writer.pid }))
    await writer.kill()
    await (await open()).close()
  }, 30_000)

  it('given a log that is open here, then a second one is refused until it closes', async () => {
    const log = await open()
    const refused = await openSqliteLog({ directory, clock, mode: 'worker' })
    expect(refused).toEqual(E.left({ type: 'DirectoryTaken', directory, pid: process.pid }))
    await log.close()
    await (await open()).close()
  })
})

describe('kill -9', () => {
  for (const mode of ['worker', 'in-thread'])
    it(`given a killed writer (${mode}), then nothing acknowledged is lost`, async () => {
      const acknowledged = new Set<string>()
      for (let round = 0; round < KILLS; round += 1) {
        const writer = await startWriter(mode)
        await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 300))
        await writer.kill()
        for (const id of writer.lines().slice(1)) acknowledged.add(id)

        const log = await open()
        const events = await everything(log)
        await log.close()
        expect(events.map(({ position }) => position)).toEqual(events.map((_, i) => i + 1))
        const stored = new Set(events.map(({ id }) => id))
        expect(stored.size).toBe(events.length)
        expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([])
      }
      const { publicKey } = generateKeyPairSync('ed25519')
      const report = await verifySqliteLog(directory, publicKey)
      expect(report).toMatchObject(E.right({ problems: [] }))
      expect(acknowledged.size).toBeGreaterThan(0)
    }, 60_000)
})
