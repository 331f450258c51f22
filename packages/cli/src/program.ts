/**
 * The command line: made of the table of commands, read by commander, and turned into one call of
 * one command's `run`.
 */
import {
  Argument,
  Command as Commander,
  CommanderError,
  InvalidArgumentError,
  Option,
} from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import type { ArgumentAbout, Command, Given, OptionAbout } from './commands/command.js'
import { flagsText, nearestOf, parametersOfWords } from './commands/operations.js'
import { SHARED_OPTIONS } from './commands/shared-options.js'
import { COMMANDS } from './commands/table.js'
import { EXIT_CODES, EXIT_OK, EXIT_USAGE, type ExitCode, type Failure, usage } from './failure.js'
import type { Terminal } from './output/terminal.js'

/** What was said: a command and its words, a text that was asked for, or a fault. */
export type Said =
  | { readonly type: 'Command'; readonly command: Command; readonly given: Given }
  | { readonly type: 'Told'; readonly exitCode: ExitCode }
  | { readonly type: 'Faulty'; readonly failure: Failure }

const PARAMETER = /^--([A-Z][A-Za-z0-9.]*)(?:=([\s\S]*))?$/

type Parted = {
  readonly words: ReadonlyArray<string>
  readonly parameters: Readonly<Record<string, string>>
}

/** Takes out `--Name value` and `--Name=value`: no option of ours begins with a capital. */
export const partParameters = (args: ReadonlyArray<string>): E.Either<string, Parted> => {
  const words: string[] = []
  const parameters = new Map<string, string>()
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? ''
    const [, name, joined] = PARAMETER.exec(word) ?? []
    if (name === undefined) {
      words.push(word)
      continue
    }
    if (parameters.has(name)) return E.left(`The parameter --${name} is said twice.`)
    const value = joined ?? args[index + 1]
    if (value === undefined) return E.left(`The parameter --${name} has no value.`)
    parameters.set(name, value)
    if (joined === undefined) index += 1
  }
  return E.right({ words, parameters: Object.fromEntries(parameters) })
}

const argumentOf = ({ name, meaning, isOptional, choices }: ArgumentAbout): Argument => {
  const argument = new Argument(isOptional ? `[${name}]` : `<${name}>`, meaning)
  if (choices === undefined) return argument
  // A choice is one in any case of letters: products are called Ram as well as ram.
  return argument.choices(choices).argParser((said: string) => {
    const choice = choices.find((each) => each === said.toLowerCase())
    if (choice !== undefined) return choice
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`)
  })
}

const collect = (value: string, earlier: ReadonlyArray<string> = []): ReadonlyArray<string> => [
  ...earlier,
  value,
]

const optionOf = ({ flag, meaning, choices, isNeeded, isRepeated }: OptionAbout): Option => {
  const option = new Option(flag, meaning)
  if (choices !== undefined) option.choices(choices)
  if (isRepeated) option.argParser(collect)
  return isNeeded ? option.makeOptionMandatory() : option
}

export const CODES_HELP = `Exit codes: ${EXIT_CODES.map(([code, meaning]) => `${code} ${meaning}`).join('; ')}.`

/** Of the operation that stands in the command line, which parameters it takes. */
const parametersLines = (words: ReadonlyArray<string>): ReadonlyArray<string> => {
  const [, product = '', operation = ''] = words
  const known = parametersOfWords(product, operation)
  return known === undefined ? [] : ['', `${operation} takes: ${flagsText(known)}.`]
}

const helpAfter = (
  { details, examples, takesParameters }: Command,
  words: ReadonlyArray<string>,
): string =>
  [
    ...(takesParameters === true ? parametersLines(words) : []),
    ...(details === undefined ? [] : ['', details]),
    ...(examples.length === 0 ? [] : ['', 'Examples:', ...examples.map((line) => `  ${line}`)]),
    '',
    CODES_HELP,
  ].join('\n')

/** The commander of one command, below the one whose name its name begins with. */
const addCommand = (
  root: Commander,
  command: Command,
  words: ReadonlyArray<string>,
  onSaid: (said: Said) => void,
): void => {
  const [first = '', second] = command.name.split(' ')
  const parent = second === undefined ? root : root.commands.find((one) => one.name() === first)
  const made = (parent ?? root)
    .command(second ?? first, { hidden: command.isHidden === true })
    .description(command.summary)
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', helpAfter(command, words))
  for (const about of command.arguments) made.addArgument(argumentOf(about))
  for (const about of command.options) made.addOption(optionOf(about))
  made.action(() => {
    const said = made.optsWithGlobals<Readonly<Record<string, unknown>>>()
    onSaid({ type: 'Command', command, given: givenOf(command, made.processedArgs, said) })
  })
}

const givenOf = (
  { arguments: names }: Command,
  processed: ReadonlyArray<unknown>,
  said: Readonly<Record<string, unknown>>,
): Given => ({
  argument: (name) => String(processed[names.findIndex((about) => about.name === name)] ?? ''),
  option: (name) => (typeof said[name] === 'string' ? said[name] : undefined),
  options: (name) => (Array.isArray(said[name]) ? said[name] : []),
  has: (name) => said[name] === true,
  parameters: {},
  rest: [],
})

const rootOf = (version: string, terminal: Terminal): Commander => {
  const root = new Commander('grantlog')
    .description('Asks a grantlog server who may do what, who could, why, and since when.')
    .version(version)
    .addHelpText('after', `\n${CODES_HELP}\nMore: grantlog <command> --help`)
    .exitOverride()
    // Faults are told by whoever called, in the format that was asked for.
    .configureOutput({
      writeOut: (text) => void terminal.write(text),
      writeErr: (text) => terminal.tell(text.trimEnd()),
      outputError: () => undefined,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
  for (const about of SHARED_OPTIONS) root.addOption(optionOf(about))
  return root
}

/** A command that takes the rest as it is must be the first word: then nobody reads its flags. */
const sayingRest = ([first, ...rest]: ReadonlyArray<string>): Said | null => {
  const command = COMMANDS.find(({ name, takesRest }) => takesRest && name === first)
  return command === undefined
    ? null
    : { type: 'Command', command, given: { ...givenOf(command, [], {}), rest } }
}

const faulty = (sentence: string): Said => ({ type: 'Faulty', failure: usage(sentence) })

/** Asked for help it is told; found wanting, it is a fault. */
const endOf = ({ exitCode, code, message }: CommanderError, words: ReadonlyArray<string>): Said => {
  if (exitCode === EXIT_OK) return { type: 'Told', exitCode: EXIT_OK }
  if (code === 'commander.help') return { type: 'Told', exitCode: EXIT_USAGE }
  const sentence = sentenceOfFault(message)
  return faulty(code === 'commander.unknownOption' ? withParameterMeant(sentence, words) : sentence)
}

/** `--userName` where an operation has `--UserName`: no option of ours is near it. */
const withParameterMeant = (sentence: string, words: ReadonlyArray<string>): string => {
  const [command, product = '', operation = ''] = words
  const said = /'--([A-Za-z0-9.]+)/.exec(sentence)?.[1]
  if (command !== 'api' || said === undefined || sentence.includes('Did you mean')) return sentence
  const nearest = nearestOf(parametersOfWords(product, operation) ?? [], said)
  return nearest === null ? sentence : `${sentence.slice(0, -1)} (Did you mean --${nearest}?)`
}

/** Commander writes `error: unknown command 'cna'`, and what was meant on a line of its own. */
const sentenceOfFault = (message: string): string => {
  const sentence = message
    .replace(/^error: /, '')
    .replace(/\n/g, ' ')
    .trim()
  const first = sentence.charAt(0).toUpperCase() + sentence.slice(1)
  return /[.)?]$/.test(first) ? first : `${first}.`
}

export const readCommandLine = (
  args: ReadonlyArray<string>,
  version: string,
  terminal: Terminal,
): Said => {
  const rest = sayingRest(args)
  if (rest !== null) return rest
  const parted = partParameters(args)
  if (E.isLeft(parted)) return faulty(parted.left)
  const { words, parameters } = parted.right
  let said: Said = { type: 'Told', exitCode: EXIT_USAGE }
  const root = rootOf(version, terminal)
  for (const command of COMMANDS)
    addCommand(root, command, words, (one) => {
      said = one
    })
  try {
    root.parse(words, { from: 'user' })
  } catch (fault) {
    if (fault instanceof CommanderError) return endOf(fault, words)
    throw fault
  }
  return withParameters(said, parameters)
}

const withParameters = (said: Said, parameters: Parted['parameters']): Said => {
  if (said.type !== 'Command') return said
  const [unknown] = Object.keys(parameters)
  if (unknown !== undefined && said.command.takesParameters !== true)
    return faulty(
      `Unknown option --${unknown}: parameters of operations stand behind grantlog api.`,
    )
  return { ...said, given: { ...said.given, parameters } }
}
