/**
 * Which server is called, and as whom: a flag wins over the environment, the environment over the
 * file of profiles, that over the default.
 */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Credentials } from '@grantlog/client'
import * as E from 'fp-ts/lib/Either.js'
import { CredentialsFile, type Profile, ProfilesFile, readSecretFile } from './credentials.js'

export type Notes = {
  readonly reason?: string
  readonly ticket?: string
  readonly atLeast?: string
}

export type Connection = {
  /** Without a slash at its end. */
  readonly endpoint: string
  readonly credentials: Credentials
  /** Where a file told it; it is asked for otherwise. */
  readonly accountId: string | null
  readonly timeoutMs: number
  /** Said with every call: why it is made, and how fresh the answer must be. */
  readonly notes: Notes
}

export type Environment = Readonly<Record<string, string | undefined>>

/** What the command line said of the connection. */
export type ConnectionFlags = Notes & {
  readonly endpoint?: string
  readonly profile?: string
  readonly credentials?: string
  readonly insecure?: boolean
  readonly timeout?: string
}

/** Every variable that is looked at, for the help and the reference. */
export const VARIABLES: ReadonlyArray<readonly [name: string, meaning: string]> = [
  ['GRANTLOG_ENDPOINT', 'the server, e.g. `http://127.0.0.1:7070`; as `--endpoint`'],
  [
    'GRANTLOG_CREDENTIALS',
    'a file as `npm start -- --root-credentials` writes it; as `--credentials`',
  ],
  ['GRANTLOG_PROFILE', 'a profile of the file of profiles; as `--profile`'],
  ['GRANTLOG_PROFILES', 'the file of profiles; `~/.grantlog/config.json` when absent'],
  ['GRANTLOG_ACCESS_KEY_ID', 'with the next: the AccessKey to sign with'],
  ['GRANTLOG_ACCESS_KEY_SECRET', 'its secret'],
  ['GRANTLOG_SECURITY_TOKEN', 'the token of a session, where the key is of one'],
  [
    'ALIBABA_CLOUD_ACCESS_KEY_ID',
    "the official clients' variable, with `_SECRET`, where grantlog's own is not set",
  ],
  ['ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'its secret'],
  ['ALIBABA_CLOUD_SECURITY_TOKEN', 'the token of a session, where the key is of one'],
  ['NO_COLOR', 'set to anything: no colour on a terminal either'],
]

const ENDPOINT_DEFAULT = 'http://127.0.0.1:7070'
const TIMEOUT_SECONDS_DEFAULT = 30
const TIMEOUT_SECONDS_MAX = 3600

type Known = {
  readonly credentials: Credentials
  readonly endpoint?: string
  readonly accountId?: string
}

/** An empty variable says nothing. */
const said = (env: Environment, name: string): string | undefined => env[name] || undefined

const ofCredentialsFile = (path: string): E.Either<string, Known> =>
  E.map(
    ({ accountId, endpoint, ...keys }: CredentialsFile): Known => ({
      credentials: keys,
      ...(accountId === undefined ? {} : { accountId }),
      ...(endpoint === undefined ? {} : { endpoint }),
    }),
  )(readSecretFile(path, CredentialsFile))

/** The id and its secret come from one place, so that they belong together. */
const ofEnvironment = (env: Environment, prefix: string): E.Either<string, Known> | null => {
  const accessKeyId = said(env, `${prefix}_ACCESS_KEY_ID`)
  const accessKeySecret = said(env, `${prefix}_ACCESS_KEY_SECRET`)
  if (accessKeyId === undefined && accessKeySecret === undefined) return null
  if (accessKeyId === undefined || accessKeySecret === undefined)
    return E.left(`Set both ${prefix}_ACCESS_KEY_ID and ${prefix}_ACCESS_KEY_SECRET, or neither.`)
  const token = said(env, `${prefix}_SECURITY_TOKEN`)
  const keys = { accessKeyId, accessKeySecret }
  return E.right({ credentials: token === undefined ? keys : { ...keys, securityToken: token } })
}

const ACCOUNT_ID = /^[1-9][0-9]{4,19}$/

/** What a profile lacks, by the member; what stands there may be a secret. */
const faultOfProfile = (profile: Profile): string | null => {
  const { access_key_id, access_key_secret, mode, sts_token, account_id } = profile
  if (access_key_id === '') return 'its member access_key_id is empty'
  if (access_key_secret === '') return 'its member access_key_secret is empty'
  if (mode === 'StsToken' && (sts_token ?? '') === '')
    return 'its member sts_token is missing, which the mode StsToken needs'
  if (account_id !== undefined && !ACCOUNT_ID.test(account_id))
    return 'its member account_id is no id of an account, which is a number'
  return null
}

const ofProfile = (profile: Profile): Known => ({
  credentials: {
    accessKeyId: profile.access_key_id,
    accessKeySecret: profile.access_key_secret,
    ...(profile.sts_token === undefined || profile.sts_token === ''
      ? {}
      : { securityToken: profile.sts_token }),
  },
  ...(profile.endpoint === undefined ? {} : { endpoint: profile.endpoint }),
  ...(profile.account_id === undefined ? {} : { accountId: profile.account_id }),
})

export const profilesPath = (env: Environment): string =>
  said(env, 'GRANTLOG_PROFILES') ?? join(said(env, 'HOME') ?? homedir(), '.grantlog', 'config.json')

const NO_CREDENTIALS =
  'No AccessKey to sign with. Name a file with --credentials, set GRANTLOG_ACCESS_KEY_ID and ' +
  'GRANTLOG_ACCESS_KEY_SECRET, or make a profile'

const ofProfiles = (env: Environment, name: string | undefined): E.Either<string, Known> => {
  const path = profilesPath(env)
  if (!existsSync(path) && name === undefined) return E.left(`${NO_CREDENTIALS} in ${path}.`)
  const file = readSecretFile(path, ProfilesFile)
  if (E.isLeft(file)) return file
  const { profiles, current } = file.right
  const wanted = name ?? current ?? 'default'
  const found = profiles.find((profile) => profile.name === wanted)
  const names = profiles.map((profile) => profile.name).join(', ') || 'none'
  if (found === undefined)
    return E.left(`There is no profile ${wanted} in ${path}; it has ${names}.`)
  const fault = faultOfProfile(found)
  return fault === null
    ? E.right(ofProfile(found))
    : E.left(`The profile ${wanted} in ${path} can't be used: ${fault}.`)
}

const knownOf = (flags: ConnectionFlags, env: Environment): E.Either<string, Known> => {
  if (flags.credentials !== undefined && flags.profile !== undefined)
    return E.left('Say --credentials or --profile, not both.')
  if (flags.credentials !== undefined) return ofCredentialsFile(flags.credentials)
  if (flags.profile !== undefined) return ofProfiles(env, flags.profile)
  const own = ofEnvironment(env, 'GRANTLOG')
  if (own !== null) return own
  const file = said(env, 'GRANTLOG_CREDENTIALS')
  if (file !== undefined) return ofCredentialsFile(file)
  const profile = said(env, 'GRANTLOG_PROFILE')
  if (profile !== undefined) return ofProfiles(env, profile)
  return ofEnvironment(env, 'ALIBABA_CLOUD') ?? ofProfiles(env, undefined)
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

const endpointOf = (text: string, isInsecure: boolean): E.Either<string, string> => {
  const url = URL.canParse(text) ? new URL(text) : null
  const isBare = url !== null && url.username === '' && url.search === '' && url.hash === ''
  if (!isBare || !/^https?:$/.test(url.protocol) || url.pathname !== '/')
    return E.left(
      `The endpoint must be a URL such as ${ENDPOINT_DEFAULT}, without user, password and path.`,
    )
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname) && !isInsecure)
    return E.left(
      `Calls to ${url.host} would cross a network in clear. Use https, or say --insecure.`,
    )
  return E.right(url.origin)
}

const timeoutOf = (text: string | undefined): E.Either<string, number> => {
  const seconds = text === undefined ? TIMEOUT_SECONDS_DEFAULT : Number(text)
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= TIMEOUT_SECONDS_MAX
    ? E.right(seconds * 1000)
    : E.left(`The time limit must be 1 to ${TIMEOUT_SECONDS_MAX} seconds, not "${text}".`)
}

/** One line, in any script. */
const NOTE_TEXT = /^[^\p{Cc}]*$/u

/** What a token is made of, so that a faulty one is a sentence and not an exception. */
const TOKEN_TEXT = /^[\x21-\x7e]*$/

const notesOf = ({ reason, ticket, atLeast }: ConnectionFlags): E.Either<string, Notes> => {
  if (atLeast !== undefined && !TOKEN_TEXT.test(atLeast))
    return E.left('--at-least must be a consistency token, as answers give them.')
  const wrong = Object.entries({ reason, ticket }).find(
    ([, text]) => text !== undefined && !NOTE_TEXT.test(text),
  )
  if (wrong !== undefined) return E.left(`--${wrong[0]} must be one line of text.`)
  return E.right({
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(atLeast === undefined ? {} : { atLeast }),
  })
}

export const connectionOf = (
  flags: ConnectionFlags,
  env: Environment,
): E.Either<string, Connection> => {
  const known = knownOf(flags, env)
  if (E.isLeft(known)) return known
  const { credentials, accountId = null } = known.right
  const named = flags.endpoint ?? said(env, 'GRANTLOG_ENDPOINT') ?? known.right.endpoint
  const endpoint = endpointOf(named ?? ENDPOINT_DEFAULT, flags.insecure === true)
  if (E.isLeft(endpoint)) return endpoint
  const timeoutMs = timeoutOf(flags.timeout)
  if (E.isLeft(timeoutMs)) return timeoutMs
  const notes = notesOf(flags)
  if (E.isLeft(notes)) return notes
  return E.right({
    endpoint: endpoint.right,
    credentials,
    accountId,
    timeoutMs: timeoutMs.right,
    notes: notes.right,
  })
}
