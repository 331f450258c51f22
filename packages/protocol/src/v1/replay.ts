/**
 * `POST /v1/replay`: what recorded access would have become under a proposed change of policies.
 */
import { ReplayAnswer as ReplayShape } from '@grantlog/client/shapes'
import {
  type Grounds,
  type ProposedChange,
  REPLAY_GROUPS_MAX,
  type ReplayAnswer,
  type ReplayGroup,
  type ReplayPlace,
  type ReplayStatement,
} from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Scene } from '../rpc/scene.js'
import type { RouteAbout } from './about.js'
import {
  COVERAGE_ABOUT,
  coverageMembers,
  filterOf,
  type ReadAccess,
  readAccess,
  windowMembers,
} from './access-window.js'
import { type PageKey, presentOf } from './cursor.js'
import { malformedMember } from './json-body.js'
import { decidingGrantMembers } from './marks.js'
import { isoText } from './moment.js'
import { PAGE_ANSWER, type Page, type PagedRead, pagedRun } from './paged.js'
import { GROUPS_DEFAULT, REPLAY_BODY, ReplayBody, readReplayBody } from './replay-body.js'
import type { Route } from './route.js'

const REPLAY_ABOUT: RouteAbout = {
  path: '/v1/replay',
  does:
    'Judges recorded access again, each call at its own position under the grants of then, with and without a ' +
    'proposed change of policies, and tells which calls would have come out differently.',
  permission: { action: 'grantlog:ReplayAccess', resource: 'acs:grantlog:*:<uid>:access' },
  query: [],
  body: REPLAY_BODY,
  shapes: { answer: ReplayShape, body: ReplayBody },
  answer: {
    totals:
      'How many: `records` in the window, `judged` again, `refused` for other reasons than permission, `notJudgeable` by ' +
      'why, `allowToDeny` and `denyToAllow`, and `drift`, records that the history of grants does not bear out: 0, or the ' +
      'record and the history disagree.',
    groups:
      'The changed calls, the largest group first: `change`, `principal`, `name`, `action`, `resources`, `count`, ' +
      '`samples`, and the statements that decided `before` and decide `after`, each with its policy, its holder and the ' +
      'events behind it at the first of the samples: of its `grant` those `since`, `attached`, `joined` and `versionSet`, or ' +
      'for a trust policy `trustSet`. What the change itself would make is `proposed` and has no such event: `Attach`, where ' +
      'the statement would bind by it, or `Edit`, where the statement would be of the text that it proposes.',
    leftOut:
      'How many changed calls are in no group of this page or of those before. On the last page they are in none that can ' +
      `be told: only the first ${REPLAY_GROUPS_MAX} groups that are met are.`,
    drifts: 'Some of the records that drifted.',
    coverage: COVERAGE_ABOUT,
    from: 'Where the window began.',
    to: 'Where the window ended.',
    ...PAGE_ANSWER,
  },
  example: { action: 'ots:' },
}

const sampleMembers = <Sample extends { readonly time: number }>({ time, ...sample }: Sample) => ({
  ...sample,
  time: isoText(time),
})

const statementMembers =
  (reader: string) =>
  ({ proposed, ...statement }: ReplayStatement) => ({
    ...decidingGrantMembers(statement, reader),
    ...(proposed === undefined ? {} : { proposed }),
  })

const groupMembers = ({ before, after, samples, ...group }: ReplayGroup, reader: string) => ({
  ...group,
  before: before.map(statementMembers(reader)),
  after: after.map(statementMembers(reader)),
  samples: samples.map(sampleMembers),
})

/** What a page says beside its groups: it is the same on all pages, but for what is left out. */
const besides = (answer: ReplayAnswer & Grounds) => ({
  totals: answer.totals,
  leftOut: answer.leftOut,
  drifts: answer.drifts.map(sampleMembers),
  coverage: coverageMembers(answer.coverage),
  ...windowMembers(answer),
})

const placeText = ({ rank, end: { day, revision } }: ReplayPlace): string =>
  `${rank}.${day}.${revision}`

const placeOf = (key: PageKey | undefined): ReplayPlace | undefined => {
  if (typeof key !== 'string') return undefined
  const [rank, day = '', revision] = key.split('.')
  return { rank: Number(rank), end: { day, revision: Number(revision) } }
}

/** Keys are ranks, with where the record ended at the first page. Each page reads it anew. */
const replayPage =
  (
    { engine, caller: { accountId } }: Scene,
    asked: ReadAccess,
    changes: ReadonlyArray<ProposedChange>,
  ): PagedRead['page'] =>
  (start, limit) => {
    const asOf = presentOf(start)
    const filter = filterOf(engine, asked, asOf)
    if (E.isLeft(filter)) return TE.left(filter.left)
    const after = placeOf(start.after)
    const page = { limit, asOf, ...(after === undefined ? {} : { after }) }
    return pipe(
      engine.replay(accountId, { window: asked.window, changes, filter: filter.right, ...page }),
      TE.map((answer): Page => {
        const { groups, next } = answer
        const items = groups.map((group) => groupMembers(group, accountId))
        return { items, next: next === undefined ? null : placeText(next), more: besides(answer) }
      }),
    )
  }

const replayRoute: Route = {
  method: 'POST',
  about: REPLAY_ABOUT,
  prepare: (call, _, scene) => {
    const { caller, engine } = scene
    const { accountId } = caller
    const malformed = (name: string, fault?: string) => malformedMember(REPLAY_BODY, name, fault)
    const body = readReplayBody(call, accountId)
    if (E.isLeft(body)) return body
    const { changes, ...given } = body.right
    const read = readAccess(engine, accountId, given, malformed)
    if (E.isLeft(read)) return read
    const run = pagedRun(scene, {
      call,
      body: given,
      member: 'groups',
      limit: given.limit,
      limitDefault: GROUPS_DEFAULT,
      areNumbers: false,
      // The groups are gathered whole in any case, and each page is a pass over the record.
      linesPageItems: REPLAY_GROUPS_MAX,
      page: replayPage(scene, read.right, changes),
    })
    if (E.isLeft(run)) return run
    return E.right({
      action: 'grantlog:ReplayAccess',
      resource: `acs:grantlog:*:${accountId}:access`,
      onRecord: 'Always',
      run: run.right,
    })
  },
}

export const REPLAY_ROUTES: ReadonlyArray<Route> = [replayRoute]
