/**
 * What calls are signed with, and the two files that may hold it: the one that the server writes
 * of its first AccessKey, and the profiles of a user.
 */
import { readFileSync, statSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { parseJson } from '../json.js'

/** As `--root-credentials` of the server writes it. */
export const CredentialsFile = t.intersection(
  [
    t.strict({ accessKeyId: t.string, accessKeySecret: t.string }),
    t.partial({ securityToken: t.string, accountId: t.string, endpoint: t.string }),
  ],
  'CredentialsFile',
)
export type CredentialsFile = t.TypeOf<typeof CredentialsFile>

/** One caller, in the spelling of the official command line tool. */
export const Profile = t.intersection(
  [
    t.strict({ name: t.string, access_key_id: t.string, access_key_secret: t.string }),
    t.partial({
      /** `AK`, or `StsToken` with a session's token. */
      mode: t.keyof({ AK: null, StsToken: null }),
      sts_token: t.string,
      endpoint: t.string,
      account_id: t.string,
    }),
  ],
  'Profile',
)
export type Profile = t.TypeOf<typeof Profile>

export const ProfilesFile = t.intersection(
  [t.strict({ profiles: t.readonlyArray(Profile) }), t.partial({ current: t.string })],
  'ProfilesFile',
)
export type ProfilesFile = t.TypeOf<typeof ProfilesFile>

/** The largest file of credentials that is read. Unit: bytes. */
const FILE_BYTES_MAX = 65_536

/** Windows has no such modes. */
const isOpenToOthers = (mode: number): boolean =>
  process.platform !== 'win32' && (mode & 0o077) !== 0

/** What a codec of these files takes, in words. */
const ruleOf = (codec: t.Decoder<unknown, unknown> | undefined): string => {
  if (codec instanceof t.StringType) return 'a text'
  if (codec instanceof t.KeyofType) return Object.keys(codec.keys).join(' or ')
  return codec instanceof t.ReadonlyArrayType ? 'a list' : 'a JSON object'
}

/** What is wrong with a file, by the member that has it. What stands there may be a secret. */
const faultOf = ([error]: t.Errors): string => {
  const context = error?.context ?? []
  const member = context.reduce((path, { key }, index) => {
    const { type } = context[index - 1] ?? {}
    // The parts of an intersection are all of the same thing.
    if (type === undefined || type instanceof t.IntersectionType) return path
    return type instanceof t.ReadonlyArrayType ? `${path}[${key}]` : `${path}.${key}`
  }, '')
  const rule = ruleOf(context.at(-1)?.type)
  const name = member.replace(/^\./, '')
  if (name === '') return `it must be ${rule}`
  return error?.value === undefined
    ? `its member ${name} is missing, and must be ${rule}`
    : `its member ${name} must be ${rule}`
}

/** Reads a file that holds secrets; refuses one that others can read. */
export const readSecretFile = <A>(path: string, codec: t.Type<A, unknown>): E.Either<string, A> => {
  let text: string
  try {
    const stats = statSync(path)
    const { mode, size } = stats
    if (stats.isDirectory()) return E.left(`${path} is a directory; name a file.`)
    if (isOpenToOthers(mode) && !stats.isFile())
      return E.left(`${path} is no regular file, and others can read it; name a file.`)
    if (isOpenToOthers(mode))
      return E.left(`Others can read ${path}, which holds secrets. Run: chmod go-rwx ${path}`)
    if (size > FILE_BYTES_MAX) return E.left(`The file ${path} is too large for credentials.`)
    text = readFileSync(path, 'utf8')
  } catch (fault) {
    return E.left(`The file ${path} can't be read: ${(fault as Error).message}.`)
  }
  const parsed = parseJson(text)
  if (parsed === null) return E.left(`The file ${path} holds no JSON.`)
  const decoded = codec.decode(parsed.value)
  if (E.isRight(decoded)) return decoded
  return E.left(`The file ${path} is not as it should be: ${faultOf(decoded.left)}.`)
}
