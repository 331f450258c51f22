/**
 * One run of the tool: reads the command line, runs the command, and tells what went wrong.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Context, Given } from './commands/command.js'
import { saidAsWritten } from './commands/said-as.js'
import { COMMANDS } from './commands/table.js'
import {
  type ExitCode,
  exitCodeOf,
  type Failure,
  failureJson,
  sentenceOf,
  usage,
} from './failure.js'
import { type Format, isFormat } from './output/format.js'
import { printable, type Terminal } from './output/terminal.js'
import { readCommandLine } from './program.js'
import { type Connection, connectionOf, type Environment } from './settings/connection.js'

/** Where help is found: of the command that was said, where there is one of that name. */
const helpOf = (args: ReadonlyArray<string>): string => {
  const [first = '', second = ''] = args
  const name = [`${first} ${second}`, first].find((said) =>
    COMMANDS.some((command) => command.name === said),
  )
  return name === undefined ? 'grantlog --help' : `grantlog ${name} --help`
}

/** The format that a faulty command line asks for, so that its fault is told in it. */
const formatAsked = (args: ReadonlyArray<string>): Format => {
  const asked = args.flatMap((word, index) => {
    if (word === '-o' || word === '--output') return [args[index + 1] ?? '']
    return /^(?:-o|--output=)(.+)$/.exec(word)?.[1] ?? []
  })
  const last = asked.at(-1) ?? ''
  return isFormat(last) ? last : 'table'
}

const formatOf = (given: Given): Format => {
  const said = given.option('output') ?? 'table'
  return isFormat(said) ? said : 'table'
}

const connect = (given: Given, env: Environment) => (): E.Either<Failure, Connection> => {
  const flag = (name: string) => {
    const said = given.option(name)
    return said === undefined ? {} : { [name]: said }
  }
  const names = ['endpoint', 'profile', 'credentials', 'timeout', 'reason', 'ticket', 'atLeast']
  const flags = Object.assign({ insecure: given.has('insecure') }, ...names.map(flag))
  return E.mapLeft(usage)(connectionOf(flags, env))
}

const isForPrograms = (format: Format): boolean => format === 'json' || format === 'jsonl'

const tellFailure = (failure: Failure, terminal: Terminal, format: Format): ExitCode => {
  terminal.tell(
    isForPrograms(format)
      ? JSON.stringify(failureJson(failure))
      : `${terminal.paintTalk('bad', 'grantlog:')} ${printable(sentenceOf(failure))}`,
  )
  return exitCodeOf(failure)
}

/** Runs one command line, without the program's name, to its exit code. */
export const runCommandLine = async (
  args: ReadonlyArray<string>,
  surroundings: {
    readonly terminal: Terminal
    readonly env: Environment
    readonly version: string
    readonly now: number
  },
): Promise<number> => {
  const { terminal, env, version, now } = surroundings
  const said = readCommandLine(args, version, terminal)
  switch (said.type) {
    case 'Told':
      return said.exitCode
    case 'Faulty': {
      const code = tellFailure(said.failure, terminal, formatAsked(args))
      if (!isForPrograms(formatAsked(args))) terminal.tell(`See: ${helpOf(args)}`)
      return code
    }
    case 'Command': {
      const format = formatOf(said.given)
      const context: Context = {
        given: said.given,
        terminal,
        format,
        env,
        now,
        connect: connect(said.given, env),
      }
      const ended = await said.command.run(context)
      return E.isLeft(ended)
        ? tellFailure(saidAsWritten(ended.left, said.command), terminal, format)
        : ended.right
    }
  }
}
