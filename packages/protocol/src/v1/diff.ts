/**
 * `GET /v1/diff`: what is different about a principal, a policy or the whole account between two
 * moments, and which events made it so.
 */
import type { AccountId } from '@grantlog/domain'
import { type Engine, isBefore, type Moment, type Present } from '@grantlog/engine'
import {
  type Bearers,
  type BearersDiff,
  type Between,
  diffOfAccount,
  diffOfBearers,
  diffOfPolicies,
  diffOfPrincipal,
  type HistoryState,
  type PrincipalDiff,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Fault } from '../rpc/faults.js'
import type { Scene } from '../rpc/scene.js'
import type { ReceivedCall } from '../signature/call.js'
import { bearerOf, type NamedInHistory } from './bearer.js'
import { presentOf } from './cursor.js'
import { CHANGED_DEFAULT, DIFF_ABOUT, DIFF_QUERY } from './diff-about.js'
import { changedMembers, policyDiffMembers, principalDiffMembers } from './diff-members.js'
import type { Members } from './marks.js'
import { ofTwoMoments } from './name-ambiguous.js'
import { type Page, type PagedRead, pagedRun } from './paged.js'
import { eitherMoment, positionOfMoment, restsOn } from './past.js'
import { type NamedPolicy, parsePolicyName, policiesMeant, policyResource } from './policy-name.js'
import { parsePrincipal, principalResource } from './principal.js'
import { probeMembers, probesOf } from './probes.js'
import type { ReadFault } from './problem.js'
import { malformedParameter, readQuery } from './query.js'
import type { Question } from './question.js'
import type { PreparedRead, ReadAnswer, Route } from './route.js'

const malformed = (name: string): ReadFault => malformedParameter(DIFF_ABOUT.query, name)
const beside = (parameter: string, other: string): ReadFault => ({
  type: 'QueryMalformed',
  parameter,
  fault: `it must not stand beside \`${other}\``,
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
  present?: Present,
): E.Either<ReadFault, Between> => {
  const before = positionOfMoment(engine, accountId, from, present)
  if (E.isLeft(before)) return before
  const after = positionOfMoment(engine, accountId, to, present)
  if (E.isLeft(after)) return after
  if (isBefore(engine.views.history, to, from))
    return E.left({
      type: 'QueryMalformed',
      parameter: 'to',
      fault: 'it must not be before `from`',
    })
  // A position may be that of no change, and so lie after the last change by a later time.
  return E.right({ before: before.right, after: Math.max(before.right, after.right) })
}

/**
 * Who is meant at the earlier and at the later moment, which need not be the same; the one who is
 * there at one of them alone is meant at both.
 */
const bearersOf = (
  engine: Engine,
  named: NamedInHistory,
  { to }: Moments,
  between: Between,
): E.Either<ReadFault, Bearers> => {
  const exactly = (position: number) => bearerOf(engine, named, { type: 'AtPosition', position })
  const [was, is] = [exactly(between.before), exactly(between.after)]
  if (E.isRight(was) && E.isRight(is)) return E.right({ was: was.right, is: is.right })
  const one = pipe(
    is,
    E.alt(() => was),
    E.alt(() => bearerOf(engine, named, to)),
  )
  return pipe(
    one,
    E.bimap(
      (fault): ReadFault =>
        fault.type === 'PrincipalNotFound' ? { type: 'NotAtEither' } : ofTwoMoments(fault),
      (bearer): Bearers => ({ was: bearer, is: bearer }),
    ),
  )
}

const principalDiff = (
  history: HistoryState,
  { was, is }: Bearers,
  between: Between,
): PrincipalDiff | BearersDiff =>
  (was.id === is.id ? undefined : diffOfBearers(history, { was, is }, between)) ??
  diffOfPrincipal(history, is, between)

/** What is asked, once it is read and before anybody is looked up. */
type Asked = Moments & {
  readonly engine: Engine
  readonly accountId: AccountId
  readonly probes: ReadonlyArray<Question>
}

/** The subject that is one, and not the account. */
type One = Exclude<Subject, { readonly type: 'Account' }>

const told = (
  asked: Asked,
  subject: One,
  between: Between,
): E.Either<Fault | ReadFault, Members> => {
  const { engine, accountId, probes } = asked
  const { history } = engine.views
  switch (subject.type) {
    case 'Principal':
      return pipe(
        bearersOf(engine, subject.named, asked, between),
        E.map((bearers) => ({
          subject: 'principal',
          id: bearers.is.id,
          diff: principalDiffMembers(principalDiff(history, bearers, between), accountId),
          probes: probeMembers(history, bearers, probes, between),
        })),
      )
    case 'Policy':
      return pipe(
        policiesMeant(history, subject.named, between, asked.to.type === 'Now'),
        E.mapLeft(ofTwoMoments),
        E.map((policies) => ({
          subject: 'policy',
          id: policies.is.type === 'System' ? policies.is.policyName : policies.is.policyId,
          diff: policyDiffMembers(diffOfPolicies(history, accountId, policies, between), accountId),
          probes: [],
        })),
      )
  }
}

const diffOfOne = (asked: Asked, subject: One): E.Either<Fault | ReadFault, ReadAnswer> =>
  pipe(
    positionsOf(asked.engine, asked.accountId, asked),
    E.flatMap((between) =>
      pipe(
        told(asked, subject, between),
        E.map((members): ReadAnswer => {
          const rests = restsOn(asked.engine, [asked.accountId], between.after)
          const { before: from, after: to } = between
          return { body: { ...members, from, to, next: null, ...rests }, position: rests.applied }
        }),
      ),
    ),
  )

/** Keys are the positions at which the principals came. */
const accountPage =
  ({ engine, accountId, ...moments }: Omit<Asked, 'probes'>): PagedRead['page'] =>
  (start, limit) => {
    const between = positionsOf(engine, accountId, moments, presentOf(start))
    if (E.isLeft(between)) return TE.left(between.left)
    const { before: from, after: to } = between.right
    const page = { after: Number(start.after ?? 0), limit }
    const { changed, next = null } = diffOfAccount(
      engine.views.history,
      accountId,
      between.right,
      page,
    )
    const answer: Page = {
      items: changed.map((each) => changedMembers(each, accountId)),
      next,
      position: restsOn(engine, [accountId], to).position,
      more: { subject: 'account', id: accountId, probes: [], from, to },
    }
    return TE.right(answer)
  }

/** One principal or policy is told of as a whole; the account's principals come in pages. */
const runOf = (
  call: ReceivedCall,
  scene: Scene,
  asked: Asked,
  subject: Subject,
  { after, limit }: { readonly after: string | undefined; readonly limit: number | undefined },
): E.Either<ReadFault, PreparedRead['run']> => {
  if (subject.type === 'Account') {
    const paging = { call, member: 'diff.changed', limit, limitDefault: CHANGED_DEFAULT }
    return pagedRun(scene, { ...paging, areNumbers: true, page: accountPage(asked) })
  }
  return after === undefined
    ? E.right(() => TE.fromEither(diffOfOne(asked, subject)))
    : E.left(beside('after', subject.type === 'Policy' ? 'policy' : 'principal'))
}

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
  prepare: (call, _, scene) => {
    const { caller, engine } = scene
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
    const asked = { engine, accountId, from, to, probes: probes.right }
    const run = runOf(call, scene, asked, subject.right, read.right)
    if (E.isLeft(run)) return run
    return E.right({
      action: 'grantlog:GetDiff',
      resource: resourceOf(subject.right, accountId),
      onRecord: 'Always',
      run: run.right,
    })
  },
}

export const DIFF_ROUTES: ReadonlyArray<Route> = [diffRoute]
