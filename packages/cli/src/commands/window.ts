/**
 * Which recorded access a command is about: from when to when, whose, of which actions; and how
 * much of it is on record.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Names } from '../calling/call.js'
import type { Failure } from '../failure.js'
import { type Json, listAt, textAt, valueAt } from '../json.js'
import type { Paint } from '../output/terminal.js'
import { type Given, type OptionAbout, saidOf, wrong } from './command.js'
import { momentText, principalOf } from './words.js'

export const WINDOW_OPTIONS: ReadonlyArray<OptionAbout> = [
  { flag: '--from <moment>', meaning: 'the time or position at which it begins, e.g. 30d' },
  { flag: '--to <moment>', meaning: 'the one at which it ends; now when absent' },
  { flag: '--principal <principal>', meaning: 'only calls of that one' },
  { flag: '--action <prefix>', meaning: 'only actions whose names begin so, e.g. ots:' },
]

/** The ends that were said, each as the server takes it. */
export const endsOf = (
  given: Given,
  now: number,
  ...names: ReadonlyArray<string>
): E.Either<Failure, Names> => {
  const ends: { [name: string]: string } = {}
  for (const name of names) {
    const said = given.option(name)
    if (said === undefined) continue
    const moment = momentText(said, now)
    if (E.isLeft(moment)) return moment
    ends[name] = moment.right
  }
  return E.right(ends)
}

export const windowOf = (given: Given, now: number): E.Either<Failure, Names> => {
  const principal = given.option('principal')
  return E.map(
    (ends: Names): Names => ({
      ...ends,
      ...saidOf(given, 'action'),
      ...(principal === undefined ? {} : { principal: principalOf(principal) }),
    }),
  )(endsOf(given, now, 'from', 'to'))
}

/** `orders` is a policy of the account, `system/AliyunOTSReadOnlyAccess` one of all. */
export const policyNamed = (text: string): E.Either<Failure, Names> => {
  const name = text.replace(/^policy\//, '')
  if (name === '' || name === 'system/')
    return wrong(`A policy is <name> or system/<name>, not "${text}".`)
  return E.right(
    name.startsWith('system/')
      ? { policyType: 'System', policyName: name.slice('system/'.length) }
      : { policyType: 'Custom', policyName: name },
  )
}

const DOUBTS: Readonly<Record<string, string>> = {
  RecordingOff: 'recording was off',
  DenialsOnly: 'only denials were recorded',
  Sampled: 'only a sample was recorded',
  RecordsLost: 'records were lost',
  RecordsUnreadable: 'records could not be read',
  RecordsNotJudgeable: 'records could not be judged again',
  DecidedElsewhere: 'decision points of applications may have decided by themselves',
}

/** Why what is on record is not all that happened; nothing where it is. */
export const doubtLines = (answer: Json, paint: Paint): ReadonlyArray<string> => {
  const doubts = listAt(answer, 'coverage.doubts').map(String)
  const told = doubts.map((doubt) => DOUBTS[doubt] ?? doubt).join(', ')
  return doubts.length === 0
    ? []
    : [paint('bad', `Not all that happened is on record: for a part of this time ${told}.`)]
}

/** From when to when an answer is about. */
export const windowLine = (answer: Json): string =>
  `from ${textAt(answer, 'from')} to ${textAt(answer, 'to')}`

/** `alice (2045…)`: by the name of then and the immutable id. */
const nameAndId = (row: Json, id: string): string => {
  const name = textAt(row, 'name')
  return name === '' ? id : `${name} (${id})`
}

/** Who called, by the names of then, where they are told, and the immutable ids. */
export const callerWords = (row: Json): string => {
  const principal = valueAt(row, 'principal') ?? null
  switch (textAt(principal, 'type')) {
    case 'User':
      return `user ${nameAndId(row, textAt(principal, 'userId') || textAt(principal, 'id'))}`
    case 'Role':
      return `role ${nameAndId(row, textAt(principal, 'roleId') || textAt(principal, 'id'))} session ${textAt(principal, 'sessionName')}`
    default:
      return textAt(principal, 'type').toLowerCase()
  }
}
