/** Processes as an operator starts them: what they say, how they end, and where they serve. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** The built file of a service. */
export const builtFile = (service: string, file: string): string =>
  fileURLToPath(new URL(`../../services/${service}/dist/${file}`, import.meta.url))

export type Run = {
  readonly child: ChildProcess
  /** Standard output and standard error, as they came. */
  readonly output: () => string
  readonly ended: Promise<number | null>
}

const children: ChildProcess[] = []

export const run = (
  command: string,
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {},
): Run => {
  const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env } })
  children.push(child)
  let output = ''
  const take = (chunk: Buffer) => {
    output += chunk.toString()
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, output: () => output, ended }
}

/** Ends whatever `run` has started. */
export const killAll = (): void => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
}

export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 1_600; tries++) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('it did not come to be')
}

/** The address that a server prints once it serves. */
export const serving = async ({ output }: Run): Promise<string> => {
  const found = () => /at (http:\/\/127\.0\.0\.1:\d+)/.exec(output())?.[1]
  await until(() => found() !== undefined)
  return found() ?? ''
}
