/** `grantlog replay`: what recorded access would have become under a change of policies. */
import * as E from 'fp-ts/lib/Either.js'
import type { Names } from '../calling/call.js'
import { EXIT_DENIED, EXIT_OK, type Failure } from '../failure.js'
import { isRecord, type Json, listAt, textAt, valueAt } from '../json.js'
import type { Paint } from '../output/terminal.js'
import { type Command, type Given, wrong } from './command.js'
import { allBehind } from './granted.js'
import { question } from './question.js'
import {
  callerWords,
  doubtLines,
  policyNamed,
  WINDOW_OPTIONS,
  windowLine,
  windowOf,
} from './window.js'
import { documentTextOf, principalOf } from './words.js'

type Change = Names

/** Both sides of `name=value`. */
const pairOf = (text: string): E.Either<Failure, readonly [string, string]> => {
  const equals = text.indexOf('=')
  return equals > 0 && equals < text.length - 1
    ? E.right([text.slice(0, equals), text.slice(equals + 1)])
    : wrong(`A change is given as <policy>=<value>, not "${text}".`)
}

const editOf = (text: string): E.Either<Failure, Change> => {
  const pair = pairOf(text)
  if (E.isLeft(pair)) return pair
  const policy = policyNamed(pair.right[0])
  if (E.isLeft(policy)) return policy
  return E.map((document: string): Change => ({ type: 'Edit', ...policy.right, document }))(
    documentTextOf(pair.right[1]),
  )
}

const attachmentOf =
  (type: 'Attach' | 'Detach') =>
  (text: string): E.Either<Failure, Change> => {
    const pair = pairOf(text)
    if (E.isLeft(pair)) return pair
    const target = principalOf(pair.right[1])
    return E.map((policy: Names): Change => ({ type, ...policy, target }))(
      policyNamed(pair.right[0]),
    )
  }

const deletionOf = (text: string): E.Either<Failure, Change> =>
  E.map((policy: Names): Change => ({ type: 'Delete', ...policy }))(policyNamed(text))

const READERS = {
  edit: editOf,
  attach: attachmentOf('Attach'),
  detach: attachmentOf('Detach'),
  delete: deletionOf,
} as const

const changesOf = (given: Given): E.Either<Failure, ReadonlyArray<Change>> => {
  const changes: Change[] = []
  for (const [name, read] of Object.entries(READERS))
    for (const text of given.options(name)) {
      const change = read(text)
      if (E.isLeft(change)) return change
      changes.push(change.right)
    }
  return E.right(changes)
}

const ask = (given: Given, now: number) => {
  const changes = changesOf(given)
  if (E.isLeft(changes)) return changes
  return E.map((window: Names) => ({
    type: 'Ask' as const,
    path: '/v1/replay',
    body: {
      ...window,
      change: changes.right,
    },
  }))(windowOf(given, now))
}

/** Why records could not be judged again, each with how many. */
const NOT_JUDGEABLE: Readonly<Record<string, string>> = {
  PrincipalNotRecorded: 'do not say who called',
  SeveralPrincipals: 'are of a subject that acts as several principals',
  PersonErased: 'are of a person who was erased, and with them the keys of the call',
  NothingAsked: 'asked for nothing that a policy decides',
}

const notJudgeableLines = (answer: Json): ReadonlyArray<string> => {
  const counts = valueAt(answer, 'totals.notJudgeable') ?? null
  const reasons = (isRecord(counts) ? Object.entries(counts) : [])
    .map(([reason, count]) => [NOT_JUDGEABLE[reason] ?? reason, Number(count)] as const)
    .filter(([, count]) => count > 0)
  const all = reasons.reduce((sum, [, count]) => sum + count, 0)
  const told = reasons.map(([reason, count]) => `${count} ${reason}`).join('; ')
  return all === 0 ? [] : [`${all} of ${total(answer, 'records')} records were not judged: ${told}`]
}

const total = (answer: Json, name: string): number =>
  Number(textAt(answer, `totals.${name}`) || '0')

const heading = (answer: Json, paint: Paint): ReadonlyArray<string> => {
  const [denied, allowed] = [total(answer, 'allowToDeny'), total(answer, 'denyToAllow')]
  const drift = total(answer, 'drift')
  const left = Number(textAt(answer, 'leftOut') || '0')
  const calls = denied === 1 ? 'call' : 'calls'
  const counts = `${denied} ${calls} would be denied, ${allowed} would be allowed`
  return [
    `${paint(denied + allowed === 0 ? 'good' : 'bad', counts)}, of ${total(answer, 'judged')} judged again`,
    windowLine(answer),
    ...notJudgeableLines(answer),
    ...(drift === 0
      ? []
      : [paint('bad', `${drift} records are not what the history of grants says.`)]),
    ...(left === 0 ? [] : [`${left} changed calls are in no group of the first page.`]),
    ...doubtLines(answer, paint),
  ]
}

export const replay: Command = question({
  name: 'replay',
  summary:
    'Judges recorded access again under a proposed change of policies, and tells what turns.',
  details:
    'A policy is its name, or system/<name>. Without a change it says whether the record agrees ' +
    'with the history of grants. It ends with 1 where a call turns.',
  arguments: [],
  options: [
    {
      flag: '--edit <policy=document>',
      meaning: 'another document, as JSON or a file',
      isRepeated: true,
    },
    {
      flag: '--attach <policy=principal>',
      meaning: 'attached to a user, role or group',
      isRepeated: true,
    },
    { flag: '--detach <policy=principal>', meaning: 'detached from one', isRepeated: true },
    { flag: '--delete <policy>', meaning: 'deleted, and so detached from all', isRepeated: true },
    ...WINDOW_OPTIONS,
  ],
  examples: [
    'grantlog replay --edit orders=new.json --from 30d',
    'grantlog replay --detach system/AliyunOTSFullAccess=alice --from 30d --action ots:',
    'grantlog replay --delete orders --from 2026-01-01 --to 2026-02-01 --all -o jsonl',
  ],
  isLong: true,
  isPaged: true,
  saidAs: { change: 'a proposed change' },
  ask,
  show: () => ({
    list: 'groups',
    heading,
    isHeadingNeeded: true,
    columns: [
      ['change', (row) => (textAt(row, 'change') === 'AllowToDeny' ? 'now denied' : 'now allowed')],
      ['count', 'count'],
      ['principal', (row) => textAt(row, 'name') || callerWords(row)],
      ['action', 'action'],
      ['resources', (row) => listAt(row, 'resources').join(' ')],
      ['before by', (row) => allBehind(row, 'before') || null],
      ['after by', (row) => allBehind(row, 'after') || null],
      ['first sample', (row) => textAt(listAt(row, 'samples')[0], 'time') || null],
    ],
  }),
  exit: (answer) =>
    Number(valueAt(answer, 'totals.allowToDeny') ?? 0) +
      Number(valueAt(answer, 'totals.denyToAllow') ?? 0) ===
    0
      ? EXIT_OK
      : EXIT_DENIED,
})
