/**
 * The configuration of the standalone server: flags win over the environment, the environment
 * over the file, the file over the defaults. Unknown members of the file are refused, so that a
 * misspelt one never goes unnoticed.
 */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { DEFAULT_QUOTAS, Quotas } from '@grantlog/domain'
import { Command, CommanderError, Option } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { PathReporter } from 'io-ts/lib/PathReporter.js'

export type Configuration = {
  readonly host: string
  readonly port: number
  /** Where the log, the vault, the key file and the views live. */
  readonly data: string
  /** Where the root AccessKey goes on the first start; null prints it once. */
  readonly rootCredentials: string | null
  readonly logLevel: LogLevel
  readonly quotas: Quotas
}

const LogLevel = t.keyof({
  fatal: null,
  error: null,
  warn: null,
  info: null,
  debug: null,
  silent: null,
})
type LogLevel = t.TypeOf<typeof LogLevel>

/**
 * Why the process should not start: a sentence for the terminal, or a text that was asked for
 * (`--help`).
 */
export type NotStarting =
  | { readonly type: 'Told'; readonly exitCode: number }
  | { readonly type: 'BadConfiguration'; readonly sentence: string }

/** What the file may hold; each member has the name of its flag in camel case. */
const ConfigurationFile = t.partial({
  host: t.string,
  port: t.number,
  data: t.string,
  rootCredentials: t.string,
  logLevel: LogLevel,
  allowRemote: t.boolean,
  quotas: t.UnknownRecord,
})
type ConfigurationFile = t.TypeOf<typeof ConfigurationFile>

const MEMBERS = Object.keys(ConfigurationFile.props)

/** The configuration file may hold at most this many bytes. */
const CONFIGURATION_BYTES_MAX = 65_536

const HELP_AFTER = `
Precedence: flag, then environment (shown above), then --config file, then default.

Examples:
  npm start
  npm start -- --port 7070 --data /var/lib/grantlog --root-credentials root.json
  GRANTLOG_PORT=8080 npm start

GET /readyz answers 200 once the server serves. Stop it with SIGTERM or Ctrl-C.

Exit codes: 0 stopped cleanly, 1 could not start or stop, 2 a flag, a variable or the config
file is wrong.`

const commandLine = (): Command =>
  new Command('grantlog')
    .description(
      'An event-sourced identity and access engine that the official Alibaba Cloud RAM and STS clients talk to unchanged.',
    )
    .version('0.1.0')
    .addOption(
      new Option('-p, --port <port>', 'port to listen on (default: 7070)').env('GRANTLOG_PORT'),
    )
    .addOption(
      new Option('--host <address>', 'address to listen on (default: 127.0.0.1)').env(
        'GRANTLOG_HOST',
      ),
    )
    .addOption(
      new Option(
        '-d, --data <dir>',
        'folder of the log, the vault and the views (default: ./data)',
      ).env('GRANTLOG_DATA'),
    )
    .addOption(
      new Option(
        '--root-credentials <file>',
        'on the first start, write the root AccessKey to this file (mode 0600) instead of printing it',
      ).env('GRANTLOG_ROOT_CREDENTIALS'),
    )
    .addOption(
      new Option(
        '--log-level <level>',
        'fatal, error, warn, info, debug or silent (default: info)',
      ).env('GRANTLOG_LOG_LEVEL'),
    )
    .addOption(
      new Option(
        '--allow-remote',
        'permit an address other than loopback; put TLS in front, for requests then cross a network',
      ).env('GRANTLOG_ALLOW_REMOTE'),
    )
    .addOption(
      new Option('-c, --config <file>', 'JSON file with the same members, and quotas').env(
        'GRANTLOG_CONFIG',
      ),
    )
    .addHelpText('after', HELP_AFTER)
    .allowExcessArguments(false)
    .exitOverride()

const bad = (sentence: string): E.Either<NotStarting, never> =>
  E.left({ type: 'BadConfiguration', sentence })

const readFile = (path: string): E.Either<NotStarting, ConfigurationFile> => {
  let content: unknown
  try {
    const text = readFileSync(path, 'utf8')
    if (text.length > CONFIGURATION_BYTES_MAX)
      return bad(`The configuration file ${path} is too large.`)
    content = JSON.parse(text)
  } catch (fault) {
    return bad(`The configuration file ${path} can't be read: ${(fault as Error).message}`)
  }
  const decoded = ConfigurationFile.decode(content)
  if (E.isLeft(decoded))
    return bad(
      `The configuration file ${path} is not valid: ${PathReporter.report(decoded).join('; ')}`,
    )
  const unknown = Object.keys(decoded.right).find((member) => !MEMBERS.includes(member))
  return unknown === undefined
    ? E.right(decoded.right)
    : bad(
        `The configuration file ${path} has an unknown member "${unknown}". Known are: ${MEMBERS.join(', ')}.`,
      )
}

const portOf = (value: string | number): number | undefined => {
  const port = typeof value === 'number' ? value : /^[0-9]{1,5}$/.test(value) ? Number(value) : -1
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : undefined
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

const isTrue = (value: unknown): boolean => value === true || value === 'true' || value === '1'

const QUOTAS = Object.keys(DEFAULT_QUOTAS)

/** The quotas with those of the file in place of the defaults. */
const quotasOf = (given: Readonly<Record<string, unknown>>): E.Either<NotStarting, Quotas> => {
  const unknown = Object.keys(given).find((name) => !QUOTAS.includes(name))
  if (unknown !== undefined)
    return bad(`There is no quota "${unknown}". Known are: ${QUOTAS.join(', ')}.`)
  const quotas = Quotas.decode({ ...DEFAULT_QUOTAS, ...given })
  return E.isRight(quotas)
    ? quotas
    : bad(`The quotas are not valid: ${PathReporter.report(quotas).join('; ')}`)
}

/** Reads flags (without the program's name), environment and file into one configuration. */
export const readConfiguration = (
  args: ReadonlyArray<string>,
): E.Either<NotStarting, Configuration> => {
  const command = commandLine()
  try {
    command.parse(args, { from: 'user' })
  } catch (fault) {
    if (fault instanceof CommanderError)
      return E.left({ type: 'Told', exitCode: fault.exitCode === 0 ? 0 : 2 })
    return bad(String(fault))
  }
  const given = command.opts<Partial<Record<string, string>>>()
  const file = given['config'] === undefined ? E.right({}) : readFile(given['config'])
  if (E.isLeft(file)) return file
  const settings: ConfigurationFile = file.right

  const wantedPort = given['port'] ?? settings.port ?? 7070
  const port = portOf(wantedPort)
  if (port === undefined)
    return bad(`The port must be a whole number from 0 to 65535, not "${wantedPort}".`)

  const host = given['host'] ?? settings.host ?? '127.0.0.1'
  if (!isLoopback(host) && !isTrue(given['allowRemote'] ?? settings.allowRemote))
    return bad(
      `The address ${host} is not loopback. Say --allow-remote to listen there, and put TLS in front of it.`,
    )

  const logLevel = given['logLevel'] ?? settings.logLevel ?? 'info'
  if (!LogLevel.is(logLevel))
    return bad(`The log level "${logLevel}" is none of ${Object.keys(LogLevel.keys).join(', ')}.`)

  const quotas = quotasOf(settings.quotas ?? {})
  if (E.isLeft(quotas)) return quotas

  const rootCredentials = given['rootCredentials'] ?? settings.rootCredentials
  return E.right({
    host,
    port,
    data: resolve(given['data'] ?? settings.data ?? 'data'),
    rootCredentials: rootCredentials === undefined ? null : resolve(rootCredentials),
    logLevel,
    quotas: quotas.right,
  })
}
