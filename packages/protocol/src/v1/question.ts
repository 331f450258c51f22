/**
 * The question "could this principal do this?" as it comes in: a JSON body, or parameters of a
 * query.
 */
import {
  jsonPointer,
  type PolicyFault,
  parseJson,
  parsePolicy,
  type RequestContext,
  requestContext,
  SESSION_POLICY_CHARACTERS_MAX,
} from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { READ_API_BODY_BYTES_MAX } from '../http.js'
import type { Parameters } from '../signature/parameters.js'
import { BESIDE_AT, faultOf, type MemberAbout, MOMENT_QUERY, member } from './about.js'
import { malformedBody } from './json-body.js'
import type { GivenMoment } from './moment.js'
import type { ReadFault } from './problem.js'
import {
  DecideBody,
  KEY_CHARACTERS_MAX,
  KEYS_MAX,
  RESOURCES_MAX,
  VALUE_CHARACTERS_MAX,
  VALUES_MAX,
} from './question-members.js'

const SESSION_POLICY_ABOUT = member.optional(
  'sessionPolicy',
  `the JSON text of a session policy, at most ${SESSION_POLICY_CHARACTERS_MAX} characters`,
  'A session policy to suppose, beside the ARN of a role or a session: the answer is for a session that has it. No session that exists is looked for then.',
)

export const ABOUT_CONTEXT =
  `at most ${KEYS_MAX} condition keys of 1 to ${KEY_CHARACTERS_MAX} characters, no two of them ` +
  `alike but for case, each with a text or a list of at most ${VALUES_MAX} texts of at most ` +
  `${VALUE_CHARACTERS_MAX} characters`

const CONTEXT_MEANING =
  'The condition keys of the call. Without `acs:CurrentTime` among them the time asked about is it, but for a `position`, of which no time is known.'

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
  member.optional('context', `an object with ${ABOUT_CONTEXT}`, CONTEXT_MEANING),
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
  member.optional(
    'answer',
    'full or outcome, and not outcome beside explain',
    '`full`, which is meant without it, or `outcome` for no more than the outcome, which is quicker.',
  ),
]

/** The parameters of a question in a query. */
export const QUESTION_QUERY: ReadonlyArray<MemberAbout> = [
  PRINCIPAL_ABOUT,
  ACTION_ABOUT,
  member.needed('resource', RESOURCE_RULE, 'What it is to be done to.'),
  member.optional('context', `the JSON text of an object with ${ABOUT_CONTEXT}`, CONTEXT_MEANING),
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
  /** Whether only the outcome is wanted. */
  readonly isLean: boolean
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
  const { context, explain = false, answer } = decoded.right
  const isLean = answer === 'outcome'
  if (explain && isLean) return malformed(source, 'answer')
  const question = questionOf(source, decoded.right, requestContext(context ?? {}))
  return E.isLeft(question) ? question : E.right({ ...question.right, explain, isLean })
}

type Decoded = t.TypeOf<typeof DecideBody>
type DecodedQuestion = Pick<Decoded, 'principal' | 'action' | 'resource'> & {
  readonly [Name in 'at' | 'position' | 'sessionPolicy']?: Decoded[Name] | undefined
}

const isOne = (resource: Decoded['resource']): resource is string => typeof resource === 'string'

const isSome = (all: ReadonlyArray<string>): all is readonly [string, ...string[]] => all.length > 0

/** Checks what the members must be together. */
export const questionOf = (
  source: Source,
  { principal, action, resource, at, position, sessionPolicy }: DecodedQuestion,
  context: RequestContext,
): Read => {
  if (at !== undefined && position !== undefined) return malformed(source, 'position', BESIDE_AT)
  const resources = isOne(resource) ? ([resource] as const) : resource
  if (!isSome(resources)) return malformed(source, 'resource')
  if (sessionPolicy !== undefined) {
    const policy = parsePolicy('session', sessionPolicy)
    if (E.isLeft(policy)) return malformed(source, 'sessionPolicy', policyFault(policy.left))
  }
  return E.right({
    source,
    principal,
    action,
    resources,
    context,
    at: position === undefined ? at : { position },
    momentMember: position === undefined ? 'at' : 'position',
    sessionPolicy,
    explain: false,
    isLean: false,
  })
}

const policyFault = (fault: PolicyFault): string =>
  fault.type === 'PolicyTooLong'
    ? `a session policy has at most ${fault.limit} characters`
    : `at ${fault.path === '' ? 'the whole of it' : fault.path}: ${fault.fault}`

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
