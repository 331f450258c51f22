/**
 * Settings of a process: flags win over the environment, the environment over the file, the file
 * over the defaults. Unknown members of the file are refused, so that a misspelt one never goes
 * unnoticed.
 */
import { readFileSync } from 'node:fs'
import { Command, CommanderError, Option } from 'commander'
import * as E from 'fp-ts/lib/Either.js'

/** One setting. Its name in the file is that of its flag in camel case. */
export type Setting<A> = {
  /** As commander writes it, e.g. `-p, --port <port>`; null for what only the file may hold. */
  readonly flag: string | null
  /** e.g. `GRANTLOG_PORT`. */
  readonly variable: string | null
  readonly help: string
  /** Takes a text, or whatever JSON the file holds; refuses with a sentence. */
  readonly decode: (given: unknown) => E.Either<string, A>
  /** What it is when nobody says; a sentence when somebody must. */
  readonly fallback: () => E.Either<string, A>
}

export type Settings = Readonly<Record<string, Setting<unknown>>>

export type Values<S extends Settings> = {
  readonly [Name in keyof S]: S[Name] extends Setting<infer A> ? A : never
}

export type Program = {
  readonly name: string
  readonly description: string
  readonly version: string
  /** Lines of the help after the options. */
  readonly examples: ReadonlyArray<string>
}

/**
 * Why the process should not start: a sentence for the terminal, or a text that was asked for
 * (`--help`).
 */
export type NotStarting =
  | { readonly type: 'Told'; readonly exitCode: number }
  | { readonly type: 'BadConfiguration'; readonly sentence: string }

/** The configuration file may hold at most this many bytes. */
const CONFIGURATION_BYTES_MAX = 65_536

const CONFIG_VARIABLE = 'GRANTLOG_CONFIG'

/**
 * The text of a variable; an empty one says nothing. The library that reads flags would take any
 * text for a yes where a flag has no value.
 */
const fromEnvironment = (variable: string | null): string | undefined => {
  const text = variable === null ? undefined : process.env[variable]
  return text === '' ? undefined : text
}

const bad = (sentence: string): E.Either<NotStarting, never> =>
  E.left({ type: 'BadConfiguration', sentence })

const commandLine = (program: Program, settings: Settings): Command => {
  const command = new Command(program.name)
    .description(program.description)
    .version(program.version)
    .allowExcessArguments(false)
    .exitOverride()
  for (const { flag, variable, help } of Object.values(settings)) {
    if (flag === null) continue
    command.addOption(new Option(flag, variable === null ? help : `${help} (env: ${variable})`))
  }
  const file = `JSON file with the same members in camel case (env: ${CONFIG_VARIABLE})`
  return command.addOption(new Option('-c, --config <file>', file)).addHelpText(
    'after',
    `
Precedence: flag, then environment (shown above), then --config file, then default.

Examples:
${program.examples.map((example) => `  ${example}`).join('\n')}

GET /readyz answers 200 once the process serves. Stop it with SIGTERM or Ctrl-C.

Exit codes: 0 stopped cleanly, 1 could not start or stop, 2 a flag, a variable or the config
file is wrong.`,
  )
}

const readFile = (
  path: string,
  settings: Settings,
): E.Either<NotStarting, Readonly<Record<string, unknown>>> => {
  let content: unknown
  try {
    const text = readFileSync(path, 'utf8')
    if (text.length > CONFIGURATION_BYTES_MAX)
      return bad(`The configuration file ${path} is too large.`)
    content = JSON.parse(text)
  } catch (fault) {
    return bad(`The configuration file ${path} can't be read: ${(fault as Error).message}`)
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    return bad(`The configuration file ${path} is not valid: it must hold one JSON object.`)
  const known = Object.keys(settings)
  const unknown = Object.keys(content).find((member) => !known.includes(member))
  return unknown === undefined
    ? E.right(content as Readonly<Record<string, unknown>>)
    : bad(
        `The configuration file ${path} has an unknown member "${unknown}". Known are: ${known.join(', ')}.`,
      )
}

/** Reads flags (without the program's name), environment and file into one record. */
export const readSettings = <S extends Settings>(
  program: Program,
  settings: S,
  args: ReadonlyArray<string>,
): E.Either<NotStarting, Values<S>> => {
  const command = commandLine(program, settings)
  try {
    command.parse(args, { from: 'user' })
  } catch (fault) {
    if (fault instanceof CommanderError)
      return E.left({ type: 'Told', exitCode: fault.exitCode === 0 ? 0 : 2 })
    return bad(String(fault))
  }
  const given = command.opts<Partial<Record<string, unknown>>>()
  const path = given['config'] ?? fromEnvironment(CONFIG_VARIABLE)
  const file = typeof path === 'string' ? readFile(path, settings) : E.right({})
  if (E.isLeft(file)) return file
  const inFile: Readonly<Record<string, unknown>> = file.right

  const values: Record<string, unknown> = {}
  for (const [name, { variable, decode, fallback }] of Object.entries(settings)) {
    const said = given[name] ?? fromEnvironment(variable) ?? inFile[name]
    const value = said === undefined ? fallback() : decode(said)
    if (E.isLeft(value)) return bad(value.left)
    values[name] = value.right
  }
  return E.right(values as Values<S>)
}
