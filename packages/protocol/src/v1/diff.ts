/**
 * `GET /v1/diff`: what is different about a principal, a policy or the whole account between two
 * moments, and which events made it so.
 */
import type { AccountId } from '@grantlog/domain'
import type { Engine, Moment } from '@grantlog/engine'
import {
  type Between,
  diffOfAccount,
  diffOfPolicy,
  diffOfPrincipal,
  type HistoryPrincipal,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Fault } from '../rpc/faults.js'
import { bearerOf, type NamedInHistory } from './bearer.js'
import { DIFF_ABOUT, DIFF_QUERY } from './diff-about.js'
import { changedMembers, policyDiffMembers, principalDiffMembers } from './diff-members.js'
import type { Members } from './marks.js'
import { eitherMoment, positionOfMoment, restsOn } from './past.js'
import { type NamedPolicy, parsePolicyName, policyMeant, policyResource } from './policy-name.js'
import { parsePrincipal, principalResource } from './principal.js'
import { probeMembers, probesOf } from './probes.js'
import type { ReadFault } from './problem.js'
import { malformedParameter, readQuery } from './query.js'
import type { Question } from './question.js'
import type { ReadAnswer, Route } from './route.js'

const malformed = (name: string): ReadFault => malformedParameter(DIFF_ABOUT.query, name)
const beside = (parameter: string, other: string): ReadFault => ({
  type: 'QueryMalformed',
  parameter,
  fault: `it must not stand beside ${other}`,
})

/** Whom a diff is about. */
type Subject =
  | { readonly type: 'Principal'; readonly named: NamedInHistory }
  | { readonly type: 'Policy'; readonly named: NamedPolicy }
  | { readonly type: 'Account' }

type Read = { readonly principal?: string; readonly policy?: string }

const subjectOf = ({ principal, policy }: Read): E.Either<ReadFault, Subject> => {
  if (principal !== undefined && policy !== undefined) return E.left(beside('policy', 'principal'))
  if (policy !== undefined) {
    const named = parsePolicyName(policy)
    return named === null ? E.left(malformed('policy')) : E.right({ type: 'Policy', named })
  }
  if (principal === undefined) return E.right({ type: 'Account' })
  const named = parsePrincipal(principal)
  return named === null || named.type === 'Root' || named.type === 'Session'
    ? E.left(malformed('principal'))
    : E.right({ type: 'Principal', named })
}

const ownerOf = (subject: Subject, reader: string): string => {
  switch (subject.type) {
    case 'Principal':
    case 'Policy':
      return subject.named.accountId ?? reader
    case 'Account':
      return reader
  }
}

const resourceOf = (subject: Subject, reader: string): string => {
  switch (subject.type) {
    case 'Principal':
      return principalResource(subject.named)
    case 'Policy':
      return policyResource(reader, subject.named)
    case 'Account':
      return `acs:grantlog:*:${reader}:account`
  }
}

/** The two moments, as they were asked for. */
type Moments = { readonly from: Moment; readonly to: Moment }

const positionsOf = (
  engine: Engine,
  accountId: AccountId,
  { from, to }: Moments,
): E.Either<ReadFault, Between> => {
  const before = positionOfMoment(engine, accountId, from)
  if (E.isLeft(before)) return before
  const after = positionOfMoment(engine, accountId, to)
  if (E.isLeft(after)) return after
  return before.right <= after.right
    ? E.right({ before: before.right, after: after.right })
    : E.left({ type: 'QueryMalformed', parameter: 'to', fault: 'it must not be before from' })
}

/** Who is meant at the later moment or, where nobody is, at the earlier one. */
const bearerBetween = (
  engine: Engine,
  named: NamedInHistory,
  { from, to }: Moments,
): E.Either<ReadFault, HistoryPrincipal> => {
  const later = bearerOf(engine, named, to)
  return E.isLeft(later) && later.left.type === 'PrincipalNotFound'
    ? bearerOf(engine, named, from)
    : later
}

/** What is asked, once it is read and before anybody is looked up. */
type Asked = Moments & {
  readonly engine: Engine
  readonly accountId: AccountId
  readonly subject: Subject
  readonly probes: ReadonlyArray<Question>
  readonly page: { readonly after: number; readonly limit: number }
}

const told = (asked: Asked, between: Between): E.Either<Fault | ReadFault, Members> => {
  const { engine, accountId, subject, probes, page } = asked
  const { history } = engine.views
  switch (subject.type) {
    case 'Principal':
      return pipe(
        bearerBetween(engine, subject.named, asked),
        E.map((bearer) => ({
          subject: 'principal',
          id: bearer.id,
          diff: principalDiffMembers(diffOfPrincipal(history, bearer, between), accountId),
          probes: probeMembers(history, bearer, probes, between),
          next: null,
        })),
      )
    case 'Policy':
      return pipe(
        policyMeant(history, subject.named, between.after, false),
        E.alt(() => policyMeant(history, subject.named, between.before, asked.to.type === 'Now')),
        E.map((policy) => ({
          subject: 'policy',
          id: policy.type === 'System' ? policy.policyName : policy.policyId,
          diff: policyDiffMembers(diffOfPolicy(history, accountId, policy, between), accountId),
          probes: [],
          next: null,
        })),
      )
    case 'Account': {
      const { changed, next = null } = diffOfAccount(history, accountId, between, page)
      const diff = { changed: changed.map((each) => changedMembers(each, accountId)) }
      return E.right({ subject: 'account', id: accountId, diff, probes: [], next })
    }
  }
}

const answered = (asked: Asked): E.Either<Fault | ReadFault, ReadAnswer> =>
  pipe(
    positionsOf(asked.engine, asked.accountId, asked),
    E.flatMap((between) =>
      pipe(
        told(asked, between),
        E.map((members): ReadAnswer => {
          const rests = restsOn(asked.engine, [asked.accountId], between.after)
          const { before: from, after: to } = between
          return { body: { ...members, from, to, ...rests }, position: rests.applied }
        }),
      ),
    ),
  )

/** Probes ask what a user or a role may do. */
const probesFor = (
  query: ReadonlyMap<string, string>,
  subject: Subject,
  principal: string | undefined,
): E.Either<ReadFault, ReadonlyArray<Question>> => {
  const names = ['action', 'resource', 'context', 'probes'].filter((name) => query.has(name))
  const [first] = names
  if (first === undefined) return E.right([])
  const isHolder = subject.type === 'Principal' && subject.named.type !== 'Group'
  if (!isHolder || principal === undefined)
    return E.left({
      type: 'QueryMalformed',
      parameter: first,
      fault: 'it must stand beside a principal that is a user or a role',
    })
  return probesOf(query, principal, malformed('probes'))
}

const diffRoute: Route = {
  method: 'GET',
  about: DIFF_ABOUT,
  prepare: (call, _, { caller, engine }) => {
    const read = readQuery(call.query, DIFF_ABOUT.query, DIFF_QUERY)
    if (E.isLeft(read)) return read
    const { accountId } = caller
    const subject = subjectOf(read.right)
    if (E.isLeft(subject)) return subject
    const probes = probesFor(call.query, subject.right, read.right.principal)
    if (E.isLeft(probes)) return probes
    if (ownerOf(subject.right, accountId) !== accountId) return E.left({ type: 'ForeignAccount' })
    const from = eitherMoment(engine, accountId, read.right.from)
    if (from === null) return E.left(malformed('from'))
    const to = eitherMoment(engine, accountId, read.right.to)
    if (to === null) return E.left(malformed('to'))
    const { after, limit } = read.right
    const page = { after, limit }
    const about = { subject: subject.right, probes: probes.right, page }
    return E.right({
      action: 'grantlog:GetDiff',
      resource: resourceOf(subject.right, accountId),
      onRecord: 'Always',
      run: () => TE.fromEither(answered({ engine, accountId, from, to, ...about })),
    })
  },
}

export const DIFF_ROUTES: ReadonlyArray<Route> = [diffRoute]
