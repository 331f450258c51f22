/**
 * Questions of AuthZEN as they come in. Members that are not known are ignored, as the
 * specification wants it; one that is known and not as it should be is refused by its name.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Fault } from '../rpc/faults.js'
import type { ReceivedCall } from '../signature/call.js'
import { jsonOfBody, malformedBody } from '../v1/json-body.js'
import { withSchema } from '../v1/json-schema.js'
import type { ReadFault } from '../v1/problem.js'
import { type Attributes, attributesOf, NO_ATTRIBUTES } from './attributes.js'

/** Unit: bytes. */
export const AUTHZEN_BODY_BYTES_MAX = 1024 * 1024

/** Unit: characters. */
const NAME_CHARACTERS_MAX = 1024

const Name = withSchema(
  t.refinement(t.string, ({ length }) => length <= NAME_CHARACTERS_MAX, 'Name'),
  { maxLength: NAME_CHARACTERS_MAX },
)
const AnyProperties = new t.Type<Attributes, Attributes, unknown>(
  'Properties',
  (u): u is Attributes => u instanceof Map,
  (input, context) => {
    if (!t.UnknownRecord.is(input) || Array.isArray(input)) return t.failure(input, context)
    const attributes = attributesOf(input)
    return E.isLeft(attributes)
      ? t.failure(input, context, attributes.left)
      : t.success(attributes.right)
  },
  t.identity,
)
const Properties = withSchema(AnyProperties, { type: 'object' })
const properties = t.partial({ properties: Properties })

/** A subject or a resource. */
export const EntityAsked = t.intersection([t.type({ type: Name, id: Name }), properties])
export const ActionAsked = t.intersection([t.type({ name: Name }), properties])
export const TypeAsked = t.type({ type: Name })

type Properties = { readonly properties: Attributes }
export type AskedEntity = { readonly type: string; readonly id: string } & Properties
export type AskedAction = { readonly name: string } & Properties

export type Evaluation = {
  readonly subject: AskedEntity
  readonly action: AskedAction
  readonly resource: AskedEntity
  readonly context: Attributes
}

type JsonObject = Readonly<Record<string, unknown>>

const isJsonType = (contentType: string | undefined): boolean =>
  contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json'

/** The body of a call, which must be a JSON object and say that it is JSON. */
export const bodyOf = (call: ReceivedCall): E.Either<Fault | ReadFault, JsonObject> => {
  if (!isJsonType(call.headers['content-type']))
    return malformedBody('', 'its content type must be application/json')
  const json = jsonOfBody(call, AUTHZEN_BODY_BYTES_MAX)
  if (E.isLeft(json)) return json
  return t.UnknownRecord.is(json.right) && !Array.isArray(json.right)
    ? E.right(json.right)
    : malformedBody('', 'it must be a JSON object')
}

/** A member by its codec, or the first fault by its path. */
const member = <A>(
  body: JsonObject,
  name: string,
  codec: t.Decoder<unknown, A>,
): E.Either<ReadFault, A> => {
  if (!Object.hasOwn(body, name)) return malformedBody(`/${name}`, 'it is missing')
  const decoded = codec.decode(body[name])
  if (E.isRight(decoded)) return decoded
  const [first] = decoded.left
  const path = (first?.context ?? []).map(({ key }) => key).filter((key) => !/^[0-9]*$/.test(key))
  const missing = first?.value === undefined ? 'it is missing' : undefined
  const fault = first?.message ?? missing ?? 'it has another type, or is too long'
  return malformedBody(`/${[name, ...path].join('/')}`, fault)
}

type Given<A> = A & { readonly properties?: Attributes }

const withProperties = <A>(given: Given<A>): A & Properties => ({
  ...given,
  properties: given.properties ?? NO_ATTRIBUTES,
})

const entityOf = (body: JsonObject, name: string): E.Either<ReadFault, AskedEntity> => {
  const entity = member(body, name, EntityAsked)
  return E.isLeft(entity) ? entity : E.right(withProperties(entity.right))
}

export const subjectOf = (body: JsonObject): E.Either<ReadFault, AskedEntity> =>
  entityOf(body, 'subject')
export const resourceOf = (body: JsonObject): E.Either<ReadFault, AskedEntity> =>
  entityOf(body, 'resource')
export const actionOf = (body: JsonObject): E.Either<ReadFault, AskedAction> => {
  const action = member(body, 'action', ActionAsked)
  return E.isLeft(action) ? action : E.right(withProperties(action.right))
}
export const contextOf = (body: JsonObject): E.Either<ReadFault, Attributes> =>
  Object.hasOwn(body, 'context') ? member(body, 'context', Properties) : E.right(NO_ATTRIBUTES)

/** The type that is searched for; whatever else the entity has is ignored. */
export const typeOf = (
  body: JsonObject,
  name: 'subject' | 'resource',
): E.Either<ReadFault, string> => {
  const entity = member(body, name, TypeAsked)
  return E.isLeft(entity) ? entity : E.right(entity.right.type)
}

export const evaluationOf = (body: JsonObject): E.Either<ReadFault, Evaluation> => {
  const subject = subjectOf(body)
  if (E.isLeft(subject)) return subject
  const action = actionOf(body)
  if (E.isLeft(action)) return action
  const resource = resourceOf(body)
  if (E.isLeft(resource)) return resource
  const context = contextOf(body)
  if (E.isLeft(context)) return context
  return E.right({
    subject: subject.right,
    action: action.right,
    resource: resource.right,
    context: context.right,
  })
}
