/**
 * Runs the built command line tool as a shell does, against a server of the test's own.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { runCommandLine, type Terminal } from '@grantlog/cli'

export const MAIN = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

export type Surroundings = Readonly<Record<string, string>>

/** Nothing of the machine's own settings reaches the tool; PATH alone does. */
export const surroundings = (env: Surroundings): Surroundings => ({
  PATH: process.env['PATH'] ?? '',
  HOME: '/nowhere',
  ...env,
})

export const grantlog = (
  args: ReadonlyArray<string>,
  env: Surroundings,
  input?: string,
): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { env: surroundings(env) })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString()
    })
    child.stdin.end(input)
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, out, err }))
  })

/**
 * The same run inside this process, for what needs no process of its own: hundreds of starts would
 * take minutes.
 */
export const inProcess = async (args: ReadonlyArray<string>, env: Surroundings): Promise<Ran> => {
  let [out, err] = ['', '']
  const paint = (_: unknown, text: string): string => text
  const terminal: Terminal = {
    write: async (text) => {
      out += text
    },
    tell: (text) => {
      err += `${text}\n`
    },
    paint,
    paintTalk: paint,
    drawing: null,
  }
  const known = { terminal, env: surroundings(env), version: '0.0.0', now: Date.now() }
  const code = await runCommandLine(args, known)
  return { code, out, err }
}
