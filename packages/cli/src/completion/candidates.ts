/**
 * What fits at the cursor, from the tables of commands and of operations alone.
 */
import type { ArgumentAbout, Command, OptionAbout } from '../commands/command.js'
import { operationsOf, PRODUCTS, parametersOfWords } from '../commands/operations.js'

/** What a place of the command line is to be filled with. */
export type Place =
  | { readonly type: 'Words'; readonly words: ReadonlyArray<string> }
  | { readonly type: 'Principal' }
  /** A file or a free text: the shell knows better. */
  | { readonly type: 'Free' }

const flagsOf = ({ flag }: OptionAbout): ReadonlyArray<string> =>
  flag.split(/[ ,]+/).filter((part) => part.startsWith('-'))

const takesValue = ({ flag }: OptionAbout): boolean => flag.includes('<')

const find = (options: ReadonlyArray<OptionAbout>, word: string): OptionAbout | undefined =>
  options.find((option) => flagsOf(option).includes(word))

/** The words that are no option and no value of one. */
const operandsOf = (
  words: ReadonlyArray<string>,
  options: ReadonlyArray<OptionAbout>,
): ReadonlyArray<string> =>
  words.filter((word, index) => {
    if (word.startsWith('-')) return false
    const before = words[index - 1] ?? ''
    const option = find(options, before)
    return option === undefined ? !/^--[A-Z][^=]*$/.test(before) : !takesValue(option)
  })

type Found = { readonly command: Command; readonly operands: ReadonlyArray<string> }

/** The command whose name is the longest that the words begin with. */
const commandAt = (
  commands: ReadonlyArray<Command>,
  operands: ReadonlyArray<string>,
): Found | undefined =>
  commands
    .flatMap((command) => {
      const name = command.name.split(' ')
      const fits = name.every((part, index) => operands[index] === part)
      return fits ? [{ command, operands: operands.slice(name.length) }] : []
    })
    .sort((one, other) => other.command.name.length - one.command.name.length)[0]

/** The words that may follow those said, as names of commands. */
const namesAfter = (
  commands: ReadonlyArray<Command>,
  operands: ReadonlyArray<string>,
): ReadonlyArray<string> => [
  ...new Set(
    commands.flatMap(({ name, isHidden }) => {
      const parts = name.split(' ')
      const fits = operands.every((word, index) => parts[index] === word)
      const next = parts[operands.length]
      return fits && !isHidden && next !== undefined ? [next] : []
    }),
  ),
]

const placeOfArgument = (about: ArgumentAbout, operands: ReadonlyArray<string>): Place => {
  if (about.choices !== undefined) return { type: 'Words', words: about.choices }
  if (about.name === 'operation') {
    const product = PRODUCTS[(operands[0] ?? '').toLowerCase()]
    return { type: 'Words', words: product === undefined ? [] : operationsOf(product) }
  }
  return about.name === 'principal' ? { type: 'Principal' } : { type: 'Free' }
}

/** The parameters of the operation that was named. */
const parameterFlags = ({ command, operands: [productWord = '', operation = ''] }: Found) => {
  const isTaking = command.takesParameters === true
  const names = isTaking ? (parametersOfWords(productWord, operation) ?? []) : []
  return names.map((name) => `--${name}`)
}

/** `words` are those before the cursor, without the program's name; `current` is the one at it. */
export const placeAt = (
  commands: ReadonlyArray<Command>,
  shared: ReadonlyArray<OptionAbout>,
  words: ReadonlyArray<string>,
  current: string,
): Place => {
  const every = [...shared, ...commands.flatMap(({ options }) => options)]
  const operands = operandsOf(words, every)
  const found = commandAt(commands, operands)
  const options = [...shared, ...(found?.command.options ?? [])]
  const before = words.at(-1) ?? ''
  const valued = find(options, before)
  if (valued !== undefined && takesValue(valued))
    return valued.choices === undefined
      ? { type: 'Free' }
      : { type: 'Words', words: valued.choices }
  if (/^--[A-Z][^=]*$/.test(before)) return { type: 'Free' }
  if (current.startsWith('-')) {
    const parameters = found === undefined ? [] : parameterFlags(found)
    return { type: 'Words', words: [...parameters, ...options.flatMap(flagsOf), '--help'] }
  }
  const names = namesAfter(commands, operands)
  const about = found?.command.arguments[found.operands.length]
  const place =
    found === undefined || about === undefined ? null : placeOfArgument(about, found.operands)
  if (place === null) return { type: 'Words', words: names }
  return place.type === 'Words' ? { type: 'Words', words: [...names, ...place.words] } : place
}
