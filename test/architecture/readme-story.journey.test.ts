/** The README's five-minute story, run as it is written: its snippets against a server. */
import { execFile } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Journey, startJourney } from '../journeys/server.js'
import { ROOT, textOf } from './source-files.js'

const README = textOf('README.md')

/** The code blocks of the story, in order. */
const snippets = [...README.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)

describe('the five-minute story of the README', () => {
  let journey: Journey
  beforeAll(async () => {
    journey = await startJourney()
    symlinkSync(join(ROOT, 'node_modules'), join(journey.directory, 'node_modules'))
  })
  afterAll(() => journey.end())

  it('given its snippets one after the other, then they say what they promise', async () => {
    expect(snippets).toHaveLength(2)
    writeFileSync(join(journey.directory, 'story.mjs'), snippets.join('\n'))

    const { stdout } = await promisify(execFile)(process.execPath, ['story.mjs'], {
      cwd: journey.directory,
      env: { ...process.env, GRANTLOG_ENDPOINT: journey.endpoint },
      timeout: 30_000,
    })
    expect(stdout).toMatch(/alice 2\d+/)
    expect(stdout.match(/allowed: true/g)).toHaveLength(1)
    expect(stdout.match(/allowed: false/g)).toHaveLength(1)
    expect(stdout).toContain("eventType: 'PolicyAttached'")
    expect(stdout).toContain("type: 'AccountCreated'")
    expect(stdout).toContain("reason: 'reads the orders'")
    expect(stdout).toContain("ticket: 'OPS-1'")
  })
})
