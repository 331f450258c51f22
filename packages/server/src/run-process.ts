/**
 * The life of a process: reads its configuration, starts, says where it listens, and stops cleanly
 * on a signal.
 */
import { createLogger, type Logger } from '@grantlog/adapters/system'
import * as E from 'fp-ts/lib/Either.js'
import type { LogLevel } from './known-settings.js'
import type { NotStarting } from './settings.js'
import type { Incidents, StartFailed } from './starting.js'

/** How long a clean stop may take before the process ends all the same. Unit: milliseconds. */
const STOP_MS_MAX = 10_000

/** Of a process that could not start, and of one whose settings make no sense. */
const EXIT_NOT_STARTED = 1
const EXIT_BAD_SETTING = 2

/** What runs: its address, and how it stops. */
export type Running = {
  /** URL, with the port that it really has. */
  readonly endpoint: string
  /** Resolves when everything accepted is finished and stored. */
  readonly stop: () => Promise<void>
}

export type Process<Configuration, R extends Running> = {
  readonly name: string
  readonly read: (args: ReadonlyArray<string>) => E.Either<NotStarting, Configuration>
  readonly start: (
    configuration: Configuration,
    incidents: Incidents & { readonly logger: Logger },
  ) => Promise<E.Either<StartFailed, R>>
  /** The lines for the terminal once it serves. */
  readonly lines: (running: R, configuration: Configuration) => ReadonlyArray<string>
}

const stopOnSignals = (running: Running, logger: Logger): void => {
  let stopping = false
  const stop = (signal: string): void => {
    if (stopping) return
    stopping = true
    logger.info('stopping', { signal })
    setTimeout(() => process.exit(EXIT_NOT_STARTED), STOP_MS_MAX).unref()
    void running.stop().then(() => {
      logger.info('stopped')
      process.exitCode = 0
    })
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
}

const sayFault = (name: string, sentence: string): void =>
  void process.stderr.write(`${name} does not start. ${sentence}\n`)

/** To be called once, by the main file of a service. */
export const runProcess = async <
  Configuration extends { readonly logLevel: LogLevel },
  R extends Running,
>({
  name,
  read,
  start,
  lines,
}: Process<Configuration, R>): Promise<void> => {
  // Who reads the first lines of a help alone closes the pipe, and that is no fault.
  process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
    if (fault.code !== 'EPIPE') throw fault
  })
  const configuration = read(process.argv.slice(2))
  if (E.isLeft(configuration)) {
    const told = configuration.left
    if (told.type === 'BadConfiguration') sayFault(name, told.sentence)
    process.exitCode = told.type === 'Told' ? told.exitCode : EXIT_BAD_SETTING
    return
  }
  const logger = createLogger({ level: configuration.right.logLevel, stream: process.stderr })
  const started = await start(configuration.right, {
    logger,
    onStopped: (reason) =>
      logger.error('this process stopped and allows nothing', { detail: reason }),
    onFault: (fault) => logger.error('fault', { error: fault }),
  })
  if (E.isLeft(started)) {
    sayFault(name, started.left.sentence)
    process.exitCode = EXIT_NOT_STARTED
    return
  }
  stopOnSignals(started.right, logger)
  for (const line of lines(started.right, configuration.right)) process.stdout.write(`${line}\n`)
  const { hostname: host, port } = new URL(started.right.endpoint)
  logger.info('serving', { host, port: Number(port), pid: process.pid })
}

/** What is printed of the root AccessKey: the secret once, where no file was named for it. */
export const credentialLines = (
  credentials: {
    readonly accountId: string
    readonly accessKeyId: string
    readonly accessKeySecret: string
  } | null,
  file: string | null,
): ReadonlyArray<string> => {
  if (credentials === null)
    return file === null ? [] : ['  The account is there already; no root AccessKey is written.']
  if (file !== null) return ['', `  A new account was opened; its root AccessKey is in ${file}`, '']
  return [
    `
  A new account was opened. This is its root AccessKey; the secret is shown this once and kept nowhere in clear:

    account id         ${credentials.accountId}
    access key id      ${credentials.accessKeyId}
    access key secret  ${credentials.accessKeySecret}

  Root is for setting up and for recovery: make an admin user, and keep this key in a safe.
`,
  ]
}
