/**
 * What a server says of parameters, said of what a person wrote: `--at` in the place of `at`.
 *
 * The server names a parameter by `parameter` or `pointer`, and in its sentences between backticks.
 */
import type { Failure } from '../failure.js'
import { type Json, textAt } from '../json.js'
import type { Command } from './command.js'

/** `--session-policy <file>` is the parameter `sessionPolicy`. */
const nameOfFlag = (flag: string): string =>
  (/--([a-z][a-z-]*)/.exec(flag)?.[1] ?? '').replace(/-(\w)/g, (_, letter: string) =>
    letter.toUpperCase(),
  )

/** How each parameter of the server was written. */
const writtenAs = ({ options, arguments: words, saidAs = {} }: Command) => {
  const flags = options.map(({ flag }) => {
    const name = nameOfFlag(flag)
    return [name, /--[a-z-]+/.exec(flag)?.[0] ?? name] as const
  })
  const places = words.map(({ name }) => [name, `<${name}>`] as const)
  return new Map<string, string>([...flags, ...places, ...Object.entries(saidAs)])
}

const FAULT = /^The (?:query parameter|body member) \S+ is not as it should be: /

/** The parameter that a problem is about. */
const aboutWhich = (answer: Json): string =>
  textAt(answer, 'parameter') || (textAt(answer, 'pointer').split('/')[1] ?? '')

/** The same failure, in the words of the command line. */
export const saidAsWritten = (failure: Failure, command: Command): Failure => {
  if (failure.type !== 'Refused') return failure
  const written = writtenAs(command)
  const which = written.get(aboutWhich(failure.answer))
  const detail = failure.detail
    .replace(FAULT, (whole) => (which === undefined ? whole : `${which} is not as it should be: `))
    .replace(/`([A-Za-z]+)`/g, (whole, name: string) => written.get(name) ?? whole)
  return { ...failure, detail }
}
