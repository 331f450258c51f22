/**
 * The settings that grantlog's processes share, each written once.
 */
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { DEFAULT_QUOTAS, Quota, type Quotas } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import {
  type NotStarting,
  type Program,
  readSettings,
  type Setting,
  type Settings,
  type Values,
} from './settings.js'

export const LogLevel = t.keyof({
  fatal: null,
  error: null,
  warn: null,
  info: null,
  debug: null,
  silent: null,
})
export type LogLevel = t.TypeOf<typeof LogLevel>

const wholeNumber = (given: unknown): number => {
  if (typeof given === 'number') return given
  return typeof given === 'string' && /^[0-9]{1,6}$/.test(given) ? Number(given) : Number.NaN
}

/** A whole number within limits. */
export const numberSetting = (
  options: Pick<Setting<number>, 'flag' | 'variable' | 'help'>,
  limits: { readonly name: string; readonly min: number; readonly max: number },
  fallback: number,
): Setting<number> => ({
  ...options,
  decode: (given) => {
    const value = wholeNumber(given)
    return Number.isInteger(value) && value >= limits.min && value <= limits.max
      ? E.right(value)
      : E.left(
          `The ${limits.name} must be a whole number from ${limits.min} to ${limits.max}, not "${given}".`,
        )
  },
  fallback: () => E.right(fallback),
})

/** A text that is not empty. */
export const textSetting = <A>(
  options: Pick<Setting<A>, 'flag' | 'variable' | 'help'> & { readonly name: string },
  read: (text: string) => E.Either<string, A>,
  fallback: () => E.Either<string, A>,
): Setting<A> => ({
  ...options,
  decode: (given) =>
    typeof given === 'string' && given !== ''
      ? read(given)
      : E.left(`The ${options.name} must be a text, not ${JSON.stringify(given)}.`),
  fallback,
})

const folder = (path: string): E.Either<never, string> => E.right(resolve(path))

export const portSetting = (port: number): Setting<number> =>
  numberSetting(
    {
      flag: '-p, --port <port>',
      variable: 'GRANTLOG_PORT',
      help: `port to listen on (default: ${port})`,
    },
    { name: 'port', min: 0, max: 65_535 },
    port,
  )

export const hostSetting: Setting<string> = textSetting(
  {
    name: 'address',
    flag: '--host <address>',
    variable: 'GRANTLOG_HOST',
    help: 'address to listen on (default: 127.0.0.1)',
  },
  (host) => E.right(host),
  () => E.right('127.0.0.1'),
)

export const dataSetting = (what: string, name = 'data'): Setting<string> =>
  textSetting(
    {
      name: 'data folder',
      flag: '-d, --data <dir>',
      variable: 'GRANTLOG_DATA',
      help: `folder of ${what} (default: ./${name})`,
    },
    folder,
    () => folder(name),
  )

export const rootCredentialsSetting: Setting<string | null> = textSetting<string | null>(
  {
    name: 'file for the root credentials',
    flag: '--root-credentials <file>',
    variable: 'GRANTLOG_ROOT_CREDENTIALS',
    help: 'on the first start, write the root AccessKey to this file (mode 0600) instead of printing it',
  },
  folder,
  () => E.right(null),
)

export const logLevelSetting: Setting<LogLevel> = {
  flag: '--log-level <level>',
  variable: 'GRANTLOG_LOG_LEVEL',
  help: 'fatal, error, warn, info, debug or silent (default: info)',
  decode: (given) =>
    LogLevel.is(given)
      ? E.right(given)
      : E.left(`The log level "${given}" is none of ${Object.keys(LogLevel.keys).join(', ')}.`),
  fallback: () => E.right('info'),
}

/** Nobody needs a password in a URL: the collector's headers have a variable of their own. */
const collectorUrl = (text: string): E.Either<string, string> => {
  const url = URL.canParse(text) ? new URL(text) : null
  const isBare = url !== null && url.username === '' && url.password === '' && url.search === ''
  return isBare && /^https?:$/.test(url.protocol)
    ? E.right(url.href)
    : E.left(
        'The collector must be a URL such as http://127.0.0.1:4318, without user and password: what it demands goes into OTEL_EXPORTER_OTLP_HEADERS.',
      )
}

/** An address without a path, for everything of it is served from its root. */
const publicUrl = (text: string): E.Either<string, string> => {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href
    ? E.right(url.origin)
    : E.left('The public URL must be one such as https://iam.example.com, without a path.')
}

export const publicUrlSetting: Setting<string | null> = textSetting<string | null>(
  {
    name: 'public URL',
    flag: '--public-url <url>',
    variable: 'GRANTLOG_PUBLIC_URL',
    help: 'address by which clients reach the server, told in the metadata of AuthZEN, and from which a browser may sign in to a console behind a proxy that changes Host (default: told to clients of this machine alone)',
  },
  publicUrl,
  () => E.right(null),
)

/** Where it is not set, OpenTelemetry's own variable counts. */
export const otlpSetting: Setting<string | null> = textSetting<string | null>(
  {
    name: 'collector',
    flag: '--otlp <url>',
    variable: 'GRANTLOG_OTLP',
    help: 'OpenTelemetry collector that takes OTLP over HTTP, e.g. http://127.0.0.1:4318 (default: OTEL_EXPORTER_OTLP_ENDPOINT, else no tracing)',
  },
  collectorUrl,
  () => {
    const standard = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? ''
    return standard === '' ? E.right(null) : collectorUrl(standard)
  },
)

const trueOrFalse = (what: string, given: unknown): E.Either<string, boolean> =>
  [true, false, 'true', 'false', '1', '0'].includes(given as string | boolean)
    ? E.right(given === true || given === 'true' || given === '1')
    : E.left(`${what} must be true or false, not "${given}".`)

export const allowRemoteSetting: Setting<boolean> = {
  flag: '--allow-remote',
  variable: 'GRANTLOG_ALLOW_REMOTE',
  help: 'permit an address other than loopback; put TLS in front, for requests then cross a network',
  decode: (given) => trueOrFalse('Whether remote calls are allowed', given),
  fallback: () => E.right(false),
}

/** An OIDC issuer on this machine or in its network is an exception that somebody has to make. */
export const insideIssuersSetting: Setting<boolean> = {
  flag: '--inside-issuers',
  variable: 'GRANTLOG_INSIDE_ISSUERS',
  help: 'permit OIDC issuers at loopback and private addresses (default: public addresses alone)',
  decode: (given) => trueOrFalse('Whether issuers may be inside', given),
  fallback: () => E.right(false),
}

export const issuersCaSetting: Setting<string | null> = textSetting<string | null>(
  {
    name: "file of the issuers' authorities",
    flag: '--issuers-ca <file>',
    variable: 'GRANTLOG_ISSUERS_CA',
    help: "certificates of authorities, PEM, that OIDC issuers may be certified by beside the system's",
  },
  folder,
  () => E.right(null),
)

export const quotasSetting: Setting<Quotas> = {
  flag: null,
  variable: null,
  help: 'limits of an account, by name',
  decode: (given) => {
    if (!t.UnknownRecord.is(given)) return E.left('The quotas must be an object of numbers.')
    const unknown = Object.keys(given).find((name) => !(name in DEFAULT_QUOTAS))
    if (unknown !== undefined)
      return E.left(
        `There is no quota "${unknown}". Known are: ${Object.keys(DEFAULT_QUOTAS).join(', ')}.`,
      )
    const wrong = Object.entries(given).find(([, value]) => !Quota.is(value))
    return wrong === undefined
      ? E.right({ ...DEFAULT_QUOTAS, ...given })
      : E.left(`The quota ${wrong[0]} must be a whole number, not ${JSON.stringify(wrong[1])}.`)
  },
  fallback: () => E.right(DEFAULT_QUOTAS),
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** The settings of a process that listens; see `readSettings` and `refuseRemote`. */
export const readListening = <
  S extends Settings & { readonly host: Setting<string>; readonly allowRemote: Setting<boolean> },
>(
  program: Program,
  settings: S,
  args: ReadonlyArray<string>,
): E.Either<NotStarting, Values<S>> => {
  const values = readSettings(program, settings, args)
  if (E.isLeft(values)) return values
  // The compiler can't see through the mapped type that these two are what their settings decode.
  const reachable = refuseRemote(values.right as { host: string; allowRemote: boolean })
  return E.isLeft(reachable) ? reachable : values
}

/** A process that others can reach over a network must have been told so. */
export const refuseRemote = <V extends { readonly host: string; readonly allowRemote: boolean }>(
  values: V,
): E.Either<NotStarting, V> =>
  isLoopback(values.host) || values.allowRemote
    ? E.right(values)
    : E.left({
        type: 'BadConfiguration',
        sentence: `The address ${values.host} is not loopback. Say --allow-remote to listen there, and put TLS in front of it.`,
      })
