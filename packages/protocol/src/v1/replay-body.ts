/**
 * The body of `POST /v1/replay`: a window, a filter, and the proposed changes of policies.
 */
import { nameKey, PolicyName } from '@grantlog/domain'
import type { ProposedChange, ProposedTarget } from '@grantlog/engine'
import { closed, POLICY_DOCUMENT_CHARACTERS_MAX, parsePolicy } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type MemberAbout, member } from './about.js'
import {
  ACTION_ABOUT,
  ACTION_PREFIX_CHARACTERS_MAX,
  END_CHARACTERS_MAX,
  FROM_ABOUT,
  PRINCIPAL_ABOUT,
  TO_ABOUT,
} from './access-window.js'
import { PRINCIPAL_CHARACTERS_MAX, parsePrincipal } from './principal.js'

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

const Change = t.union([
  closed({ type: t.literal('Edit'), ...policy, document: Document }),
  closed({ type: t.literal('Attach'), ...policy, target: Target }),
  closed({ type: t.literal('Detach'), ...policy, target: Target }),
  closed({ type: t.literal('Delete'), ...policy }),
])
type Change = t.TypeOf<typeof Change>

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
  member.optional(
    'limit',
    `a whole number from 1 to ${GROUPS_MAX}`,
    `How many groups of changed calls at most; ${GROUPS_DEFAULT} when absent.`,
  ),
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

const changeOf = (accountId: string, change: Change): ProposedChange | null => {
  if (change.type === 'Edit' || change.type === 'Delete') return change
  const target = targetOf(accountId, change.target)
  if (target === null) return null
  const { policyType, policyName, type } = change
  return { type, policyType, policyName, target }
}

const isList = (change: Change | ReadonlyArray<Change>): change is ReadonlyArray<Change> =>
  Array.isArray(change)

/** Null when one of them names a target that is none. */
export const changesOf = (
  accountId: string,
  given: Change | ReadonlyArray<Change> | undefined,
): ReadonlyArray<ProposedChange> | null => {
  const list = given === undefined ? [] : isList(given) ? given : [given]
  const changes = list.flatMap((change) => changeOf(accountId, change) ?? [])
  return changes.length === list.length ? changes : null
}
