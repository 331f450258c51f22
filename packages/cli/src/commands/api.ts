/**
 * `grantlog api`: any operation of RAM, STS and IMS by its own name, with its own parameters.
 */
import type { Product } from '@grantlog/client'
import * as E from 'fp-ts/lib/Either.js'
import { callerOf, type Request } from '../calling/call.js'
import { EXIT_OK, type Failure } from '../failure.js'
import { isRecord, type Json } from '../json.js'
import { type Show, writerOf } from '../output/format.js'
import { type Command, wrong } from './command.js'
import { nearestOperation } from './operations.js'
import { ofOwnAccount } from './question.js'

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

const PRODUCTS: Readonly<Record<string, Product>> = { ram: 'Ram', sts: 'Sts', ims: 'Ims' }

const withNearest = async (failure: Failure, action: string): Promise<Failure> => {
  if (failure.type !== 'Refused' || failure.code !== 'InvalidAction.NotFound') return failure
  const nearest = await nearestOperation(action)
  return nearest === null
    ? failure
    : { ...failure, detail: `There is no operation ${action}. (Did you mean ${nearest}?)` }
}

export const api: Command = {
  name: 'api',
  summary: 'Calls any operation of RAM, STS or IMS by its own name, with its own parameters.',
  details:
    'Parameters are spelt as the operation has them: --UserName alice, or --UserName=alice. ' +
    'A table shows the list of the answer, or its one thing; -o json shows the answer whole.',
  arguments: [
    { name: 'product', meaning: 'ram, sts or ims', choices: Object.keys(PRODUCTS) },
    { name: 'operation', meaning: 'e.g. CreateUser' },
  ],
  options: [],
  examples: [
    'grantlog api ram CreateUser --UserName alice --reason "she joined today"',
    'grantlog api ram ListUsers',
    'grantlog api sts AssumeRole --RoleArn acs:ram::{uid}:role/reader --RoleSessionName me',
  ],
  takesParameters: true,
  run: async ({ given, terminal, format, connect }) => {
    const connection = connect()
    if (E.isLeft(connection)) return connection
    if (given.parameters['Format'] !== undefined)
      return wrong('Answers are asked for as JSON; -o chooses how they are shown.')
    const call = callerOf(connection.right)
    const name = given.argument('operation')
    const product = PRODUCTS[given.argument('product')] ?? 'Ram'
    const said: Request = { type: 'Operation', product, name, parameters: given.parameters }
    const request = await ofOwnAccount(said, connection.right, call)
    if (E.isLeft(request)) return request
    const answer = await call(request.right)
    if (E.isLeft(answer)) return E.left(await withNearest(answer.left, name))
    const list = listPath(answer.right)
    const show: Show = { list, none: 'None.', heading: headingOf }
    const isFlat = list === null && (format === 'table' || format === 'csv')
    const writer = writerOf(format, terminal, show)
    await writer.page(isFlat ? rowOf(answer.right) : answer.right)
    await writer.end()
    return E.right(EXIT_OK)
  },
}
