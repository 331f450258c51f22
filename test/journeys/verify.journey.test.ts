/** The offline check as an auditor runs it: on a whole log, and on logs that somebody touched. */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLIENT_KINDS } from './official-clients.js'
import { type Journey, startJourney } from './server.js'

const script = fileURLToPath(new URL('../../services/standalone/dist/verify.js', import.meta.url))
let journey: Journey
let base: string
beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'grantlog-verify-'))
  journey = await startJourney()
  const [kind] = CLIENT_KINDS
  for (const UserName of ['alice', 'bob', 'carol'])
    await kind?.connect(journey.endpoint, journey.root).ram('CreateUser', { UserName })
  await journey.standalone.stop()
})
afterAll(async () => {
  rmSync(base, { recursive: true, force: true })
  rmSync(journey.directory, { recursive: true, force: true })
})

type Ended = { readonly code: number; readonly output: string }

const verify = (...args: ReadonlyArray<string>): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], (fault, stdout, stderr) =>
      resolve({ code: Number(fault?.code ?? 0), output: stdout + stderr }),
    )
  })

/** A copy of the data folder, changed by someone who can write files. */
const copyChangedBy = (name: string, sql: string): string => {
  const copy = join(base, name)
  cpSync(join(journey.directory, 'data'), copy, { recursive: true })
  const database = new DatabaseSync(join(copy, 'log.sqlite'))
  database.exec(sql)
  database.close()
  return copy
}

describe('npm run verify', () => {
  it('given the folder as the server left it, then chain, tree and signatures are well', async () => {
    const { code, output } = await verify('--data', join(journey.directory, 'data'))
    expect(output).toMatch(/chain +ok +\d+ events/)
    expect(output).toMatch(/tree +ok .*root [0-9a-f]{64}/)
    expect(output).toMatch(/signatures +ok +[1-9]\d* signed heads, .*; 0 events after/)
    expect(output).toContain('The log is whole.')
    expect(code).toBe(0)
  })

  it.each([
    [
      'an event altered',
      "UPDATE events SET data = replace(data, 'alice', 'mallory')",
      /tree +DAMAGE +the event at position \d+ was altered|signatures +DAMAGE .*another tree/,
    ],
    ['an event removed', 'DELETE FROM events WHERE position = 4', /chain +DAMAGE .*4 is missing/],
    [
      'the last events removed',
      'DELETE FROM events WHERE position > 3',
      /signatures +DAMAGE .*another tree/,
    ],
    [
      'a head signed by nobody',
      "UPDATE tree_heads SET note = replace(note, '—', '–')",
      /signatures +DAMAGE .*not signed/,
    ],
    ['time turned back', 'UPDATE events SET recorded_at = 1 WHERE position = 5', /chain +DAMAGE/],
  ])('given %s, then the damage is told and the exit code is 1', async (name, sql, damage) => {
    const { code, output } = await verify('--data', copyChangedBy(name, sql))
    expect(output).toMatch(damage)
    expect(output).toContain('The log is damaged.')
    expect(code).toBe(1)
  })

  it('given no folder, a wrong flag or --help, then 1, 2 and 0', async () => {
    const none = await verify('--data', join(base, 'nowhere'))
    expect([none.code, none.output]).toEqual([1, expect.stringContaining('nowhere')])
    expect((await verify('--dat', base)).code).toBe(2)
    const help = await verify('--help')
    expect([help.code, help.output]).toEqual([0, expect.stringContaining('Exit codes')])
  })
})
