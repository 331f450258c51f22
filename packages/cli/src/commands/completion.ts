/** `grantlog completion`: the script that a shell completes by, and what that script asks. */
import * as E from 'fp-ts/lib/Either.js'
import { type Caller, callerOf } from '../calling/call.js'
import { type Place, placeAt } from '../completion/candidates.js'
import { SCRIPTS, SHELLS, type Shell } from '../completion/scripts.js'
import { EXIT_OK } from '../failure.js'
import { listAt, textAt } from '../json.js'
import type { Command, Context, OptionAbout } from './command.js'

export const completion: Command = {
  name: 'completion',
  summary: 'Prints the script by which a shell completes grantlog.',
  arguments: [{ name: 'shell', meaning: SHELLS.join(', '), choices: SHELLS }],
  options: [],
  examples: [
    'source <(grantlog completion bash)',
    'grantlog completion zsh > ~/.zfunc/_grantlog',
    'grantlog completion fish > ~/.config/fish/completions/grantlog.fish',
  ],
  run: async ({ given, terminal }) => {
    // The choices of the argument are the shells, so it is one of them.
    await terminal.write(SCRIPTS[given.argument('shell') as Shell])
    return E.right(EXIT_OK)
  },
}

/** How long a shell waits for the names that the server knows. Unit: milliseconds. */
const NAMES_MS_MAX = 2_000

const namesBy = async (
  call: Caller,
  name: string,
  list: string,
  member: string,
): Promise<ReadonlyArray<string>> => {
  const parameters = { MaxItems: '1000' }
  const answer = await call({ type: 'Operation', product: 'Ram', name, parameters })
  return E.isLeft(answer) ? [] : listAt(answer.right, list).map((row) => textAt(row, member))
}

/** The users and roles of the account; none where nobody can be asked. */
const principals = async ({ connect }: Context): Promise<ReadonlyArray<string>> => {
  const connection = connect()
  if (E.isLeft(connection)) return []
  const call = callerOf({ ...connection.right, timeoutMs: NAMES_MS_MAX })
  const [users, roles] = await Promise.all([
    namesBy(call, 'ListUsers', 'Users.User', 'UserName'),
    namesBy(call, 'ListRoles', 'Roles.Role', 'RoleName'),
  ])
  return [...users, ...roles.map((name) => `role/${name}`), 'root']
}

const wordsFor = (place: Place, context: Context): Promise<ReadonlyArray<string>> => {
  switch (place.type) {
    case 'Words':
      return Promise.resolve(place.words)
    case 'Principal':
      return principals(context)
    case 'Free':
      return Promise.resolve([])
  }
}

/** Asked by the scripts, with the words before the cursor and the one at it. */
export const completeCommand = (
  commands: () => ReadonlyArray<Command>,
  shared: ReadonlyArray<OptionAbout>,
): Command => ({
  name: '__complete',
  summary: 'Answers the completion scripts of shells.',
  arguments: [],
  options: [],
  examples: [],
  isHidden: true,
  takesRest: true,
  run: async (context) => {
    const current = context.given.rest.at(-1) ?? ''
    const place = placeAt(commands(), shared, context.given.rest.slice(0, -1), current)
    const words = await wordsFor(place, context)
    const fitting = words.filter((word) => word.startsWith(current))
    await context.terminal.write(fitting.map((word) => `${word}\n`).join(''))
    return E.right(EXIT_OK)
  },
})
