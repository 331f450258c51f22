/** `grantlog account`: as whom calls are made, and where; with `list` and `open`, the others. */
import * as E from 'fp-ts/lib/Either.js'
import { CALLER_IDENTITY, callerOf } from '../calling/call.js'
import { EXIT_OK } from '../failure.js'
import { type Json, textAt } from '../json.js'
import { writerOf } from '../output/format.js'
import type { Command } from './command.js'
import { question } from './question.js'

const account: Command = {
  name: 'account',
  summary: 'Says which account is called, as whom, and on which server.',
  arguments: [],
  options: [],
  examples: ['grantlog account', 'grantlog account -o json --profile audit'],
  run: async ({ connect, terminal, format }) => {
    const connection = connect()
    if (E.isLeft(connection)) return connection
    const answer = await callerOf(connection.right)(CALLER_IDENTITY)
    if (E.isLeft(answer)) return answer
    const known = (member: string): Json => textAt(answer.right, member)
    const shown: Json = {
      accountId: known('AccountId'),
      caller: known('Arn'),
      type: known('IdentityType'),
      principalId: known('PrincipalId'),
      endpoint: connection.right.endpoint,
    }
    const writer = writerOf(format, terminal, { list: null })
    await writer.page(shown)
    await writer.end()
    return E.right(EXIT_OK)
  },
}

const list = question({
  name: 'account list',
  summary: 'Lists the accounts of the deployment. For its first account alone.',
  arguments: [],
  options: [],
  examples: ['grantlog account list', 'grantlog account list --all -o jsonl'],
  isPaged: true,
  ask: () => E.right({ type: 'Get', path: '/v1/accounts', query: {} }),
  show: () => ({
    list: 'accounts',
    columns: [
      ['account', 'accountId'],
      ['opened', 'created'],
      ['position', 'position'],
    ],
    none: 'There is no account.',
  }),
})

const open = question({
  name: 'account open',
  summary: 'Opens a further account, and shows the key of its root once.',
  details: 'For the first account alone. Keep the secret: it is shown here and never again.',
  arguments: [],
  options: [],
  examples: [
    '(umask 077; grantlog account open -o json > team-b.json)',
    '(umask 077; npm run -s grantlog -- account open -o json > team-b.json)',
    'grantlog account open --ticket OPS-7',
  ],
  ask: () => E.right({ type: 'Order', path: '/v1/accounts', body: {} }),
  show: () => ({ list: null }),
})

export const accountCommands: ReadonlyArray<Command> = [account, list, open]
