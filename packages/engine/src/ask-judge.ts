/**
 * How one request of a question is judged: as quickly as what is wanted to be known allows. All
 * ways decide alike.
 *
 * Which statements made a decision, or the outcome alone, come from what is compiled. What each of
 * the others had to say is told by the specification alone, which reads all of them: that is made
 * afterwards, a part at a time.
 */
import {
  type AuthorizationRequest,
  type Decision,
  type PolicyInForce,
  type StatementVerdict,
  type Verdict,
  verdictsOn,
} from '@grantlog/policy'
import {
  decideOnGrants,
  deciderOnGrants,
  findTrust,
  justifyOnGrants,
  lastChangeAt,
  type RoleTrust,
  trustAt,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Found } from './ask-principal.js'
import { judgeWith, roleToAssume } from './assumption.js'
import { sessionUnit } from './decide.js'
import type { AccessQuestion, Moment, Views } from './engine.js'
import { type Present, positionOf } from './moment.js'
import type { Position } from './ports.js'

/** What binds the one who is asked about, besides its own policies. */
type Bound = {
  readonly sessionPolicy?: string
  readonly resource?: ReadonlyArray<PolicyInForce>
}

type Judge<Judged> = (request: AuthorizationRequest, bound: Bound) => Judged

/** The decision, where wanted with a list, still to be made, of what every statement had to say. */
export type Judged = Decision & { readonly listing?: () => Iterable<StatementVerdict> }

const inForce = ({ policies }: Found, { sessionPolicy, resource }: Bound) => ({
  identity: policies(),
  ...(sessionPolicy === undefined ? {} : { session: sessionUnit(sessionPolicy) }),
  ...(resource === undefined ? {} : { resource }),
})

/** With the statements that made the decision, and where wanted with the list of all. */
export const decisionJudge = (
  { grants, history }: Views,
  found: Found,
  moment: Moment,
  withStatements: boolean,
): Judge<Judged> => {
  const judge: Judge<Decision> =
    moment.type === 'Now'
      ? (request, bound) => justifyOnGrants(grants, request, { holder: found.holder, ...bound })
      : (request, bound) => history.compiled.justify(request, inForce(found, bound))
  if (!withStatements) return judge
  return (request, bound) => ({
    ...judge(request, bound),
    listing: () => verdictsOn(request, inForce(found, bound)),
  })
}

/** The outcome alone; whoever is asked about again is not looked up again. */
export const outcomeJudge = (views: Views, found: Found, moment: Moment): Judge<Verdict> => {
  const { grants } = views
  const { holder } = found
  const justified = decisionJudge(views, found, moment, false)
  if (moment.type !== 'Now') return justified
  const plain = deciderOnGrants(grants, { holder })
  return (request, bound) => {
    if (bound.resource !== undefined) return justified(request, bound)
    return bound.sessionPolicy === undefined
      ? plain(request)
      : decideOnGrants(grants, request, { holder, sessionPolicy: bound.sessionPolicy })
  }
}

/** Assuming a role needs its trust policy too; `changed` is the last change of its account. */
export type Trust = { readonly role: RoleTrust | undefined; readonly changed: Position }

const NO_TRUST: Trust = { role: undefined, changed: 0 }

/**
 * The trust policy of the one role that a question names; a question that names none, or more,
 * has none. The role may be another account's.
 */
export const trustOf = (
  views: Pick<Views, 'grants' | 'history'>,
  question: Pick<AccessQuestion, 'action' | 'resources' | 'moment'>,
  present: Present,
): Trust => {
  const { moment } = question
  const named = roleToAssume(question)
  if (named === undefined) return NO_TRUST
  const { accountId, roleName } = named
  const there = positionOf(views, accountId, moment, present)
  if (E.isLeft(there)) return NO_TRUST
  const role =
    moment.type === 'Now'
      ? findTrust(views.grants, accountId, roleName)
      : trustAt(views.history, accountId, roleName, there.right)
  return { role, changed: lastChangeAt(views.history, accountId, there.right) }
}

const UNBOUND: Bound = {}

/**
 * One answer for all session policies that may narrow the caller: the first that is not an allow.
 */
export const judgeNarrowed = <Judged extends Verdict>(
  judge: Judge<Judged>,
  request: AuthorizationRequest,
  [first, ...others]: readonly [string | undefined, ...Array<string | undefined>],
  { role }: Trust,
): Judged => {
  const by = (sessionPolicy: string | undefined): Judged =>
    judgeWith(judge, request, sessionPolicy === undefined ? UNBOUND : { sessionPolicy }, role)
  if (others.length === 0) return by(first)
  const all = [by(first), ...others.map(by)] as const
  return (
    all.find(({ outcome }) => outcome === 'ExplicitDeny') ??
    all.find(({ outcome }) => outcome === 'ImplicitDeny') ??
    all[0]
  )
}
