/**
 * JSON bodies of the read API: a closed set of members, each refused by its name and with its rule.
 */
import { jsonPointer, parseJson } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { READ_API_BODY_BYTES_MAX } from '../http.js'
import { bodyText, type ReceivedCall } from '../signature/call.js'
import { faultOf, type MemberAbout } from './about.js'
import type { ReadFault } from './problem.js'

/** A member that is not as it should be. */
export const malformedMember = (
  about: ReadonlyArray<MemberAbout>,
  name: string,
  fault: string = faultOf(about, name, 'member'),
): ReadFault => ({ type: 'BodyMalformed', pointer: jsonPointer([name]), fault })

/** What is wrong with a body, and where. */
export const malformedBody = (pointer: string, fault: string): E.Either<ReadFault, never> =>
  E.left({ type: 'BodyMalformed', pointer, fault })

/** The JSON of a body, of a length that its path takes. Unit: bytes. */
export const jsonOfBody = (
  { body }: ReceivedCall,
  bytesMax: number = READ_API_BODY_BYTES_MAX,
): E.Either<ReadFault, unknown> => {
  const text = bodyText(body)
  if (text === null) return malformedBody('', 'it is not UTF-8')
  const parsed = parseJson(text, bytesMax)
  if (E.isRight(parsed)) return parsed
  return parsed.left.type === 'JsonTooLong'
    ? malformedBody('', 'it is too long')
    : malformedBody(parsed.left.path, parsed.left.fault)
}

/** The members that lead to a fault, as far as they can be told: of a union nothing is meant. */
const membersTo = ({ context }: t.ValidationError): ReadonlyArray<string> => {
  const union = context.findIndex(({ type }) => type instanceof t.UnionType)
  return context.slice(1, union === -1 ? undefined : union + 1).map(({ key }) => key)
}

/** What is wrong with a member inside another, which no rule of the body speaks of alone. */
const faultInside = ({ message }: t.ValidationError): string => {
  if (message === 'missing member') return 'it is missing'
  return message === 'unknown member' ? 'there is no such member' : 'it is not as told'
}

/** The first fault of a body that its codec refused, by the member that has it. */
export const faultOfBody = (about: ReadonlyArray<MemberAbout>, [error]: t.Errors): ReadFault => {
  const members = error === undefined ? [] : membersTo(error)
  const [name, ...inside] = members
  if (error === undefined || name === undefined)
    return { type: 'BodyMalformed', pointer: '', fault: 'it must be a JSON object' }
  if (inside.length > 0)
    return { type: 'BodyMalformed', pointer: jsonPointer(members), fault: faultInside(error) }
  return error.message === 'missing member'
    ? malformedMember(about, name, 'it is missing')
    : malformedMember(about, name)
}

/** The body, or its first fault. An empty one says nothing, which does where nothing is needed. */
export const readBody = <A>(
  call: ReceivedCall,
  about: ReadonlyArray<MemberAbout>,
  codec: t.Type<A, unknown>,
  bytesMax: number = READ_API_BODY_BYTES_MAX,
): E.Either<ReadFault, A> => {
  const isEmpty = call.body.length === 0 && !about.some(({ isNeeded }) => isNeeded)
  const json = isEmpty ? E.right({}) : jsonOfBody(call, bytesMax)
  return E.isLeft(json)
    ? json
    : E.mapLeft((errors: t.Errors) => faultOfBody(about, errors))(codec.decode(json.right))
}
