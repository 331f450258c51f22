/**
 * The server as an operator meets it: its help, its first start, its refusals to start, its stop.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { builtFile, killAll, type Run, run as runProcess, serving } from './process.js'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantlog-process-'))
})
afterEach(killAll)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const run = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}): Run =>
  runProcess(process.execPath, [builtFile('standalone', 'main.js'), ...args], env)

describe('the standalone process', () => {
  it('given --help, then every flag and the precedence are told', async () => {
    const help = run(['--help'])
    expect(await help.ended).toBe(0)
    for (const flag of ['--port', '--host', '--data', '--root-credentials', '--config'])
      expect(help.output()).toContain(flag)
    for (const word of ['Precedence', 'Exit codes']) expect(help.output()).toContain(word)
  })

  it('given a first start, then the root AccessKey is printed once and never again', async () => {
    const data = join(directory, 'printed')
    const first = run(['--port', '0', '--data', data])
    const endpoint = await serving(first)
    expect(first.output()).toMatch(/access key secret {2}[A-Za-z0-9]{30}/)
    expect((await fetch(`${endpoint}/readyz`)).status).toBe(200)
    expect((await fetch(`${endpoint}/livez`)).status).toBe(200)
    expect(await (await fetch(`${endpoint}/metrics`)).text()).toContain('grantlog_view_lag_events')
    first.child.kill('SIGTERM')
    expect(await first.ended).toBe(0)

    const second = run(['--port', '0', '--data', data])
    await serving(second)
    expect(second.output()).not.toContain('access key secret')
  })

  it('given a running server, then every file of its data folder is for its owner alone', async () => {
    const data = join(directory, 'private')
    const server = run(['--port', '0', '--data', data])
    await serving(server)
    const files = readdirSync(data)
    for (const file of ['log.sqlite', 'log.sqlite-wal', 'views.sqlite', 'lock.sqlite', 'lock.pid'])
      expect(files).toContain(file)
    const open = files.filter((file) => (statSync(join(data, file)).mode & 0o077) !== 0)
    expect(open).toEqual([])
  })

  it.each(['/proc/grantlog', join('file', 'data'), 'file'])(
    'given the data folder %s, which cannot be, then it says so and ends',
    async (path) => {
      writeFileSync(join(directory, 'file'), '')
      const data = path.startsWith('/') ? path : join(directory, path)
      const server = run(['--port', '0', '--data', data])
      expect(await server.ended).toBe(1)
      expect(server.output()).toContain(`The data folder ${data} can't be made or used`)
    },
  )

  it('given a path that is nobody’s, then the answer names it and what there is', async () => {
    const endpoint = await serving(run(['--port', '0', '--data', join(directory, 'paths')]))
    for (const [method, path] of [
      ['GET', '/nope'],
      ['POST', '/nope/deeper?x=1'],
    ] as const) {
      const answer = await fetch(`${endpoint}${path}`, { method })
      expect(answer.status).toBe(404)
      const body = (await answer.json()) as Record<string, string>
      expect(Object.keys(body)).toEqual(['RequestId', 'HostId', 'Code', 'Message'])
      expect(body['Message']).toContain(`${method} ${path.split('?')[0]}`)
      for (const known of ['/v1/', '/readyz', '/metrics']) expect(body['Message']).toContain(known)
    }
    for (const path of ['/v1', '/v1/']) {
      const index = (await (await fetch(`${endpoint}${path}`)).json()) as { paths: unknown[] }
      expect(index.paths.length).toBeGreaterThan(5)
    }
  })

  it('given --root-credentials, then the key goes to a file that only its owner reads', async () => {
    const file = join(directory, 'root.json')
    const server = run([
      '--port',
      '0',
      '--data',
      join(directory, 'filed'),
      '--root-credentials',
      file,
    ])
    const endpoint = await serving(server)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const credentials = JSON.parse(readFileSync(file, 'utf8'))
    expect(Object.keys(credentials).sort()).toEqual([
      'accessKeyId',
      'accessKeySecret',
      'accountId',
      'endpoint',
    ])
    expect(credentials.endpoint).toBe(endpoint)
    expect(server.output()).not.toContain(credentials.accessKeySecret)
  })

  it('given --root-credentials on a file that is there, then it is not touched', async () => {
    const file = join(directory, 'mine.json')
    writeFileSync(file, 'mine')
    const data = join(directory, 'refused')
    const server = run(['--port', '0', '--data', data, '--root-credentials', file])
    expect(await server.ended).toBe(1)
    expect(server.output()).toContain('is there already')
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  it('given a port that is taken, then it says so and makes no data', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const { port } = holder.address() as { port: number }
    const data = join(directory, 'never')
    const server = run(['--port', String(port), '--data', data])
    expect(await server.ended).toBe(1)
    expect(server.output()).toContain(`Port ${port}`)
    expect(() => statSync(data)).toThrow()
    await new Promise((resolve) => holder.close(resolve))
  })

  it('given a data folder in use, then a second server is refused and the first goes on', async () => {
    const data = join(directory, 'shared')
    const first = run(['--port', '0', '--data', data])
    const endpoint = await serving(first)
    const second = run(['--port', '0', '--data', data])
    expect(await second.ended).toBe(1)
    expect(second.output()).toContain(data)
    expect((await fetch(`${endpoint}/readyz`)).status).toBe(200)
  })

  it.each([
    [['--port', 'seventy'], 'port'],
    [['--host', '0.0.0.0'], 'loopback'],
    [['--log-level', 'loud'], 'log level'],
    [['--otlp', '127.0.0.1:4318'], 'collector'],
    [['--otlp', 'http://user:canary@127.0.0.1:4318'], 'OTEL_EXPORTER_OTLP_HEADERS'],
    [['--no-such-flag'], 'no-such-flag'],
  ])('given %j, then it does not start and names the fault', async (args, word) => {
    const server = run([...args, '--data', join(directory, 'faulty')])
    expect(await server.ended).toBe(2)
    expect(server.output()).toContain(word)
  })

  it('given a file, the environment and a flag, then the flag wins, then the environment', async () => {
    const config = join(directory, 'grantlog.json')
    writeFileSync(
      config,
      JSON.stringify({ port: 1, logLevel: 'info', data: join(directory, 'no') }),
    )
    const data = join(directory, 'precedence')
    const server = run(['--config', config, '--port', '0'], { GRANTLOG_DATA: data })
    await serving(server)
    expect(server.output()).toContain(data)

    writeFileSync(config, JSON.stringify({ prot: 7070 }))
    const faulty = run(['--config', config])
    expect(await faulty.ended).toBe(2)
    expect(faulty.output()).toContain('"prot"')

    writeFileSync(config, JSON.stringify({ quotas: { usersPerAcount: 5 } }))
    const misspelt = run(['--config', config])
    expect(await misspelt.ended).toBe(2)
    expect(misspelt.output()).toContain('"usersPerAcount"')
  })
})
