/** `grantlog timeline`: what happened to a principal, a policy, a key or a session. */
import * as E from 'fp-ts/lib/Either.js'
import type { Names } from '../calling/call.js'
import { type Json, textAt, valueAt } from '../json.js'
import { changeWords, doneWords } from './changes.js'
import { question } from './question.js'
import { momentQuery, policyArn, principalOf } from './words.js'

/** One of the names that the server takes, by the look of it. */
const subjectQuery = (text: string): Names => {
  if (/^policy\/|:policy\//.test(text)) return { policy: policyArn(text) }
  const [, accessKey] = /^key\/(.+)$/.exec(text) ?? []
  if (accessKey !== undefined) return { accessKey }
  const [, session] = /^session\/(.+)$/.exec(text) ?? []
  return session === undefined ? { principal: principalOf(text) } : { session }
}

/** What was done with a key, or by a session, is told with its event. */
const whatOf = (row: Json): string => {
  const change = valueAt(row, 'change') ?? null
  return ['Did', 'Changed'].includes(textAt(change, 'type'))
    ? doneWords(change, textAt(row, 'eventType'))
    : changeWords(change)
}

/** A call on record has a time and a caller of its own; the event is that of a batch. */
const ofCall = (member: string, otherwise: string) => (row: Json) =>
  textAt(row, `change.call.${member}`) || textAt(row, otherwise)

export const timeline = question({
  name: 'timeline',
  summary:
    'Tells what happened to somebody and to what they hold, to a policy, or to a key, a session or the root and by it.',
  arguments: [
    {
      name: 'subject',
      meaning:
        'a user by its name, role/<name>, group/<name>, root, policy/<name>, policy/system/<name>, key/<AccessKey id>, session/<id> or an ARN',
    },
  ],
  options: [],
  examples: [
    'grantlog timeline alice',
    'grantlog timeline group/staff --all -o csv > staff.csv',
    'grantlog timeline root',
    'grantlog timeline policy/orders',
    'grantlog timeline key/LTAI5tQnDbNcTyJr2bN3xu4k',
    'grantlog timeline key/STS.N5mEBxtGD9TWx0cUcQVhHw',
    'grantlog timeline session/0197d3c5-…',
  ],
  hasMoment: true,
  isPaged: true,
  saidAs: {
    principal: '<subject>',
    policy: '<subject>',
    accessKey: '<subject>',
    session: '<subject>',
  },
  ask: (given, now) =>
    E.map((moment: Names) => ({
      type: 'Get' as const,
      path: '/v1/timeline',
      query: { ...subjectQuery(given.argument('subject')), ...moment },
    }))(momentQuery(given, now)),
  show: () => ({
    list: 'entries',
    columns: [
      ['position', 'position'],
      ['time', ofCall('time', 'recordedAt')],
      ['what', whatOf],
      ['by', ofCall('caller', 'actor.arn')],
      ['reason', (row) => textAt(row, 'reason') || null],
      ['ticket', (row) => textAt(row, 'ticket') || null],
    ],
    none: 'Nothing happened.',
  }),
})
