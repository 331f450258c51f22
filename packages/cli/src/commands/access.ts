/**
 * `grantlog access` and `grantlog access recording`: the decisions that are on record, and which
 * ones are.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Names, Request } from '../calling/call.js'
import type { Failure } from '../failure.js'
import { type Json, listAt, textAt } from '../json.js'
import { type Command, type Given, saidOf, wrong } from './command.js'
import { question } from './question.js'
import { callerWords, WINDOW_OPTIONS, windowOf } from './window.js'
import { OWN_ACCOUNT } from './words.js'

/** The registered subject that acted so, e.g. `user ann@example.com`. */
const subjectWords = (row: Json): string | null =>
  [textAt(row, 'subject.type'), textAt(row, 'subject.id')].join(' ').trim() ||
  textAt(row, 'principal.entityId') ||
  null

const records = question({
  name: 'access',
  summary: 'Lists the decisions that are on record, in the order in which they were put there.',
  arguments: [],
  options: [
    ...WINDOW_OPTIONS,
    { flag: '--access-key <id>', meaning: 'only calls that this key signed, temporary ones too' },
  ],
  examples: [
    'grantlog access --from 2d --principal alice',
    'grantlog access --access-key LTAI5tQnDbNcTyJr2bN3xu4k',
    'grantlog access --principal role/reader/app --all -o csv > app.csv',
  ],
  isPaged: true,
  ask: (given, now) =>
    E.map((query: Names) => ({
      type: 'Get' as const,
      path: `/v1/accounts/${OWN_ACCOUNT}/access`,
      query: { ...query, ...saidOf(given, 'accessKey') },
    }))(windowOf(given, now)),
  show: () => ({
    list: 'records',
    columns: [
      ['time', 'time'],
      ['principal', callerWords],
      ['subject', subjectWords],
      ['key', 'principal.accessKeyId'],
      ['session', 'principal.sessionId'],
      ['action', 'action'],
      ['resources', (row) => listAt(row, 'resources').join(' ')],
      ['outcome', 'outcome'],
      ['code', (row) => textAt(row, 'code') || null],
      ['position', 'position'],
      ['request', 'requestId'],
    ],
    none: 'Nothing is on record.',
  }),
})

const MODES = ['all', 'denials', 'sampled', 'off'] as const

const settingOf = (given: Given): E.Either<Failure, Request> => {
  const path = `/v1/accounts/${OWN_ACCOUNT}/access-recording`
  const mode = given.argument('mode')
  const oneIn = given.option('oneIn')
  if (mode === '') return E.right({ type: 'Get', path, query: {} })
  if ((mode === 'sampled') !== (oneIn !== undefined))
    return wrong('--one-in stands beside sampled, and only there.')
  const recording = mode.charAt(0).toUpperCase() + mode.slice(1)
  const body: Json = oneIn === undefined ? { recording } : { recording, oneIn: Number(oneIn) }
  return E.right({ type: 'Order', path, body })
}

const recording = question({
  name: 'access recording',
  summary: 'Tells which decisions are put on record, or chooses it from now on.',
  arguments: [{ name: 'mode', meaning: MODES.join(', '), isOptional: true, choices: MODES }],
  options: [
    { flag: '--one-in <n>', meaning: 'beside sampled: of so many requests one is recorded' },
  ],
  examples: [
    'grantlog access recording',
    'grantlog access recording all --reason "review of the orders team" --ticket SEC-42',
    'grantlog access recording sampled --one-in 100',
  ],
  ask: settingOf,
  show: () => ({
    list: null,
    columns: [
      ['recording', 'recording.type'],
      ['one in', 'recording.oneIn'],
      ['position', 'position'],
    ],
  }),
})

export const accessCommands: ReadonlyArray<Command> = [records, recording]
