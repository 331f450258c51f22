/** Entities of applications, loaded from a file, listed now and then, and removed. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Journey, startJourney } from '../journeys/server.js'
import { grantlog, inProcess, type Ran } from './grantlog.js'

let journey: Journey
let env: Readonly<Record<string, string>>
beforeAll(async () => {
  journey = await startJourney()
  const { endpoint, directory, root } = journey
  env = { GRANTLOG_CREDENTIALS: fileOf('here.json', { ...root, endpoint }, directory) }
  await run('api', 'ram', 'CreateUser', '--UserName', 'alice')
})
afterAll(() => journey.end())

const run = (...args: ReadonlyArray<string>): Promise<Ran> => inProcess(args, env)

const fileOf = (name: string, content: unknown, directory = journey.directory): string => {
  const path = join(directory, name)
  writeFileSync(path, JSON.stringify(content), { mode: 0o600 })
  return path
}

const APP = {
  subjects: [
    {
      type: 'user',
      id: 'rick@example.com',
      properties: { team: 'portal' },
      actsAs: ['acs:ram::{uid}:user/alice'],
    },
  ],
  resources: [{ type: 'todo', id: '1', properties: { owner: 'rick@example.com' } }],
  actions: [{ resourceType: 'todo', name: 'read' }],
}

describe('grantlog entities', () => {
  it('given a file, then it is loaded, and loading it again changes nothing', async () => {
    const file = fileOf('app.json', APP)
    const first = await grantlog(['entities', 'load', file, '-o', 'json'], env)
    expect(JSON.parse(first.out)).toMatchObject({ registered: 3, unchanged: 0 })
    const again = await run('entities', 'load', file, '-o', 'json')
    expect(JSON.parse(again.out)).toMatchObject({ registered: 0, updated: 0, unchanged: 3 })
    const listed = await run('entities', 'subject', 'user')
    expect(listed.out).toMatch(
      /user +rick@example\.com +\{"team":"portal"\} +acs:ram::\d+:user\/alice/,
    )
  })

  it('given standard input, then it is a file too', async () => {
    const text = JSON.stringify({ resources: [{ type: 'todo', id: '2' }] })
    const ran = await grantlog(['entities', 'load', '-'], env, text)
    expect([ran.code, ran.err]).toEqual([0, ''])
    expect(ran.out).toMatch(/registered: +1/)
  })

  it('given more than the server takes at once, then it goes in parts', async () => {
    const resources = Array.from({ length: 2500 }, (_, index) => ({
      type: 'page',
      id: `p${String(index).padStart(4, '0')}`,
    }))
    const { out } = await run('entities', 'load', fileOf('many.json', { resources }), '-o', 'json')
    expect(JSON.parse(out)).toMatchObject({ registered: 2500 })
    const listed = await run('entities', 'resource', 'page', '--all', '-o', 'jsonl')
    expect(listed.out.trimEnd().split('\n')).toHaveLength(2500)
  })

  it('given a part that is refused, then it says how many were taken before', async () => {
    const resources = Array.from({ length: 1001 }, (_, index) => ({
      type: 'leaf',
      id: index === 1000 ? '' : `l${index}`,
    }))
    const { code, err } = await run('entities', 'load', fileOf('torn.json', { resources }))
    expect(code).toBe(2)
    expect(err).toContain('1000 of 1001 were taken before this.')
  })

  it('given a removal, then what was known is known of then', async () => {
    const before = JSON.parse((await run('entities', 'resource', 'todo', '-o', 'json')).out)
    const gone = fileOf('gone.json', { resources: [{ type: 'todo', id: '1' }] })
    expect((await run('entities', 'remove', gone)).code).toBe(0)
    expect((await run('entities', 'remove', gone)).code).toBe(3)
    const ids = async (...moment: ReadonlyArray<string>) => {
      const { out } = await run('entities', 'resource', 'todo', ...moment, '-o', 'json')
      return JSON.parse(out).entities.map(({ id }: { readonly id: string }) => id)
    }
    expect(await ids()).not.toContain('1')
    expect(await ids('--position', String(before.position))).toContain('1')
  })

  it.each([
    [{ things: [] }, 'unknown member "things"'],
    [{ subjects: {} }, 'must be a list'],
    [{ subjects: [] }, 'names no entity'],
    [[1], 'one JSON object'],
  ])('given the file %j, then it is wrong', async (content, sentence) => {
    const { code, err } = await run('entities', 'load', fileOf('wrong.json', content))
    expect([code, err]).toEqual([2, expect.stringContaining(sentence)])
  })
})
