/**
 * The question "could this principal do this?" as it comes in: a JSON body, or parameters of a
 * query.
 */
import { closed, parseJson, type RequestContext, requestContext } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { READ_API_BODY_BYTES_MAX } from '../http.js'
import type { ReceivedCall } from '../signature/call.js'
import { bodyText } from '../signature/call.js'
import type { Parameters } from '../signature/parameters.js'
import type { ReadFault } from './problem.js'

const KEYS_MAX = 64
const KEY_CHARACTERS_MAX = 128
const VALUES_MAX = 64
const VALUE_CHARACTERS_MAX = 2048
const RESOURCES_MAX = 32

const sized = (name: string, charactersMax: number) =>
  t.refinement(t.string, (text) => text !== '' && text.length <= charactersMax, name)

const Resource = sized('Resource', 1024)
const Resources = t.refinement(
  t.readonlyArray(Resource),
  (all) => all.length > 0 && all.length <= RESOURCES_MAX,
  'Resources',
)

const Value = t.refinement(t.string, (text) => text.length <= VALUE_CHARACTERS_MAX, 'Value')
const Values = t.refinement(t.readonlyArray(Value), (all) => all.length <= VALUES_MAX, 'Values')
const Context = t.refinement(
  t.record(t.string, t.union([Value, Values])),
  (members) => {
    const keys = Object.keys(members)
    const isSized = keys.every((key) => key !== '' && key.length <= KEY_CHARACTERS_MAX)
    // Keys are compared without case: two spellings of one key would be two meanings.
    const isUnique = new Set(keys.map((key) => key.toLowerCase())).size === keys.length
    return keys.length <= KEYS_MAX && isSized && isUnique
  },
  'Context',
)

/** The body of `POST /v1/decide`. */
export const DecideBody = closed(
  {
    principal: sized('Principal', 256),
    action: sized('Action', 128),
    resource: t.union([Resource, Resources]),
  },
  {
    context: Context,
    at: t.union([sized('Time', 40), closed({ position: sized('Token', 1024) })]),
    explain: t.boolean,
  },
  'DecideBody',
)

export type Question = {
  readonly principal: string
  readonly action: string
  readonly resources: readonly [string, ...string[]]
  readonly context: RequestContext
  readonly at: string | { readonly position: string } | undefined
  readonly explain: boolean
}

type Read = E.Either<ReadFault, Question>

const malformed = (pointer: string, fault: string): E.Either<ReadFault, never> =>
  E.left({ type: 'BodyMalformed', pointer, fault })

/**
 * The place of the first fault, as a JSON pointer; steps into a union or refinement are not places.
 */
const pointerOf = (error: t.ValidationError): string => {
  const keys = error.context.slice(1).map(({ key }) => key)
  return keys.length === 0 ? '' : `/${keys.at(0)}`
}

const decode = (input: unknown): Read => {
  const decoded = DecideBody.decode(input)
  if (E.isLeft(decoded)) {
    const [first] = decoded.left
    const known = first === undefined ? '' : pointerOf(first)
    return malformed(known, first?.message ?? 'a member is missing, unknown or out of its limits')
  }
  const { principal, action, resource, context = {}, at, explain = false } = decoded.right
  const [head, ...tail] = typeof resource === 'string' ? [resource] : resource
  if (head === undefined) return malformed('/resource', 'no resource is named')
  const resources: readonly [string, ...string[]] = [head, ...tail]
  return E.right({
    principal,
    action,
    resources,
    context: requestContext(context),
    at,
    explain,
  })
}

const json = (text: string, pointer: string): E.Either<ReadFault, unknown> => {
  const parsed = parseJson(text, READ_API_BODY_BYTES_MAX)
  if (E.isRight(parsed)) return parsed
  return parsed.left.type === 'JsonTooLong'
    ? malformed(pointer, 'it is too long')
    : malformed(`${pointer}${parsed.left.path}`, parsed.left.fault)
}

/** Reads the JSON body of a call. */
export const questionOfBody = (call: ReceivedCall): Read => {
  const text = bodyText(call.body)
  if (text === null) return malformed('', 'it is not UTF-8')
  const parsed = json(text, '')
  return E.isLeft(parsed) ? parsed : decode(parsed.right)
}

const NAMES: ReadonlyArray<string> = [
  'principal',
  'action',
  'resource',
  'context',
  'at',
  'position',
]

/** Reads the same question from a query; `context` is a JSON text, `position` a token. */
export const questionOfQuery = (query: Parameters, explain: boolean): Read => {
  const members: { [name: string]: unknown } = { explain }
  for (const [name, value] of query) {
    if (!NAMES.includes(name)) {
      if (isOfSignature(name)) continue
      return malformed(`/${name}`, 'unknown member')
    }
    members[name] = value
  }
  const { context, position, ...rest } = members
  if (position !== undefined && rest.at !== undefined)
    return malformed('/position', 'at and position exclude each other')
  const at = position === undefined ? {} : { at: { position } }
  if (typeof context !== 'string') return decode({ ...rest, ...at })
  const parsed = json(context, '/context')
  return E.isLeft(parsed) ? parsed : decode({ ...rest, ...at, context: parsed.right })
}

const SIGNATURE_NAMES: ReadonlySet<string> = new Set([
  'AccessKeyId',
  'Action',
  'Format',
  'SecurityToken',
  'Signature',
  'SignatureMethod',
  'SignatureNonce',
  'SignatureType',
  'SignatureVersion',
  'Timestamp',
  'Version',
])

/** Parameters that a V1 signature brings along. */
export const isOfSignature = (name: string): boolean => SIGNATURE_NAMES.has(name)
