/**
 * `grantlog serve`: starts the standalone server as a process of its own, with whatever flags it
 * takes.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT_UNAVAILABLE, type ExitCode } from '../failure.js'
import type { Command } from './command.js'

/** As `npm start` gives it: see the server's main file for why. */
const NODE_FLAGS: ReadonlyArray<string> = ['--max-semi-space-size=64']

/** The server is found by its package's name, and started, never imported. */
const serverFile = (): string =>
  fileURLToPath(new URL('./main.js', import.meta.resolve('@grantlog/standalone')))

/** Runs until the server ends, and hands on the signals that it should stop by. */
const runServer = (args: ReadonlyArray<string>): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [...NODE_FLAGS, serverFile(), ...args], {
      stdio: 'inherit',
    })
    const hand = (signal: NodeJS.Signals) => (): void => void child.kill(signal)
    process.on('SIGTERM', hand('SIGTERM'))
    process.on('SIGINT', hand('SIGINT'))
    child.once('error', () => resolve(EXIT_UNAVAILABLE))
    child.once('exit', (code) => resolve(code ?? EXIT_UNAVAILABLE))
  })

export const serve: Command = {
  name: 'serve',
  summary: 'Starts the standalone server; grantlog serve --help tells its flags.',
  details:
    'All that follows is for the server. Its exit code is 0 when it was stopped, 1 when it could ' +
    'not start or stop, 2 when a flag, a variable or its file is wrong.',
  arguments: [],
  options: [],
  examples: ['grantlog serve --port 7070 --data ./data --root-credentials root.json'],
  takesRest: true,
  run: async ({ given }) => E.right((await runServer(given.rest)) as ExitCode),
}
