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

it('given five wrong codes, used codes and kill -9, when BindMFADevice, then CheckAuthenticationCodeFail', async () => {
  const first = await start(0)
  const device = async (UserName: string) => {
    await first.ram('CreateUser', { UserName })
    const named = { VirtualMFADeviceName: UserName }
    return (await first.ram('CreateVirtualMFADevice', named)).VirtualMFADevice
  }
  const bind = (
    by: typeof first,
    UserName: string,
    SerialNumber: string,
    [AuthenticationCode1, AuthenticationCode2]: readonly [string, string],
  ) => by.ram('BindMFADevice', { UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 })

  const [guessed, replayed] = [await device('alice'), await device('bob')]
  const wrong = wrongCodeOf(guessed.Base32StringSeed)
  for (let n = 0; n < 5; n += 1)
    expect(await refusalOf(bind(first, 'alice', guessed.SerialNumber, [wrong, wrong]))).toBe(
      'CheckAuthenticationCodeFail',
    )
  const seed = replayed.Base32StringSeed
  const used = [codeOf(seed), codeOf(seed, 1)] as const
  await bind(first, 'bob', replayed.SerialNumber, used)
  await first.ram('UnbindMFADevice', { UserName: 'bob' })
  await kill()

  const second = await start(30_000)
  const right = [codeOf(guessed.Base32StringSeed), codeOf(guessed.Base32StringSeed, 1)] as const
  for (const call of [
    bind(second, 'alice', guessed.SerialNumber, right),
    bind(second, 'bob', replayed.SerialNumber, used),
  ])
    expect(await refusalOf(call)).toBe('CheckAuthenticationCodeFail')
})
