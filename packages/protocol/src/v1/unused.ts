/**
 * `GET /v1/unused`: grants that no recorded access needed, and what would have sufficed.
 */
import { UnusedAnswer } from '@grantlog/client/shapes'
import type { AccountId } from '@grantlog/domain'
import type { Engine, PrincipalUse } from '@grantlog/engine'
import { type HistoryPrincipal, listRoles, listUsers } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { integer, needed, optional, text, withDefault } from '../rpc/fields.js'
import { member, type RouteAbout } from './about.js'
import {
  COVERAGE_ABOUT,
  coverageMembers,
  END_CHARACTERS_MAX,
  endOf,
  windowMembers,
} from './access-window.js'
import { bearerOf } from './bearer.js'
import { sourceMembers } from './deciding.js'
import { isoText } from './moment.js'
import { PRINCIPAL_CHARACTERS_MAX, parsePrincipal, principalResource } from './principal.js'
import type { ReadFault } from './problem.js'
import { malformedParameter, readQuery } from './query.js'
import type { ReadAnswer, Route } from './route.js'

/** How many principals one answer is about. Each pass over the record is for all of them. */
const PRINCIPALS_MAX = 200
const PRINCIPALS_DEFAULT = 50
const POSITION_MAX = 9_999_999_999

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
    member.needed(
      'since',
      'an RFC 3339 time such as 2026-01-02T03:04:05Z, or a position of the log',
      'From when on access counts.',
    ),
    member.optional(
      'principal',
      'the ARN of a user or a role',
      'Whose grants; absent means all users and roles, page by page.',
    ),
    member.optional(
      'after',
      'a whole number, at least 0',
      'The position to go on after, exclusive: the `next` of the page before.',
    ),
    member.optional(
      'limit',
      `a whole number from 1 to ${PRINCIPALS_MAX}`,
      `How many principals at most; ${PRINCIPALS_DEFAULT} when absent.`,
    ),
  ],
  body: null,
  shapes: { answer: UnusedAnswer },
  answer: {
    principals:
      'The principals: `type`, `id`, `name`, how many calls were `allowed` and `denied`, how many allowed ones what it ' +
      'holds now would not allow (`notCovered`), its `grants`, each with its `policy`, `since` when, `isUsed`, and its ' +
      '`statements` with `effect`, `count` and `lastUsed`, and a `suggestion`: `documents` of policies that would have ' +
      'done in place of all grants, checked by judging `checked` recorded calls with them.',
    next: 'What to give as `after` for the next page; null on the last.',
    isCertain:
      'Whether every decision of the window is on record. Where not, what looks unused may be in use: see `coverage`.',
    coverage: COVERAGE_ABOUT,
    from: 'Where the window began.',
    to: 'Where the window ended.',
    applied: 'The last position of the log that this node had applied when it answered.',
  },
  example: { since: '2026-01-02T03:04:05Z', principal: 'acs:ram::<uid>:user/alice' },
}

const UNUSED_QUERY = {
  since: needed('since', text(END_CHARACTERS_MAX)),
  principal: optional('principal', text(PRINCIPAL_CHARACTERS_MAX)),
  after: withDefault(optional('after', integer(0, POSITION_MAX)), 0),
  limit: withDefault(optional('limit', integer(1, PRINCIPALS_MAX)), PRINCIPALS_DEFAULT),
}

type Chosen = { readonly principals: ReadonlyArray<HistoryPrincipal>; readonly next: number | null }

/** Users and roles in the order in which they came. */
const everybody = (
  { views: { directory } }: Engine,
  accountId: AccountId,
  page: { readonly after: number; readonly limit: number },
): Chosen => {
  const users = listUsers(directory, accountId, page)
  const roles = listRoles(directory, accountId, page)
  const all = [
    ...users.items.map(({ userId: id, position }) => ({ type: 'User' as const, id, position })),
    ...roles.items.map(({ roleId: id, position }) => ({ type: 'Role' as const, id, position })),
  ].sort((a, b) => a.position - b.position)
  const chosen = all.slice(0, page.limit)
  const isMore = all.length > chosen.length || users.next !== undefined || roles.next !== undefined
  return {
    principals: chosen.map(({ type, id }) => ({ type, accountId, id })),
    next: isMore ? (chosen.at(-1)?.position ?? null) : null,
  }
}

const useMembers = ({ principal, name, grants, suggestion, ...counts }: PrincipalUse) => ({
  type: principal.type,
  id: principal.id,
  name,
  ...counts,
  grants: grants.map(({ grant, statements }) => ({
    policy: sourceMembers(grant.source),
    since: { position: grant.since.position, recordedAt: isoText(grant.since.recordedAt) },
    isUsed: statements.some(({ count }) => count > 0),
    statements: statements.map(({ lastUsed, ...statement }) =>
      lastUsed === undefined ? statement : { ...statement, lastUsed: isoText(lastUsed) },
    ),
  })),
  suggestion: suggestion ?? null,
})

const chosenOf = (
  engine: Engine,
  accountId: AccountId,
  principal: ReturnType<typeof parsePrincipal> | undefined,
  page: { readonly after: number; readonly limit: number },
): E.Either<ReadFault, Chosen> => {
  if (principal?.type !== 'User' && principal?.type !== 'Role')
    return E.right(everybody(engine, accountId, page))
  return E.map((bearer: HistoryPrincipal): Chosen => ({ principals: [bearer], next: null }))(
    bearerOf(engine, principal, { type: 'Now' }),
  )
}

const unusedRoute: Route = {
  method: 'GET',
  about: UNUSED_ABOUT,
  prepare: (call, _, { caller, engine }) => {
    const { accountId } = caller
    const malformed = (name: string) => E.left(malformedParameter(UNUSED_ABOUT.query, name))
    const query = readQuery(call.query, UNUSED_ABOUT.query, UNUSED_QUERY)
    if (E.isLeft(query)) return query
    const { after, limit } = query.right
    const from = endOf(engine, accountId, query.right.since)
    const named = query.right.principal
    const principal = named === undefined ? undefined : parsePrincipal(named)
    if (from === null) return malformed('since')
    const isHolder = principal?.type === 'User' || principal?.type === 'Role'
    if (principal === null || (principal !== undefined && !isHolder)) return malformed('principal')
    if (principal !== undefined && principal.accountId !== accountId)
      return E.left({ type: 'ForeignAccount' })
    const all = `acs:grantlog:*:${accountId}:principal/*`
    return E.right({
      action: 'grantlog:FindUnused',
      resource: principal === undefined ? all : principalResource(principal),
      onRecord: 'Always',
      run: () => {
        const chosen = chosenOf(engine, accountId, principal, { after, limit })
        if (E.isLeft(chosen)) return TE.left(chosen.left)
        const { principals, next } = chosen.right
        return pipe(
          engine.unused(accountId, { window: { from, to: { type: 'Now' } }, principals }),
          TE.map((answer): ReadAnswer => {
            const { coverage, applied } = answer
            const body = {
              principals: answer.principals.map(useMembers),
              next,
              isCertain: coverage.doubts.length === 0,
              coverage: coverageMembers(coverage),
              ...windowMembers(answer),
              applied,
            }
            return { position: applied, body }
          }),
        )
      },
    })
  },
}

export const UNUSED_ROUTES: ReadonlyArray<Route> = [unusedRoute]
