/**
 * `grantlog api`: any operation of RAM, STS and IMS by its own name, with its own parameters.
 */
import { statSync } from 'node:fs'
import type { Product } from '@grantlog/client'
import * as E from 'fp-ts/lib/Either.js'
import { callerOf, type Names, type Request } from '../calling/call.js'
import { EXIT_OK, type Failure } from '../failure.js'
import { isRecord, type Json } from '../json.js'
import { type Show, writerOf } from '../output/format.js'
import { type Command, wrong } from './command.js'
import {
  flagsText,
  nearestOf,
  nearestOperation,
  PRODUCTS,
  parametersOf,
  unknownParameter,
} from './operations.js'
import { ofOwnAccount } from './question.js'
import { readText } from './words.js'

/**
 * The list in an answer such as `{"Users": {"User": [...]}}`; null when the answer itself is the
 * row.
 */
const listPath = (answer: Json): string | null => {
  if (!isRecord(answer)) return null
  for (const [outer, value] of Object.entries(answer))
    if (isRecord(value))
      for (const [inner, rows] of Object.entries(value))
        if (Array.isArray(rows)) return `${outer}.${inner}`
  return null
}

/** What one thing is described by: `{"User": {…}}` is shown as the user. */
const rowOf = (answer: Json): Json => {
  if (!isRecord(answer)) return answer
  const { RequestId: _, ...members } = answer
  const flat = Object.entries(members).flatMap(
    ([name, value]): Array<readonly [string, Json]> =>
      isRecord(value) ? Object.entries(value) : [[name, value]],
  )
  return Object.fromEntries(flat)
}

/** An operation that answers nothing but its RequestId has done its work all the same. */
const headingOf = (answer: Json): ReadonlyArray<string> =>
  isRecord(answer) && Object.keys(answer).length === 0 ? ['Done.'] : []

/** A parameter that the server would pass over, as if it had not been said. */
const faultOfNames = (product: Product, operation: string, parameters: Names): string | null => {
  const names = Object.keys(parameters)
  if (names.includes('Format'))
    return 'Answers are asked for as JSON; -o chooses how they are shown.'
  const unknown = unknownParameter(product, operation, names)
  if (unknown === undefined) return null
  const known = parametersOf(product, operation) ?? []
  const nearest = nearestOf(known, unknown)
  const meant = nearest === null ? '' : ` (Did you mean --${nearest}?)`
  return `${operation} has no parameter --${unknown}.${meant} It takes: ${flagsText(known)}.`
}

/** `@policy.json` is what stands in that file, `@-` standard input, and `@@x` the text `@x`. */
const meantBy = (name: string, text: string): E.Either<Failure, string> => {
  if (text.startsWith('@@')) return E.right(text.slice(1))
  if (!text.startsWith('@')) return E.right(text)
  if (text === '@')
    return wrong(`--${name} @ lacks the name of a file; @- is standard input, @@ the text @.`)
  // Editors and echo end a text with a new line that nobody means.
  return E.map((content: string) => content.replace(/\r?\n$/, ''))(readText(text.slice(1)))
}

const valuesOf = (parameters: Names): E.Either<Failure, Names> => {
  const values: { [name: string]: string } = {}
  for (const [name, text] of Object.entries(parameters)) {
    const value = meantBy(name, text)
    if (E.isLeft(value)) return value
    values[name] = value.right
  }
  return E.right(values)
}

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true

/** What was probably meant, where an operation or a file was. */
const withHint = (failure: Failure, operation: string, parameters: Names): Failure => {
  if (failure.type !== 'Refused') return failure
  const { code, detail } = failure
  const nearest = code === 'InvalidAction.NotFound' ? nearestOperation(operation) : null
  if (nearest !== null)
    return { ...failure, detail: `There is no operation ${operation}. (Did you mean ${nearest}?)` }
  const [name, file] = Object.entries(parameters).find(([, text]) => isFile(text)) ?? []
  return file === undefined
    ? failure
    : {
        ...failure,
        detail: `${detail} (${file} is a file: --${name} @${file} sends what is in it.)`,
      }
}

export const api: Command = {
  name: 'api',
  summary: 'Calls any operation of RAM, STS or IMS by its own name, with its own parameters.',
  details:
    'Parameters are spelt as the operation has them: --UserName alice, or --UserName=alice; ' +
    'grantlog api ram CreateUser --help tells which there are. ' +
    'A value @policy.json is what stands in that file, @- standard input, and @@x the text @x. ' +
    'A table shows the list of the answer, or its one thing; -o json shows the answer whole.',
  arguments: [
    { name: 'product', meaning: 'ram, sts or ims', choices: Object.keys(PRODUCTS) },
    { name: 'operation', meaning: 'e.g. CreateUser' },
  ],
  options: [],
  examples: [
    'grantlog api ram CreateUser --UserName alice --reason "she joined today"',
    'grantlog api ram ListUsers',
    'grantlog api ram CreatePolicy --PolicyName orders --PolicyDocument @policy.json',
    'grantlog api sts AssumeRole --RoleArn acs:ram::{uid}:role/reader --RoleSessionName me',
  ],
  takesParameters: true,
  run: async ({ given, terminal, format, connect }) => {
    const name = given.argument('operation')
    const product = PRODUCTS[given.argument('product')] ?? 'Ram'
    const fault = faultOfNames(product, name, given.parameters)
    if (fault !== null) return wrong(fault)
    const parameters = valuesOf(given.parameters)
    if (E.isLeft(parameters)) return parameters
    const connection = connect()
    if (E.isLeft(connection)) return connection
    const call = callerOf(connection.right)
    const said: Request = { type: 'Operation', product, name, parameters: parameters.right }
    const request = await ofOwnAccount(said, connection.right, call)
    if (E.isLeft(request)) return request
    const answer = await call(request.right)
    if (E.isLeft(answer)) return E.left(withHint(answer.left, name, given.parameters))
    const list = listPath(answer.right)
    const show: Show = { list, none: 'None.', heading: headingOf }
    const isFlat = list === null && (format === 'table' || format === 'csv')
    const writer = writerOf(format, terminal, show)
    await writer.page(isFlat ? rowOf(answer.right) : answer.right)
    await writer.end()
    return E.right(EXIT_OK)
  },
}
