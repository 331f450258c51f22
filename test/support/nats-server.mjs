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

/** How long a server may take to answer. Unit: milliseconds. */
const START_MS_MAX = 10_000

const STREAMS = ['GRANTLOG_EVENTS', 'GRANTLOG_NONCES']

const isInstalled = () => spawnSync('nats-server', ['--version'], { stdio: 'ignore' }).status === 0

const install = () => {
  const lock = ['-o', 'DPkg::Lock::Timeout=120']
  const get = (...args) =>
    spawnSync('apt-get', [...lock, ...args], { stdio: 'ignore' }).status === 0
  if (!get('install', '-y', 'nats-server') && get('update')) get('install', '-y', 'nats-server')
}

const accepts = (port) =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port })
    socket.once('connect', () => socket.end(() => resolve(true)))
    socket.once('error', () => resolve(false))
  })

/** The port that the server says it has, once it has one. */
const portIn = (folder, pid) => {
  const name = `nats-server_${pid}.ports`
  if (!readdirSync(folder).includes(name)) return null
  const text = readFileSync(join(folder, name), 'utf8')
  const found = /nats:\/\/127\.0\.0\.1:(\d+)/.exec(text)
  return found === null ? null : Number(found[1])
}

/** A server that somebody else runs, without what an earlier test left in it. */
const foreignServer = async (url) => {
  const nc = await connect({ servers: url })
  const { streams } = await nc.jetstreamManager()
  for (const name of STREAMS) await streams.delete(name).catch(() => undefined)
  await nc.close()
  const kill = async () => {
    throw new Error('This test ends its server, so it needs nats-server on this machine.')
  }
  const port = Number(new URL(url).port || 4222)
  return { url, port, pid: 0, directory: '', kill, stop: async () => undefined }
}

const startOwn = async (options) => {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'grantlog-nats-'))
  const file = join(directory, 'nats.conf')
  const lines = ['host: "127.0.0.1"', `port: ${options.port ?? -1}`]
  if (options.jetstream) lines.push(`jetstream { store_dir: ${JSON.stringify(directory)} }`)
  writeFileSync(file, [...lines, options.configuration ?? '', ''].join('\n'))
  const args = ['-c', file, '--ports_file_dir', directory]
  const child = spawn('nats-server', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let words = ''
  child.stderr.on('data', (chunk) => {
    words = (words + chunk.toString()).slice(-2_000)
  })
  let isOver = false
  const ended = new Promise((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  }).then(() => {
    isOver = true
  })
  const endWithUs = () => void child.kill('SIGKILL')
  process.once('exit', endWithUs)
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
    process.removeListener('exit', endWithUs)
  }

  const pid = child.pid ?? 0
  const deadline = Date.now() + START_MS_MAX
  while (!isOver && Date.now() < deadline) {
    const port = portIn(directory, pid)
    if (port !== null && (await accepts(port))) {
      const stop = async () => {
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

export const startNatsServer = async (options) => {
  if (!isInstalled() && process.getuid?.() === 0) install()
  if (isInstalled()) return startOwn(options)
  const url = process.env['GRANTLOG_TEST_NATS_URL']
  if (url !== undefined) return foreignServer(url)
  throw new Error(
    'These tests need nats-server: install it, run them as root on Debian, or name a server of their own in GRANTLOG_TEST_NATS_URL.',
  )
}
