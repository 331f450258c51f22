/** Help and completion: made of the table of commands, and whole. */
import { execFile, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { COMMANDS, EXIT_CODES } from '@grantlog/cli'
import { OPERATIONS } from '@grantlog/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Journey, startJourney } from '../journeys/server.js'
import { grantlog, inProcess, MAIN, surroundings } from './grantlog.js'

const VISIBLE = COMMANDS.filter(({ isHidden, takesRest }) => !isHidden && !takesRest)

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantlog-completion-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the help', () => {
  it.each(VISIBLE.map((command) => [command.name, command] as const))(
    'given grantlog %s --help, then it tells all there is of it',
    async (name, command) => {
      const { code, out } = await inProcess([...name.split(' '), '--help'], {})
      expect(code).toBe(0)
      const flags = command.options.map(({ flag }) => flag)
      const told = [...flags, ...command.examples, '--output', 'Exit codes']
      expect(told.filter((text) => !out.includes(text))).toEqual([])
    },
  )

  it('given grantlog --help, then it lists every command and every exit code', async () => {
    const { code, out } = await inProcess(['--help'], {})
    expect(code).toBe(0)
    const first = COMMANDS.filter(({ isHidden }) => !isHidden).map(({ name }) => name.split(' ')[0])
    const told = [...first, ...EXIT_CODES.map(([number, meaning]) => `${number} ${meaning}`)]
    expect(told.filter((text) => !out.includes(text ?? ''))).toEqual([])
    expect(out).not.toContain('__complete')
  })

  it('given serve --help, then the server tells its own flags', async () => {
    const { code, out } = await grantlog(['serve', '--help'], {})
    expect([code, out]).toEqual([0, expect.stringContaining('--root-credentials')])
  })
})

describe('the function of the reference', () => {
  it('given its lines in a clone, then bash knows grantlog and completes it', () => {
    const page = readFileSync('docs/reference/cli.md', 'utf8')
    const [, lines = ''] = /```sh\n(here=.*?)```/s.exec(page) ?? []
    const typed = `COMP_LINE='grantlog timel' COMP_POINT=14; _grantlog; echo "\${COMPREPLY[@]}"`
    const shell = `${lines}cd /; ${typed}; grantlog --version`
    const { stdout } = spawnSync('bash', ['-c', shell], { encoding: 'utf8' })
    expect(stdout).toMatch(/^timeline\n\d+\.\d+\.\d+\n$/)
  })
})

describe('the completion', () => {
  const complete = async (words: ReadonlyArray<string>, env = {}) =>
    (await inProcess(['__complete', ...words], env)).out.split('\n').slice(0, -1)

  it.each([
    [['wh'], ['why', 'who-can', 'what-can']],
    [['sess'], ['sessions']],
    [['sessions', 're'], ['revoke']],
    [
      ['events', '-o', ''],
      ['table', 'json', 'jsonl', 'csv', 'yaml'],
    ],
    [['events', '--ou'], ['--output']],
    [
      ['can', 'alice', 'a:B', '*', '--p'],
      ['--profile', '--position'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [
      ['api', ''],
      ['ims', 'ram', 'sts'],
    ],
    [
      ['api', 'sts', ''],
      ['AssumeRole', 'GetCallerIdentity', 'AssumeRoleWithOIDC', 'AssumeRoleWithSAML'],
    ],
    [['-o', 'json', 'tim'], ['timeline']],
    [['can', 'alice', 'a:B', '*', '--session-policy', ''], []],
    [['nobody', 'x', ''], []],
  ])('given %j, then %j fits', async (words, fitting) => {
    expect((await complete(words)).toSorted()).toEqual([...fitting].toSorted())
  })

  it('given an operation of RAM, then all of them are offered', async () => {
    const names = OPERATIONS.filter(({ product }) => product === 'Ram').map(({ name }) => name)
    expect((await complete(['api', 'ram', ''])).toSorted()).toEqual(names.toSorted())
  })

  it('given no server, then no principal is offered and nothing is said', async () => {
    const ran = await grantlog(['__complete', 'can', ''], {})
    expect(ran).toEqual({ code: 0, out: '', err: '' })
  })

  describe('with a server', () => {
    let journey: Journey
    beforeAll(async () => {
      journey = await startJourney()
    })
    afterAll(() => journey.end())

    it('given the place of a principal, then users and roles are offered', async () => {
      const file = join(directory, 'root.json')
      const content = { ...journey.root, endpoint: journey.endpoint }
      writeFileSync(file, JSON.stringify(content), { mode: 0o600 })
      const env = { GRANTLOG_CREDENTIALS: file }
      await inProcess(['api', 'ram', 'CreateUser', '--UserName', 'alice'], env)
      expect(await complete(['can', ''], env)).toEqual(['alice', 'root'])
      expect(await complete(['can', 'al'], env)).toEqual(['alice'])
    })
  })
})

describe('the scripts', () => {
  const has = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined
  const CHECKS = [
    ['bash', '-n'],
    ['zsh', '-n'],
    ['fish', '--no-execute'],
  ] as const

  it.each(CHECKS)('given the script for %s, then it parses', async (shell, flag) => {
    const { code, out } = await inProcess(['completion', shell], {})
    expect([code, out]).toEqual([0, expect.stringContaining('grantlog __complete')])
    if (!has(shell)) return
    const file = join(directory, `grantlog.${shell}`)
    writeFileSync(file, out)
    const checked = spawnSync(shell, [flag, file])
    expect([checked.status, checked.stderr.toString()]).toEqual([0, ''])
  })

  it('given bash with the script, then it completes a line as a user types it', async () => {
    const program = join(directory, 'grantlog')
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`)
    chmodSync(program, 0o755)
    const typed = async (line: string): Promise<ReadonlyArray<string>> => {
      const script = `source <(grantlog completion bash)
COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
_grantlog
printf '%s\\n' "\${COMPREPLY[@]}"`
      const env = surroundings({ PATH: `${directory}:${process.env['PATH'] ?? ''}` })
      const ran = await promisify(execFile)('bash', ['-c', script, 'bash', line], { env })
      return ran.stdout.split('\n').filter((word) => word !== '')
    }
    expect(await typed('grantlog ev')).toEqual(['events'])
    expect(await typed('grantlog events -o js')).toEqual(['json', 'jsonl'])
    expect(await typed('grantlog can alice ots:GetRow * --posi')).toEqual(['--position'])
    expect(await typed('grantlog api sts ')).toEqual([
      'AssumeRole',
      'GetCallerIdentity',
      'AssumeRoleWithOIDC',
      'AssumeRoleWithSAML',
    ])
  })
})
