/** Wrong codes are counted in the log: a server that is really killed locks no one less. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { refusalOf } from '../journeys/official-clients.js'
import { codeOf, connect, later, wrongCodeOf } from './server.js'

const SERVER = fileURLToPath(new URL('../faults/killed-server.mjs', import.meta.url))

let directory = ''
let child: ChildProcess | undefined
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantlog-codes-'))
})
afterEach(async () => {
  vi.useRealTimers()
  await kill()
  rmSync(directory, { recursive: true, force: true })
})

/** The clock of each life runs ahead, so that its nonces are new; ours is moved along. */
const start = async (ahead: number) => {
  const endpoint = await new Promise<string>((resolve, reject) => {
    const started = spawn(process.execPath, [SERVER, directory, String(ahead)])
    child = started
    let output = ''
    started.stdout.on('data', (chunk) => {
      output += chunk
      const line = output.split('\n').find((text) => text.startsWith('serving '))
      if (line !== undefined) resolve(line.slice('serving '.length))
    })
    started.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
  vi.useRealTimers()
  later(ahead)
  const keys = JSON.parse(readFileSync(join(directory, 'root.json'), 'utf8'))
  return connect({ endpoint }, keys)
}

const kill = async (): Promise<void> => {
  const running = child
  child = undefined
  if (running === undefined || running.exitCode !== null || running.signalCode !== null) return
  const gone = new Promise((resolve) => running.once('exit', resolve))
  running.kill('SIGKILL')
  await gone
}

it('given five wrong codes and kill -9, when BindMFADevice with right codes, then CheckAuthenticationCodeFail until the lock is over, and never twice', async () => {
  const first = await start(0)
  await first.ram('CreateUser', { UserName: 'alice' })
  const named = { VirtualMFADeviceName: 'phone' }
  const { VirtualMFADevice } = await first.ram('CreateVirtualMFADevice', named)
  const { SerialNumber, Base32StringSeed: seed } = VirtualMFADevice
  const bind = (by: typeof first, AuthenticationCode1: string, AuthenticationCode2: string) =>
    by.ram('BindMFADevice', {
      UserName: 'alice',
      SerialNumber,
      AuthenticationCode1,
      AuthenticationCode2,
    })
  const wrong = wrongCodeOf(seed)
  for (let n = 0; n < 5; n += 1)
    expect(await refusalOf(bind(first, wrong, wrong))).toBe('CheckAuthenticationCodeFail')
  await kill()

  const second = await start(120_000)
  expect(await refusalOf(bind(second, codeOf(seed), codeOf(seed, 1)))).toBe(
    'CheckAuthenticationCodeFail',
  )
  await kill()

  const third = await start(16 * 60_000)
  const used = [codeOf(seed), codeOf(seed, 1)] as const
  await bind(third, ...used)
  await third.ram('UnbindMFADevice', { UserName: 'alice' })
  await kill()

  const fourth = await start(16 * 60_000 + 30_000)
  expect(await refusalOf(bind(fourth, ...used))).toBe('CheckAuthenticationCodeFail')
})
