/**
 * The body of `POST /v1/replay`: a window, a filter, and the proposed changes of policies.
 */
import { nameKey, PolicyName } from '@grantlog/domain'
import type { ProposedChange, ProposedTarget } from '@grantlog/engine'
import { closed, jsonPointer, POLICY_DOCUMENT_CHARACTERS_MAX, parsePolicy } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { ReceivedCall } from '../signature/call.js'
import { faultOf, type MemberAbout, member } from './about.js'
import {
  ACTION_ABOUT,
  ACTION_PREFIX_CHARACTERS_MAX,
  END_CHARACTERS_MAX,
  FROM_ABOUT,
  PRINCIPAL_ABOUT,
  TO_ABOUT,
} from './access-window.js'
import { CURSOR_CHARACTERS_MAX } from './cursor.js'
import { jsonOfBody, malformedBody, readBody } from './json-body.js'
import { pageQuery } from './paged.js'
import { PRINCIPAL_CHARACTERS_MAX, parsePrincipal } from './principal.js'
import type { ReadFault } from './problem.js'

const CHANGES_MAX = 20

/** The most groups of one answer. */
export const GROUPS_MAX = 1000
export const GROUPS_DEFAULT = 100

const text = (charactersMax: number, name: string) =>
  t.refinement(t.string, (s) => s !== '' && s.length <= charactersMax, name)

const policy = {
  policyType: t.union([t.literal('Custom'), t.literal('System')]),
  policyName: t.refinement(t.string, (name): boolean => PolicyName.is(name), 'Name'),
}
const Document = t.refinement(
  text(POLICY_DOCUMENT_CHARACTERS_MAX, 'Document'),
  (document) => E.isRight(parsePolicy('identity', document)),
  'PolicyDocument',
)
const Target = text(PRINCIPAL_CHARACTERS_MAX, 'Target')

const Edit = closed({ type: t.literal('Edit'), ...policy, document: Document })
const Attach = closed({ type: t.literal('Attach'), ...policy, target: Target })
const Detach = closed({ type: t.literal('Detach'), ...policy, target: Target })
const Delete = closed({ type: t.literal('Delete'), ...policy })

const Change = t.union([Edit, Attach, Detach, Delete])
type Change = t.TypeOf<typeof Change>

const CHANGES: Readonly<Record<Change['type'], t.Decoder<unknown, Change>>> = {
  Edit,
  Attach,
  Detach,
  Delete,
}

const Changes = t.refinement(t.readonlyArray(Change), (all) => all.length <= CHANGES_MAX, 'Changes')

const End = t.union([
  text(END_CHARACTERS_MAX, 'End'),
  t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 0, 'Position'),
])

export const ReplayBody = closed(
  {},
  {
    from: End,
    to: End,
    change: t.union([Change, Changes]),
    principal: text(PRINCIPAL_CHARACTERS_MAX, 'Principal'),
    action: text(ACTION_PREFIX_CHARACTERS_MAX, 'Action'),
    after: t.refinement(t.string, ({ length }) => length <= CURSOR_CHARACTERS_MAX, 'After'),
    limit: t.refinement(t.number, (n) => Number.isInteger(n) && n >= 1 && n <= GROUPS_MAX, 'Limit'),
  },
  'ReplayBody',
)

export const REPLAY_BODY: ReadonlyArray<MemberAbout> = [
  FROM_ABOUT,
  TO_ABOUT,
  member.optional(
    'change',
    `a change or a list of at most ${CHANGES_MAX}: an object with type (Edit, Attach, Detach, Delete), policyType (Custom or System), policyName, and for Edit document, a policy document as JSON text, for Attach and Detach target, the ARN of a user, a group or a role`,
    'What would be different. Policies and targets are meant by the names they had at each call; what is attached is the policy as it is now. Absent means nothing: then the answer says whether the record agrees with the history.',
  ),
  PRINCIPAL_ABOUT,
  ACTION_ABOUT,
  ...pageQuery('groups of changed calls', null, GROUPS_MAX, GROUPS_DEFAULT),
]

/** Null for a target that can hold no policies, or of another account. */
const targetOf = (accountId: string, arn: string): ProposedTarget | null => {
  const principal = parsePrincipal(arn)
  if (principal === null || principal.accountId !== accountId) return null
  switch (principal.type) {
    case 'User':
      return { type: 'User', name: nameKey(principal.userName) }
    case 'Group':
      return { type: 'Group', name: nameKey(principal.groupName) }
    case 'Role':
      return { type: 'Role', name: nameKey(principal.roleName) }
    case 'Root':
    case 'Session':
      return null
  }
}

const TARGET_RULE = 'the ARN of a user, a group or a role of the account'

/** What each member of a change must be. */
const MEMBER_RULES: Readonly<Record<string, string>> = {
  type: 'Edit, Attach, Detach or Delete',
  policyType: 'Custom or System',
  policyName: 'the name of a policy',
  document: `a policy document as JSON text of at most ${POLICY_DOCUMENT_CHARACTERS_MAX} characters`,
  target: TARGET_RULE,
}

type Path = ReadonlyArray<string>
type Fault = E.Either<ReadFault, never>

const faultAt = (path: Path, fault: string): Fault => malformedBody(jsonPointer(path), fault)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isChangeType = (type: unknown): type is Change['type'] =>
  typeof type === 'string' && Object.hasOwn(CHANGES, type)

/** A document that is short enough says itself what is wrong in it. */
const documentFault = (document: unknown): string => {
  const rule = `it must be ${MEMBER_RULES['document']}`
  const read = typeof document === 'string' ? parsePolicy('identity', document) : null
  return read !== null && E.isLeft(read) && read.left.type === 'MalformedPolicy'
    ? `${rule}; at ${read.left.path || 'the whole of it'}: ${read.left.fault}`
    : rule
}

const memberFault = (name: string, value: unknown, { message }: t.ValidationError): string => {
  if (message === 'missing member') return 'it is missing'
  if (message === 'unknown member') return 'a change of this type has no such member'
  return name === 'document' ? documentFault(value) : `it must be ${MEMBER_RULES[name]}`
}

/** What is wrong with a change that the codec refused, by the member that has it. */
const faultOfChange = (path: Path, value: unknown, rule: string): Fault => {
  if (!isObject(value)) return faultAt(path, rule)
  const { type } = value
  if (type === undefined) return faultAt([...path, 'type'], 'it is missing')
  if (!isChangeType(type)) return faultAt([...path, 'type'], `it must be ${MEMBER_RULES['type']}`)
  const decoded = CHANGES[type].decode(value)
  const error = E.isLeft(decoded) ? decoded.left[0] : undefined
  const name = error?.context.at(1)?.key
  return error === undefined || name === undefined
    ? faultAt(path, rule)
    : faultAt([...path, name], memberFault(name, value[name], error))
}

/** The same for one change or a list of them. */
const faultOfChanges = (value: unknown): Fault => {
  const rule = faultOf(REPLAY_BODY, 'change', 'member')
  if (!Array.isArray(value) || value.length > CHANGES_MAX)
    return faultOfChange(['change'], value, rule)
  const index = value.findIndex((change) => !Change.is(change))
  return faultOfChange(['change', String(index)], value[index], rule)
}

const changeOf = (
  accountId: string,
  change: Change,
  path: Path,
): E.Either<ReadFault, ProposedChange> => {
  if (change.type === 'Edit' || change.type === 'Delete') return E.right(change)
  const target = targetOf(accountId, change.target)
  if (target === null) return faultAt([...path, 'target'], `it must be ${TARGET_RULE}`)
  const { policyType, policyName, type } = change
  return E.right({ type, policyType, policyName, target })
}

const isList = (change: Change | ReadonlyArray<Change>): change is ReadonlyArray<Change> =>
  Array.isArray(change)

const changesOf = (
  accountId: string,
  given: Change | ReadonlyArray<Change> = [],
): E.Either<ReadFault, ReadonlyArray<ProposedChange>> =>
  isList(given)
    ? E.traverseArrayWithIndex((index, change: Change) =>
        changeOf(accountId, change, ['change', String(index)]),
      )(given)
    : E.map((change: ProposedChange) => [change])(changeOf(accountId, given, ['change']))

type Asked = t.TypeOf<typeof ReplayBody> & { readonly changes: ReadonlyArray<ProposedChange> }

/** The body with its changes made out, or its first fault by the member that has it. */
export const readReplayBody = (
  call: ReceivedCall,
  accountId: string,
): E.Either<ReadFault, Asked> => {
  const body = readBody(call, REPLAY_BODY, ReplayBody)
  if (E.isRight(body))
    return E.map((changes: ReadonlyArray<ProposedChange>) => ({ ...body.right, changes }))(
      changesOf(accountId, body.right.change),
    )
  if (body.left.type !== 'BodyMalformed' || body.left.pointer !== '/change') return body
  const json = jsonOfBody(call)
  return E.isRight(json) && isObject(json.right) ? faultOfChanges(json.right['change']) : body
}
