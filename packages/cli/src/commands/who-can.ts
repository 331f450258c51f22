/** `grantlog who-can`: who of the account may do something, through which grants. */
import * as E from 'fp-ts/lib/Either.js'
import type { Names } from '../calling/call.js'
import { type Json, listAt, textAt } from '../json.js'
import { type Command, saidOf } from './command.js'
import { ACTION, CONTEXT_OPTION, contextQuery, RESOURCE } from './decision.js'
import { grantWords, joinedWords, ofGrants, versionWords } from './granted.js'
import { question } from './question.js'
import { momentQuery, resourceOf } from './words.js'

/** What was given with the events that made the grants, each once. */
const notedWith =
  (name: 'reason' | 'ticket') =>
  (row: Json): string | null => {
    const notes = listAt(row, 'grants').map((grant) => textAt(grant, `since.${name}`))
    return [...new Set(notes)].filter((note) => note !== '').join('; ') || null
  }

/** The condition keys that it depends on. */
export const keyWords = (row: Json): string | null => listAt(row, 'keys').join(' ') || null

export const whoCan: Command = question({
  name: 'who-can',
  summary:
    'Says who of the account may do something, through which grants, and on which conditions.',
  details: 'Whoever is not listed may not, whatever the condition keys hold.',
  arguments: [ACTION, RESOURCE],
  options: [
    CONTEXT_OPTION,
    {
      flag: '--type <type>',
      meaning: 'only Root, User or Role',
      choices: ['Root', 'User', 'Role'],
    },
  ],
  examples: [
    'grantlog who-can ots:GetRow ots:instance/orders',
    'grantlog who-can ram:DeleteUser ram:user/* --type User --at 90d -o csv',
  ],
  hasMoment: true,
  isPaged: true,
  ask: (given, now) => {
    const resource = resourceOf(given.argument('resource'))
    if (E.isLeft(resource)) return resource
    const context = contextQuery(given)
    if (E.isLeft(context)) return context
    return E.map((moment: Names) => ({
      type: 'Get' as const,
      path: '/v1/who-can',
      query: {
        action: given.argument('action'),
        resource: resource.right,
        ...context.right,
        ...moment,
        ...saidOf(given, 'type'),
      },
    }))(momentQuery(given, now))
  },
  show: () => ({
    list: 'principals',
    columns: [
      ['principal', 'principal'],
      ['type', 'principalType'],
      ['may', (row) => (textAt(row, 'certainty') === 'Allowed' ? 'yes' : 'on conditions')],
      ['keys', keyWords],
      ['through', (row) => listAt(row, 'grants').map(grantWords).join('; ') || null],
      ['reason', notedWith('reason')],
      ['ticket', notedWith('ticket')],
      ['version set', ofGrants(versionWords)],
      ['joined', ofGrants(joinedWords)],
    ],
    none: 'Nobody.',
  }),
})
