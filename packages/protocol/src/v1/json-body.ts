/**
 * JSON bodies of the read API: a closed set of members, each refused by its name and with its rule.
 */
import { jsonPointer, parseJson } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
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

/** The body, or its first fault by the member that has it. */
export const readBody = <A>(
  call: ReceivedCall,
  about: ReadonlyArray<MemberAbout>,
  codec: t.Type<A, unknown>,
): E.Either<ReadFault, A> => {
  const json = jsonOfBody(call)
  if (E.isLeft(json)) return json
  const input = json.right
  const decoded = codec.decode(input)
  if (E.isRight(decoded)) return decoded
  const name = decoded.left[0]?.context.at(1)?.key
  if (name === undefined) return malformedBody('', 'it must be a JSON object')
  const isMissing = typeof input === 'object' && input !== null && !Object.hasOwn(input, name)
  return E.left(
    isMissing ? malformedMember(about, name, 'it is missing') : malformedMember(about, name),
  )
}
