/**
 * What people write in short, in the long form that the server takes: principals, resources,
 * moments, condition keys and documents.
 */
import { readFileSync, statSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../failure.js'
import { isRecord, type Json, parseJson } from '../json.js'
import { type Given, type OptionAbout, wrong } from './command.js'

/** Stands for the id of the caller's account in whatever is sent. */
export const OWN_ACCOUNT = '{uid}'

/** `alice` is a user; `role/reader`, `group/staff` and `root` are what they say. */
export const principalOf = (text: string): string => {
  if (text.startsWith('acs:')) return text
  const id = text === 'root' || text.includes('/') ? text : `user/${text}`
  return `acs:ram::${OWN_ACCOUNT}:${id}`
}

/** `policy/orders` is one of the account, `policy/system/AliyunOTSReadOnlyAccess` one of all. */
export const policyArn = (text: string): string => {
  if (text.startsWith('acs:')) return text
  const name = text.replace(/^policy\//, '')
  return name.startsWith('system/')
    ? `acs:ram::system:policy/${name.slice('system/'.length)}`
    : `acs:ram::${OWN_ACCOUNT}:policy/${name}`
}

/** `ots:instance/orders` is a resource of the caller's account. */
export const resourceOf = (text: string): E.Either<Failure, string> => {
  if (text === '*' || text.startsWith('acs:')) return E.right(text)
  const colon = text.indexOf(':')
  return colon > 0 && colon < text.length - 1
    ? E.right(`acs:${text.slice(0, colon)}:*:${OWN_ACCOUNT}:${text.slice(colon + 1)}`)
    : wrong(
        `A resource is *, acs:<service>:<region>:<account>:<id> or <service>:<id>, not "${text}".`,
      )
}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/**
 * A time as RFC 3339 has it. `30d` is thirty days ago; a day alone begins at midnight, and where no
 * zone is said it is UTC.
 */
export const timeOf = (text: string, now: number): E.Either<Failure, string> => {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? []
  if (count !== undefined)
    return E.right(new Date(now - Number(count) * (UNIT_MS[unit] ?? 0)).toISOString())
  if (text === 'now') return E.right(new Date(now).toISOString())
  const [, day, time = 'T00:00', seconds = ':00', fraction = '', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)([Tt ]\d\d:\d\d)?(:\d\d)?(\.\d+)?(Z|z|[+-]\d\d:\d\d)?$/.exec(text) ?? []
  const spelt = `${day}${time.replace(/[t ]/, 'T')}${seconds}${fraction}${zone.toUpperCase()}`
  return day === undefined || Number.isNaN(Date.parse(spelt))
    ? wrong(`A time is 2026-01-02T03:04:05Z, 2026-01-02, or 30d, 12h, 15m ago, not "${text}".`)
    : E.right(spelt)
}

export const MOMENT_OPTIONS: ReadonlyArray<OptionAbout> = [
  {
    flag: '--at <time>',
    meaning: 'answer for that time, e.g. 2026-01-02T03:04:05Z, 2026-01-02 or 30d',
  },
  {
    flag: '--position <n>',
    meaning: 'answer for that position of the log, or that of a consistency token',
  },
]

/** The moment of a question, as a query has it; none means now. */
export const momentQuery = (
  given: Given,
  now: number,
): E.Either<Failure, Readonly<Record<string, string>>> => {
  const [at, position] = [given.option('at'), given.option('position')]
  if (at !== undefined && position !== undefined) return wrong('Say --at or --position, not both.')
  if (position !== undefined) return E.right({ position })
  return at === undefined ? E.right({}) : E.map((time: string) => ({ at: time }))(timeOf(at, now))
}

/** A time or a number of the log, as one member of a query: what digits alone are is a position. */
export const momentText = (text: string, now: number): E.Either<Failure, string> =>
  /^\d+$/.test(text) ? E.right(text) : timeOf(text, now)

/** `--context acs:SourceIp=10.1.2.3`, several times for several values, as JSON; null for none. */
export const contextOf = (
  pairs: ReadonlyArray<string>,
): E.Either<Failure, Readonly<Record<string, ReadonlyArray<string>>> | null> => {
  const context: { [key: string]: string[] } = {}
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals < 1) return wrong(`A condition key is given as key=value, not "${pair}".`)
    const key = pair.slice(0, equals)
    if (!Object.hasOwn(context, key)) context[key] = []
    context[key]?.push(pair.slice(equals + 1))
  }
  return E.right(pairs.length === 0 ? null : context)
}

/** The largest document that is read from a file. Unit: bytes. */
const DOCUMENT_BYTES_MAX = 8 * 1024 * 1024

/** What stands in a file, as it stands there; `-` is standard input. */
export const readText = (path: string): E.Either<Failure, string> => {
  try {
    if (path !== '-' && statSync(path).size > DOCUMENT_BYTES_MAX)
      return wrong(`The file ${path} is too large.`)
    return E.right(readFileSync(path === '-' ? 0 : path, 'utf8'))
  } catch (fault) {
    return wrong(`The file ${path} can't be read: ${(fault as Error).message}.`)
  }
}

/** JSON as it was written, or of a file, with or without `@`; `-` is standard input. */
export const documentOf = (text: string): E.Either<Failure, Json> => {
  const content = /^\s*[[{]/.test(text) ? E.right(text) : readText(text.replace(/^@/, ''))
  if (E.isLeft(content)) return content
  const parsed = parseJson(content.right)
  return parsed === null
    ? wrong(`There is no JSON in ${text.slice(0, 80)}.`)
    : E.right(parsed.value)
}

/** The same, where it must be an object; as the text that is sent. */
export const documentTextOf = (text: string): E.Either<Failure, string> => {
  const document = documentOf(text)
  if (E.isLeft(document)) return document
  return isRecord(document.right)
    ? E.right(JSON.stringify(document.right))
    : wrong('A policy document must be a JSON object.')
}
