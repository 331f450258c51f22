/**
 * `grantlog decision-timeline` and `grantlog since`: when somebody could do something, what turned
 * it each time, and through which grants it is as it is.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Names } from '../calling/call.js'
import { type Json, listAt, textAt, valueAt } from '../json.js'
import { type Paint, printable } from '../output/terminal.js'
import { changeWords, wordsOfType } from './changes.js'
import type { ArgumentAbout, Command, Given } from './command.js'
import {
  ACTION,
  DECISION_OPTIONS,
  decisionQuery,
  exitOfDecision,
  outcomeWords,
  RESOURCE,
} from './decision.js'
import { GRANT_COLUMNS, policyWords, trustLines } from './granted.js'
import { question } from './question.js'

const WHO: ArgumentAbout = {
  name: 'principal',
  meaning:
    'a user by its name, role/<name>, root, or an ARN of one; of a session its role, with --session-policy',
}

const ask = (path: string) => (given: Given, now: number) =>
  E.map((query: Names) => ({ type: 'Get' as const, path, query }))(decisionQuery(given, now))

/** What an event meant; what it was, where that says it already. */
const turned = (row: Json, event: string): string => {
  const change = valueAt(row, 'change')
  return change === undefined ? wordsOfType(textAt(row, `${event}.eventType`)) : changeWords(change)
}

export const decisionTimeline: Command = question({
  name: 'decision-timeline',
  summary: 'Tells when somebody could do something and when not, and what turned it each time.',
  arguments: [WHO, ACTION, RESOURCE],
  options: DECISION_OPTIONS,
  examples: ['grantlog decision-timeline alice ots:GetRow ots:instance/orders'],
  hasMoment: true,
  isPaged: true,
  ask: ask('/v1/decision-timeline'),
  show: () => ({
    list: 'stretches',
    columns: [
      ['from', 'from.recordedAt'],
      ['until', 'until.recordedAt'],
      ['position', 'from.position'],
      ['outcome', (row) => outcomeWords(textAt(row, 'outcome'))],
      ['turned by', (row) => turned(row, 'from')],
      ['by', 'from.actor.arn'],
      ['reason', 'from.reason'],
      ['ticket', 'from.ticket'],
      [
        'through',
        (row) =>
          listAt(row, 'deciding')
            .map((each) => policyWords(each, 'policy'))
            .join('; '),
      ],
    ],
    none: 'Never.',
  }),
})

const sinceHeading = (answer: Json, paint: Paint, given: Given): ReadonlyArray<string> => {
  const outcome = textAt(answer, 'outcome')
  const words = paint(outcome === 'Allow' ? 'good' : 'bad', outcomeWords(outcome))
  const asked = ['principal', 'action', 'resource'].map(given.argument).join(' ')
  const head = `${words}  ${printable(asked)}`
  if (valueAt(answer, 'since') === null) return [`${head}  as it always was`, ...trustLines(answer)]
  const reason = ['reason', 'ticket'].map((name) => textAt(answer, `since.${name}`))
  const note = reason.filter((text) => text !== '').join(', ')
  const before = textAt(answer, 'before.outcome')
  return [
    head,
    `since ${textAt(answer, 'since.recordedAt')} (position ${textAt(answer, 'since.position')})`,
    printable(`by ${textAt(answer, 'since.actor.arn')}: ${turned(answer, 'since')}`),
    ...(note === '' ? [] : [printable(`because: ${note}`)]),
    ...trustLines(answer),
    ...(before === '' ? [] : [`before that ${outcomeWords(before)}`]),
  ]
}

export const since: Command = question({
  name: 'since',
  summary: 'Tells since when somebody can, or cannot, do something, and through which grants.',
  arguments: [WHO, ACTION, RESOURCE],
  options: DECISION_OPTIONS,
  examples: ['grantlog since alice ots:GetRow ots:instance/orders'],
  hasMoment: true,
  ask: ask('/v1/since'),
  show: (given) => ({
    list: 'deciding',
    heading: (answer, paint) => sinceHeading(answer, paint, given),
    columns: [
      ['effect', 'effect'],
      ['policy', (row) => policyWords(row, 'policy')],
      ['statement', 'statementIndex'],
      ...GRANT_COLUMNS,
    ],
  }),
  exit: exitOfDecision,
})
