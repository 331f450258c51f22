/**
 * `POST /v1/replay`: what recorded access would have become under a proposed change of policies.
 */
import { ReplayAnswer as ReplayShape } from '@grantlog/client/shapes'
import type { Grounds, ReplayAnswer, ReplayGroup } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { RouteAbout } from './about.js'
import {
  COVERAGE_ABOUT,
  coverageMembers,
  filterOf,
  readAccess,
  windowMembers,
} from './access-window.js'
import { decidingMembers } from './deciding.js'
import { malformedMember, readBody } from './json-body.js'
import { isoText } from './moment.js'
import { changesOf, GROUPS_DEFAULT, REPLAY_BODY, ReplayBody } from './replay-body.js'
import type { ReadAnswer, Route } from './route.js'

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
      '`samples`, and the statements that decided `before` and decide `after`, each with its policy and holder.',
    leftOut: 'How many changed calls are in no group that is told.',
    drifts: 'Some of the records that drifted.',
    coverage: COVERAGE_ABOUT,
    from: 'Where the window began.',
    to: 'Where the window ended.',
    applied: 'The last position of the log that this node had applied when it answered.',
  },
  example: { action: 'ots:' },
}

const sampleMembers = <Sample extends { readonly time: number }>({ time, ...sample }: Sample) => ({
  ...sample,
  time: isoText(time),
})

const groupMembers = ({ before, after, samples, ...group }: ReplayGroup) => ({
  ...group,
  before: before.map(decidingMembers),
  after: after.map(decidingMembers),
  samples: samples.map(sampleMembers),
})

const answerMembers = (answer: ReplayAnswer & Grounds) => ({
  totals: answer.totals,
  groups: answer.groups.map(groupMembers),
  leftOut: answer.leftOut,
  drifts: answer.drifts.map(sampleMembers),
  coverage: coverageMembers(answer.coverage),
  ...windowMembers(answer),
  applied: answer.applied,
})

const replayRoute: Route = {
  method: 'POST',
  about: REPLAY_ABOUT,
  prepare: (call, _, { caller, engine }) => {
    const { accountId } = caller
    const malformed = (name: string, fault?: string) => malformedMember(REPLAY_BODY, name, fault)
    const body = readBody(call, REPLAY_BODY, ReplayBody)
    if (E.isLeft(body)) return body
    const { limit = GROUPS_DEFAULT } = body.right
    const read = readAccess(engine, accountId, body.right, malformed)
    if (E.isLeft(read)) return read
    const { window } = read.right
    const changes = changesOf(accountId, body.right.change)
    if (changes === null) return E.left(malformed('change'))
    return E.right({
      action: 'grantlog:ReplayAccess',
      resource: `acs:grantlog:*:${accountId}:access`,
      onRecord: 'Always',
      run: () => {
        const filter = filterOf(engine, read.right)
        if (E.isLeft(filter)) return TE.left(filter.left)
        const asked = { window, changes, filter: filter.right, limit }
        return pipe(
          engine.replay(accountId, asked),
          TE.map(
            (answer): ReadAnswer => ({ position: answer.applied, body: answerMembers(answer) }),
          ),
        )
      },
    })
  },
}

export const REPLAY_ROUTES: ReadonlyArray<Route> = [replayRoute]
