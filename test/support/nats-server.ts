/**
 * A real nats-server for a test: on a free loopback port, with a folder of its own that goes when
 * it stops.
 *
 * The program is looked for, then installed where that is possible (root on Debian). Elsewhere
 * GRANTLOG_TEST_NATS_URL names a running server that nobody else uses; grantlog's streams in it
 * are deleted at each start. Without any of these the tests fail.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'nats'

export type NatsServer = {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Holds the streams; outlives `kill`. */
  readonly directory: string
  /** Ends it without warning, as a crash does. Start it again with its port and directory. */
  readonly kill: () => Promise<void>
  /** Ends it and removes its folder. */
  readonly stop: () => Promise<void>
}

export type NatsServerOptions = {
  readonly jetstream: boolean
  readonly port?: number
  readonly directory?: string
  /** More lines for its configuration file. */
  readonly configuration?: string
}

/** How long a server may take to answer. Unit: milliseconds. */
const START_MS_MAX = 10_000

const STREAMS = ['GRANTLOG_EVENTS', 'GRANTLOG_NONCES']

const isInstalled = (): boolean =>
  spawnSync('nats-server', ['--version'], { stdio: 'ignore' }).status === 0

const install = (): void => {
  const lock = ['-o', 'DPkg::Lock::Timeout=120']
  const get = (...args: ReadonlyArray<string>): boolean =>
    spawnSync('apt-get', [...lock, ...args], { stdio: 'ignore' }).status === 0
  if (!get('install', '-y', 'nats-server') && get('update')) get('install', '-y', 'nats-server')
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port })
    socket.once('connect', () => socket.end(() => resolve(true)))
    socket.once('error', () => resolve(false))
  })

/** The port that the server says it has, once it has one. */
const portIn = (folder: string, pid: number): number | null => {
  const name = `nats-server_${pid}.ports`
  if (!readdirSync(folder).includes(name)) return null
  const text = readFileSync(join(folder, name), 'utf8')
  const found = /nats:\/\/127\.0\.0\.1:(\d+)/.exec(text)
  return found === null ? null : Number(found[1])
}

/** A server that somebody else runs, without what an earlier test left in it. */
const foreignServer = async (url: string): Promise<NatsServer> => {
  const nc = await connect({ servers: url })
  const { streams } = await nc.jetstreamManager()
  for (const name of STREAMS) await streams.delete(name).catch(() => undefined)
  await nc.close()
  const kill = async (): Promise<void> => {
    throw new Error('This test ends its server, so it needs nats-server on this machine.')
  }
  const port = Number(new URL(url).port || 4222)
  return { url, port, pid: 0, directory: '', kill, stop: async () => undefined }
}

const startOwn = async (options: NatsServerOptions): Promise<NatsServer> => {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'grantlog-nats-'))
  const file = join(directory, 'nats.conf')
  const lines = ['host: "127.0.0.1"', `port: ${options.port ?? -1}`]
  if (options.jetstream) lines.push(`jetstream { store_dir: ${JSON.stringify(directory)} }`)
  writeFileSync(file, [...lines, options.configuration ?? '', ''].join('\n'))
  const args = ['-c', file, '--ports_file_dir', directory]
  const child = spawn('nats-server', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let words = ''
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-2_000)
  })
  let isOver = false
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  }).then(() => {
    isOver = true
  })
  const endWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', endWithUs)
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
    process.removeListener('exit', endWithUs)
  }

  const pid = child.pid ?? 0
  const deadline = Date.now() + START_MS_MAX
  while (!isOver && Date.now() < deadline) {
    const port = portIn(directory, pid)
    if (port !== null && (await accepts(port))) {
      const stop = async (): Promise<void> => {
        await kill()
        rmSync(directory, { recursive: true, force: true })
      }
      return { url: `nats://127.0.0.1:${port}`, port, pid, directory, kill, stop }
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await kill()
  throw new Error(`nats-server did not start. ${words}`)
}

export const startNatsServer = async (options: NatsServerOptions): Promise<NatsServer> => {
  if (!isInstalled() && process.getuid?.() === 0) install()
  if (isInstalled()) return startOwn(options)
  const url = process.env['GRANTLOG_TEST_NATS_URL']
  if (url !== undefined) return foreignServer(url)
  throw new Error(
    'These tests need nats-server: install it, run them as root on Debian, or name a server of their own in GRANTLOG_TEST_NATS_URL.',
  )
}
