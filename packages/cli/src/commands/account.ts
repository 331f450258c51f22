/** `grantlog account`: as whom calls are made, and where. */
import * as E from 'fp-ts/lib/Either.js'
import { CALLER_IDENTITY, callerOf } from '../calling/call.js'
import { EXIT_OK } from '../failure.js'
import { type Json, textAt } from '../json.js'
import { writerOf } from '../output/format.js'
import type { Command } from './command.js'

export const account: Command = {
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
