/** `grantlog timeline`: what happened to a user, a role, a group, a policy, a key or a session. */
import * as E from 'fp-ts/lib/Either.js'
import type { Names } from '../calling/call.js'
import { textAt, valueAt } from '../json.js'
import { changeWords } from './changes.js'
import { question } from './question.js'
import { momentQuery, principalOf } from './words.js'

/** One of the names that the server takes, by the look of it. */
const subjectQuery = (text: string): Names => ({ principal: principalOf(text) })

export const timeline = question({
  name: 'timeline',
  summary: 'Tells what happened to somebody and to what they hold, oldest first.',
  arguments: [
    { name: 'subject', meaning: 'a user by its name, role/<name>, group/<name>, or an ARN' },
  ],
  options: [],
  examples: ['grantlog timeline alice', 'grantlog timeline group/staff --all -o csv > staff.csv'],
  hasMoment: true,
  isPaged: true,
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
      ['time', 'recordedAt'],
      ['what', (row) => changeWords(valueAt(row, 'change') ?? null)],
      ['by', 'actor.arn'],
      ['reason', (row) => textAt(row, 'reason') || null],
      ['ticket', (row) => textAt(row, 'ticket') || null],
    ],
    none: 'Nothing happened.',
  }),
})
