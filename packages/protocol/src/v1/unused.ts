/**
 * `GET /v1/unused`: grants that no recorded access needed, and what would have sufficed.
 */
import { UnusedAnswer } from '@grantlog/client/shapes'
import type { AccountId } from '@grantlog/domain'
import type { Engine, Moment, PrincipalUse } from '@grantlog/engine'
import { type HistoryPrincipal, listRoles, listUsers } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { integer, needed, optional, text } from '../rpc/fields.js'
import type { Scene } from '../rpc/scene.js'
import { member, type RouteAbout } from './about.js'
import {
  COVERAGE_ABOUT,
  coverageMembers,
  END_CHARACTERS_MAX,
  END_RULE,
  endOf,
  POSITION_MEANS,
  windowMembers,
} from './access-window.js'
import { bearerOf } from './bearer.js'
import { CURSOR_CHARACTERS_MAX, type PageStart, presentOf } from './cursor.js'
import { grantMembers } from './marks.js'
import { isoText } from './moment.js'
import { PAGE_ANSWER, type Page, type PagedRead, pagedRun, pageQuery } from './paged.js'
import {
  type NamedPrincipal,
  PRINCIPAL_CHARACTERS_MAX,
  parsePrincipal,
  principalResource,
} from './principal.js'
import type { ReadFault } from './problem.js'
import { malformedParameter, readQuery } from './query.js'
import type { Route } from './route.js'

/** How many principals one answer is about. Each pass over the record is for all of them. */
const PRINCIPALS_MAX = 200
const PRINCIPALS_DEFAULT = 50

const UNUSED_ABOUT: RouteAbout = {
  path: '/v1/unused',
  does:
    'Tells which grants of today no recorded access since a time needed, and for each principal a smaller policy that ' +
    'would have sufficed.',
  permission: {
    action: 'grantlog:FindUnused',
    resource: 'acs:grantlog:*:<uid>:principal/<user or role, or * for all>',
  },
  query: [
    member.needed('since', END_RULE, `From when on access counts, inclusive. ${POSITION_MEANS}`),
    member.optional(
      'principal',
      'the ARN of a user or a role',
      'Whose grants; absent means all users and roles, page by page.',
    ),
    ...pageQuery('principals', 'position', PRINCIPALS_MAX, PRINCIPALS_DEFAULT),
  ],
  body: null,
  shapes: { answer: UnusedAnswer },
  answer: {
    principals:
      'The principals: `type`, `id`, `name`, how many calls were `allowed` and `denied`, how many allowed ones what it ' +
      'holds now would not allow (`notCovered`), its `grants`, each with its `policy`, the events `since`, `attached`, `joined` and `versionSet` that made it, each ' +
      'with who did it and why, `isUsed`, and its ' +
      '`statements` with `index`, their place in the policy counted from 0, `effect`, `count` and `lastUsed`, and a `suggestion`: `documents` of policies that would have ' +
      'done in place of all grants, checked by judging `checked` recorded calls with them.',
    isCertain:
      'Whether no decision of the window is known to be missing from the record, and all can be judged again. Where not, what looks ' +
      'unused may be in use: see `coverage`, also for what cannot be known.',
    coverage: COVERAGE_ABOUT,
    from: 'Where the window began.',
    to: 'Where the window ended.',
    ...PAGE_ANSWER,
  },
  example: { since: '2026-01-02T03:04:05Z', principal: 'acs:ram::<uid>:user/alice' },
}

const UNUSED_QUERY = {
  since: needed('since', text(END_CHARACTERS_MAX)),
  principal: optional('principal', text(PRINCIPAL_CHARACTERS_MAX)),
  after: optional('after', text(CURSOR_CHARACTERS_MAX)),
  limit: optional('limit', integer(1, PRINCIPALS_MAX)),
}

type Chosen = { readonly principals: ReadonlyArray<HistoryPrincipal>; readonly next: number | null }

/** Users and roles in the order in which they came; none that came after the first page. */
const everybody = (
  { views: { directory } }: Engine,
  accountId: AccountId,
  { after: key, pinned }: PageStart,
  limit: number,
): Chosen => {
  const page = { after: Number(key ?? 0), limit }
  const users = listUsers(directory, accountId, page)
  const roles = listRoles(directory, accountId, page)
  const all = [
    ...users.items.map(({ userId: id, position }) => ({ type: 'User' as const, id, position })),
    ...roles.items.map(({ roleId: id, position }) => ({ type: 'Role' as const, id, position })),
  ].sort((a, b) => a.position - b.position)
  const chosen = all.slice(0, limit).filter(({ position }) => position <= pinned)
  const isMore = all.length > chosen.length || users.next !== undefined || roles.next !== undefined
  const isOver = chosen.length < Math.min(limit, all.length)
  return {
    principals: chosen.map(({ type, id }) => ({ type, accountId, id })),
    next: isMore && !isOver ? (chosen.at(-1)?.position ?? null) : null,
  }
}

const useMembers = (
  { principal, name, grants, suggestion, ...counts }: PrincipalUse,
  reader: string,
) => ({
  type: principal.type,
  id: principal.id,
  name,
  ...counts,
  grants: grants.map(({ grant, statements }) => ({
    ...grantMembers(grant, reader),
    isUsed: statements.some(({ count }) => count > 0),
    statements: statements.map(({ lastUsed, ...statement }) =>
      lastUsed === undefined ? statement : { ...statement, lastUsed: isoText(lastUsed) },
    ),
  })),
  suggestion: suggestion ?? null,
})

/** Whose grants; undefined means those of all users and roles. */
type Holder = Extract<NamedPrincipal, { readonly type: 'User' | 'Role' }> | undefined

const chosenOf = (
  engine: Engine,
  accountId: AccountId,
  holder: Holder,
  start: PageStart,
  limit: number,
): E.Either<ReadFault, Chosen> =>
  holder === undefined
    ? E.right(everybody(engine, accountId, start, limit))
    : E.map((bearer: HistoryPrincipal): Chosen => ({ principals: [bearer], next: null }))(
        bearerOf(engine, holder, { type: 'Now' }, presentOf(start)),
      )

/** Keys are the positions at which they came. Each page passes over the record once. */
const unusedPage =
  ({ engine, caller: { accountId } }: Scene, from: Moment, holder: Holder): PagedRead['page'] =>
  (start, limit) => {
    const chosen = chosenOf(engine, accountId, holder, start, Math.min(limit, PRINCIPALS_MAX))
    if (E.isLeft(chosen)) return TE.left(chosen.left)
    const { principals, next } = chosen.right
    const window = { from, to: { type: 'Now' } } as const
    return pipe(
      engine.unused(accountId, { window, principals, asOf: presentOf(start) }),
      TE.map((answer): Page => {
        const { coverage } = answer
        const more = {
          isCertain: coverage.doubts.length === 0,
          coverage: coverageMembers(coverage),
          ...windowMembers(answer),
        }
        return { items: answer.principals.map((use) => useMembers(use, accountId)), next, more }
      }),
    )
  }

const holderNamed = (named: string | undefined): Holder | null => {
  const principal = named === undefined ? undefined : parsePrincipal(named)
  if (principal === undefined) return undefined
  return principal?.type === 'User' || principal?.type === 'Role' ? principal : null
}

const unusedRoute: Route = {
  method: 'GET',
  about: UNUSED_ABOUT,
  prepare: (call, _, scene) => {
    const { engine, caller } = scene
    const { accountId } = caller
    const malformed = (name: string) => E.left(malformedParameter(UNUSED_ABOUT.query, name))
    const query = readQuery(call.query, UNUSED_ABOUT.query, UNUSED_QUERY)
    if (E.isLeft(query)) return query
    const from = endOf(engine, accountId, query.right.since)
    if (from === null) return malformed('since')
    const holder = holderNamed(query.right.principal)
    if (holder === null) return malformed('principal')
    if (holder !== undefined && holder.accountId !== accountId)
      return E.left({ type: 'ForeignAccount' })
    const { limit } = query.right
    const paging = { call, member: 'principals', limit, limitDefault: PRINCIPALS_DEFAULT }
    const page = unusedPage(scene, from, holder)
    const run = pagedRun(scene, { ...paging, areNumbers: true, page })
    if (E.isLeft(run)) return run
    const all = `acs:grantlog:*:${accountId}:principal/*`
    return E.right({
      action: 'grantlog:FindUnused',
      resource: holder === undefined ? all : principalResource(holder),
      onRecord: 'Always',
      run: run.right,
    })
  },
}

export const UNUSED_ROUTES: ReadonlyArray<Route> = [unusedRoute]
