/**
 * What a command is: what the help, the completion and the reference say of it, and what it does.
 */
import * as E from 'fp-ts/lib/Either.js'
import { type ExitCode, type Failure, usage } from '../failure.js'
import type { Format } from '../output/format.js'
import type { Terminal } from '../output/terminal.js'
import type { Connection, Environment } from '../settings/connection.js'

export type ArgumentAbout = {
  readonly name: string
  readonly meaning: string
  readonly isOptional?: true
  readonly choices?: ReadonlyArray<string>
}

export type OptionAbout = {
  /** As the help shows it, e.g. `--limit <n>`. */
  readonly flag: string
  readonly meaning: string
  readonly choices?: ReadonlyArray<string>
  readonly isNeeded?: true
  /** May be said several times. */
  readonly isRepeated?: true
}

/** What the command line said, once it is known to be well formed. */
export type Given = {
  /** Empty where an optional one was not said. */
  readonly argument: (name: string) => string
  readonly option: (name: string) => string | undefined
  readonly options: (name: string) => ReadonlyArray<string>
  readonly has: (name: string) => boolean
  /** `--Name value` in the spelling of RAM's parameters. */
  readonly parameters: Readonly<Record<string, string>>
  /** All that follows, for a command that takes it as it is. */
  readonly rest: ReadonlyArray<string>
}

export type Context = {
  readonly given: Given
  readonly terminal: Terminal
  readonly format: Format
  readonly env: Environment
  readonly connect: () => E.Either<Failure, Connection>
  /** Milliseconds since the epoch. */
  readonly now: number
}

export type Command = {
  /** One word, or two where it stands below another command. */
  readonly name: string
  /** One sentence. */
  readonly summary: string
  readonly details?: string
  readonly arguments: ReadonlyArray<ArgumentAbout>
  readonly options: ReadonlyArray<OptionAbout>
  readonly examples: ReadonlyArray<string>
  /**
   * How parameters of the server are written here that bear another name, e.g. `limit` as
   * `--groups`.
   */
  readonly saidAs?: Readonly<Record<string, string>>
  /** Takes `--Name value` parameters. */
  readonly takesParameters?: true
  /** Whatever follows is its own affair, `--help` too. */
  readonly takesRest?: true
  /** For the machinery of completion alone. */
  readonly isHidden?: true
  readonly run: (context: Context) => Promise<E.Either<Failure, ExitCode>>
}

/** The options of these names that were said, as members of a query. */
export const saidOf = (
  given: Given,
  ...names: ReadonlyArray<string>
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const said = given.option(name)
      return said === undefined ? [] : [[name, said]]
    }),
  )

export const wrong = (sentence: string): E.Either<Failure, never> => E.left(usage(sentence))
