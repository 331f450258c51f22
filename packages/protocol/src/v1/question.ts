/**
 * The question "could this principal do this?" as it comes in: a JSON body, or parameters of a
 * query.
 */
import {
  closed,
  jsonPointer,
  type PolicyFault,
  parseArn,
  parseJson,
  parsePolicy,
  type RequestContext,
  requestContext,
  SESSION_POLICY_CHARACTERS_MAX,
} from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { READ_API_BODY_BYTES_MAX } from '../http.js'
import type { ReceivedCall } from '../signature/call.js'
import { bodyText } from '../signature/call.js'
import type { Parameters } from '../signature/parameters.js'
import { BESIDE_AT, faultOf, type MemberAbout, MOMENT_QUERY, member } from './about.js'
import { POSITION_SCHEMA, withSchema } from './json-schema.js'
import type { GivenMoment } from './moment.js'
import { PRINCIPAL_CHARACTERS_MAX } from './principal.js'
import type { ReadFault } from './problem.js'

const KEYS_MAX = 64
const KEY_CHARACTERS_MAX = 128
const VALUES_MAX = 64
const VALUE_CHARACTERS_MAX = 2048
const RESOURCES_MAX = 32

const sized = (name: string, charactersMax: number) =>
  withSchema(
    t.refinement(t.string, (text) => text !== '' && text.length <= charactersMax, name),
    { minLength: 1, maxLength: charactersMax },
  )

/** `service:Name` in full: a question is about one action. */
const ACTION = /^[A-Za-z0-9_-]+:[A-Za-z0-9_./-]+$/
export const Action = withSchema(
  t.refinement(sized('Text', 128), (text) => ACTION.test(text), 'Action'),
  { pattern: ACTION.source },
)

export const Resource = withSchema(
  t.refinement(
    sized('Text', 1024),
    (text) => text === '*' || E.isRight(parseArn(text)),
    'Resource',
  ),
  { pattern: '^(\\*|acs:[^:]+:[^:]*:[^:]*:[\\s\\S]+)$' },
)
export const Resources = withSchema(
  t.refinement(
    t.readonlyArray(Resource),
    (all) => all.length > 0 && all.length <= RESOURCES_MAX,
    'Resources',
  ),
  { minItems: 1, maxItems: RESOURCES_MAX },
)

const Value = withSchema(
  t.refinement(t.string, (text) => text.length <= VALUE_CHARACTERS_MAX, 'Value'),
  { maxLength: VALUE_CHARACTERS_MAX },
)
const Values = withSchema(
  t.refinement(t.readonlyArray(Value), (all) => all.length <= VALUES_MAX, 'Values'),
  { maxItems: VALUES_MAX },
)
export const Context = withSchema(
  t.refinement(
    t.record(t.string, t.union([Value, Values])),
    (members) => {
      const keys = Object.keys(members)
      const isSized = keys.every((key) => key !== '' && key.length <= KEY_CHARACTERS_MAX)
      // Keys are compared without case: two spellings of one key would be two meanings.
      const isUnique = new Set(keys.map((key) => key.toLowerCase())).size === keys.length
      return keys.length <= KEYS_MAX && isSized && isUnique
    },
    'Context',
  ),
  {
    maxProperties: KEYS_MAX,
    propertyNames: { minLength: 1, maxLength: KEY_CHARACTERS_MAX },
    description: 'No two keys are alike but for case.',
  },
)

/** A position as answers show it, a number or its text, or a consistency token. */
const GivenPosition = t.union([
  sized('Token', 1024),
  withSchema(
    t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 0, 'Position'),
    POSITION_SCHEMA,
  ),
])

const NEEDED = {
  principal: sized('Principal', PRINCIPAL_CHARACTERS_MAX),
  action: Action,
  resource: t.union([Resource, Resources]),
}
const OTHERS = {
  context: Context,
  at: t.union([sized('Time', 40), closed({ position: GivenPosition })]),
  position: GivenPosition,
  sessionPolicy: sized('SessionPolicy', SESSION_POLICY_CHARACTERS_MAX),
}

/** The body of `POST /v1/decide` with one question. */
export const DecideBody = closed(NEEDED, { ...OTHERS, explain: t.boolean }, 'DecideBody')

/** Any members of a question, `explain` aside. */
export const QUESTION_MEMBERS = { ...NEEDED, ...OTHERS }

const SESSION_POLICY_ABOUT = member.optional(
  'sessionPolicy',
  `the JSON text of a session policy, at most ${SESSION_POLICY_CHARACTERS_MAX} characters`,
  'A session policy to suppose, beside the ARN of a role or a session: the answer is for a session that has it. No session that exists is looked for then.',
)

export const ABOUT_CONTEXT =
  `at most ${KEYS_MAX} condition keys of 1 to ${KEY_CHARACTERS_MAX} characters, no two of them ` +
  `alike but for case, each with a text or a list of at most ${VALUES_MAX} texts of at most ` +
  `${VALUE_CHARACTERS_MAX} characters`

export const PRINCIPAL_ABOUT = member.needed(
  'principal',
  'the ARN of a root, a user, a role or a session, e.g. acs:ram::<uid>:assumed-role/<role>/<session>',
  'Whom the question is about.',
)
export const ACTION_ABOUT = member.needed(
  'action',
  '<service>:<Name> of at most 128 characters without wildcards, e.g. ots:GetRow',
  'What is to be done.',
)

export const RESOURCE_RULE =
  '* or the name of a resource, acs:<service>:<region>:<account>:<id>, of at most 1024 characters'

/** The members of the body of a question. */
export const QUESTION_BODY: ReadonlyArray<MemberAbout> = [
  PRINCIPAL_ABOUT,
  ACTION_ABOUT,
  member.needed(
    'resource',
    `${RESOURCE_RULE}, or a list of 1 to ${RESOURCES_MAX} of them`,
    'What it is to be done to; of several, all must be allowed.',
  ),
  member.optional('context', `an object with ${ABOUT_CONTEXT}`, 'The condition keys of the call.'),
  member.optional(
    'at',
    'an RFC 3339 time such as 2026-01-02T03:04:05Z, or {"position": …} with what position may be',
    'The time to answer for, not beside `position`. Neither `at` nor `position` means now.',
  ),
  member.optional(
    'position',
    'a position of the log as answers show it, a number or its text, or a consistency token',
    'The position to answer for, not beside `at`; better than `at` with a position in it, as it is the same in a query.',
  ),
  SESSION_POLICY_ABOUT,
  member.optional('explain', 'true or false', 'Whether the answer has `statements`.'),
]

/** The parameters of a question in a query. */
export const QUESTION_QUERY: ReadonlyArray<MemberAbout> = [
  PRINCIPAL_ABOUT,
  ACTION_ABOUT,
  member.needed('resource', RESOURCE_RULE, 'What it is to be done to.'),
  member.optional(
    'context',
    `the JSON text of an object with ${ABOUT_CONTEXT}`,
    'The condition keys of the call.',
  ),
  ...MOMENT_QUERY,
  SESSION_POLICY_ABOUT,
]

/** Where a question stood, so that a refusal can say what of it is wrong. */
export type Source = 'Body' | 'Query'

export type Question = {
  readonly source: Source
  readonly principal: string
  readonly action: string
  readonly resources: readonly [string, ...string[]]
  readonly context: RequestContext
  readonly at: GivenMoment
  /** The member that the moment stood in. */
  readonly momentMember: 'at' | 'position'
  readonly sessionPolicy: string | undefined
  readonly explain: boolean
}

type Read = E.Either<ReadFault, Question>

const membersOf = (source: Source): ReadonlyArray<MemberAbout> =>
  source === 'Body' ? QUESTION_BODY : QUESTION_QUERY

/** A member that is not as it should be. */
export const malformed = (
  source: Source,
  name: string,
  fault: string = faultOf(membersOf(source), name, source === 'Body' ? 'member' : 'parameter'),
): E.Either<ReadFault, never> =>
  source === 'Body'
    ? E.left({ type: 'BodyMalformed', pointer: jsonPointer([name]), fault })
    : E.left({ type: 'QueryMalformed', parameter: name, fault })

export const malformedBody = (pointer: string, fault: string): E.Either<ReadFault, never> =>
  E.left({ type: 'BodyMalformed', pointer, fault })

/** The first fault by its member; what is inside a member is told by the member's rule. */
const firstFault = (
  source: Source,
  input: unknown,
  [first]: t.Errors,
): E.Either<ReadFault, never> => {
  const name = first?.context.at(1)?.key
  if (name === undefined) return malformedBody('', 'it must be a JSON object')
  const isMissing = typeof input === 'object' && input !== null && !Object.hasOwn(input, name)
  if (isMissing) return malformed(source, name, 'it is missing')
  return malformed(source, name)
}

const decode = (source: Source, input: unknown): Read => {
  const decoded = DecideBody.is(input) ? E.right(input) : DecideBody.decode(input)
  if (E.isLeft(decoded)) return firstFault(source, input, decoded.left)
  const { context, explain = false } = decoded.right
  return questionOf(source, decoded.right, requestContext(context ?? {}), explain)
}

type DecodedQuestion = Omit<t.TypeOf<typeof DecideBody>, 'context' | 'explain'>

/** Checks what the members must be together. */
export const questionOf = (
  source: Source,
  { principal, action, resource, at, position, sessionPolicy }: DecodedQuestion,
  context: RequestContext,
  explain: boolean,
): Read => {
  if (at !== undefined && position !== undefined) return malformed(source, 'position', BESIDE_AT)
  const [head, ...tail] = typeof resource === 'string' ? [resource] : resource
  if (head === undefined) return malformed(source, 'resource')
  if (sessionPolicy !== undefined) {
    const policy = parsePolicy('session', sessionPolicy)
    if (E.isLeft(policy)) return malformed(source, 'sessionPolicy', policyFault(policy.left))
  }
  return E.right({
    source,
    principal,
    action,
    resources: [head, ...tail],
    context,
    at: position === undefined ? at : { position },
    momentMember: position === undefined ? 'at' : 'position',
    sessionPolicy,
    explain,
  })
}

const policyFault = (fault: PolicyFault): string =>
  fault.type === 'PolicyTooLong'
    ? `a session policy has at most ${fault.limit} characters`
    : `at ${fault.path === '' ? 'the whole of it' : fault.path}: ${fault.fault}`

/** Reads the JSON body of a call. */
export const jsonOfBody = (call: ReceivedCall): E.Either<ReadFault, unknown> => {
  const text = bodyText(call.body)
  if (text === null) return malformedBody('', 'it is not UTF-8')
  const parsed = parseJson(text, READ_API_BODY_BYTES_MAX)
  if (E.isRight(parsed)) return parsed
  return parsed.left.type === 'JsonTooLong'
    ? malformedBody('', 'it is too long')
    : malformedBody(parsed.left.path, parsed.left.fault)
}

/** The one question of a JSON body. */
export const questionOfJson = (input: unknown): Read => decode('Body', input)

/** Reads the same question from a query; `context` is a JSON text. */
export const questionOfQuery = (query: Parameters, explain: boolean): Read => {
  const members: { [name: string]: unknown } = { explain }
  for (const [name, value] of query) {
    if (QUESTION_QUERY.some((each) => each.name === name)) members[name] = value
    else if (!isOfSignature(name)) return malformed('Query', name)
  }
  const { context, ...rest } = members
  if (typeof context !== 'string') return decode('Query', rest)
  const parsed = parseJson(context, READ_API_BODY_BYTES_MAX)
  return E.isLeft(parsed)
    ? malformed('Query', 'context')
    : decode('Query', { ...rest, context: parsed.right })
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
