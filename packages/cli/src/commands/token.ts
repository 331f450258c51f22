/** `grantlog token`: a bearer token for programs that cannot sign. */
import * as E from 'fp-ts/lib/Either.js'
import { fetchToken } from '../calling/token.js'
import { EXIT_OK } from '../failure.js'
import { textAt } from '../json.js'
import { writerOf } from '../output/format.js'
import type { Command } from './command.js'

export const token: Command = {
  name: 'token',
  summary: 'Prints a bearer token of the caller, which is good for some minutes.',
  details: 'A table is the token alone, so that a shell can take it; -o json tells when it ends.',
  arguments: [],
  options: [],
  examples: [
    'curl -H "authorization: Bearer $(grantlog token)" http://127.0.0.1:7070/v1/accounts/<uid>/events',
    'grantlog token -o json',
  ],
  run: async ({ connect, terminal, format }) => {
    const connection = connect()
    if (E.isLeft(connection)) return connection
    const answer = await fetchToken(connection.right)
    if (E.isLeft(answer)) return answer
    if (format === 'table') await terminal.write(`${textAt(answer.right, 'access_token')}\n`)
    else {
      const writer = writerOf(format, terminal, { list: null })
      await writer.page(answer.right)
      await writer.end()
    }
    return E.right(EXIT_OK)
  },
}
