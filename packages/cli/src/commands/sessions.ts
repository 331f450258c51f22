/** `grantlog sessions` and `grantlog sessions revoke`: who has a role's rights for now. */
import * as E from 'fp-ts/lib/Either.js'
import { listAt, textAt } from '../json.js'
import { type Command, saidOf } from './command.js'
import { question } from './question.js'
import { OWN_ACCOUNT } from './words.js'

const list = question({
  name: 'sessions',
  summary: 'Lists the sessions of roles that can act now: begun, not over and not revoked.',
  arguments: [],
  options: [{ flag: '--role <name>', meaning: 'of that role alone' }],
  examples: ['grantlog sessions', 'grantlog sessions --role reader -o csv'],
  isPaged: true,
  ask: (given) =>
    E.right({
      type: 'Get',
      path: `/v1/accounts/${OWN_ACCOUNT}/sessions`,
      query: saidOf(given, 'role'),
    }),
  show: () => ({
    list: 'sessions',
    columns: [
      ['session', 'sessionId'],
      ['role', 'roleName'],
      ['name', 'sessionName'],
      ['began', 'began'],
      ['expires', 'expires'],
      ['assumed by', (row) => textAt(row, 'assumedBy.arn') || textAt(row, 'assumedBy')],
      ['chain', (row) => listAt(row, 'chain').length],
    ],
    none: 'No session can act now.',
  }),
})

const revoke = question({
  name: 'sessions revoke',
  summary: 'Ends a session of a role before its time, and every session that began from it.',
  arguments: [{ name: 'session', meaning: 'the id of a session, as sessions lists it' }],
  options: [],
  examples: ['grantlog sessions revoke 0197d3c5-… --reason "the laptop was lost" --ticket SEC-42'],
  ask: (given) =>
    E.right({
      type: 'Order',
      path: `/v1/sessions/${encodeURIComponent(given.argument('session'))}/revoke`,
      body: {},
    }),
  show: () => ({ list: null }),
})

export const sessionCommands: ReadonlyArray<Command> = [list, revoke]
