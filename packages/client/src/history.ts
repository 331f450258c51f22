/** The paths about the past by name, typed: who could, since when, what is different, who did. */
import type { CallOptions } from './exchange.js'
import type { Answer, Paths } from './paths.js'
import { queryOf } from './query.js'
import type { AskedContext, Items, Moment, PageOptions, Question } from './questions.js'
import { DecisionTimelineAnswer, SinceAnswer, Stretch } from './shapes/decision-timeline.js'
import { ChangedPrincipal, DiffAnswer } from './shapes/diff.js'
import { SessionDeed, SessionReplayAnswer } from './shapes/session-replay.js'
import { WhatCanAnswer, WhoCanAnswer, WhoCanHit } from './shapes/who-can.js'
import { encodePercent } from './sign.js'

/** Who of the account may do this? Keys that the context does not give are not known. */
export type WhoCanQuestion = Moment & {
  readonly action: string
  readonly resource: string
  readonly context?: AskedContext
  readonly type?: 'Root' | 'User' | 'Role'
  /** Whether each role also says who could assume it. */
  readonly throughRoles?: boolean
}

/** What may this principal do? */
export type WhatCanQuestion = Moment & {
  /** The ARN of a root, a user, a role or a session. */
  readonly principal: string
  /** Only what may be done to it. */
  readonly resource?: string
  /** Only actions of this service, e.g. `ots`. */
  readonly service?: string
  /** Beside a resource: actions to judge by name. */
  readonly actions?: ReadonlyArray<string>
  readonly context?: AskedContext
}

/** Two moments: each a time (RFC 3339), a position or a consistency token. */
type Between = {
  readonly from: string | number
  /** Now when left out. */
  readonly to?: string | number
}

export type Probe = { readonly action: string; readonly resource: string }

/** What is different: of the account where neither a principal nor a policy is named. */
export type DiffQuestion = Between & {
  /** The ARN of a user, a role or a group. */
  readonly principal?: string
  /** The ARN of a policy, in place of the principal. */
  readonly policy?: string
  /** Beside a user or a role: how each is decided at both moments. */
  readonly probes?: ReadonlyArray<Probe>
  readonly context?: AskedContext
}

export type HistoryQuestions = {
  readonly whoCan: (
    asked: WhoCanQuestion & PageOptions,
    options?: CallOptions,
  ) => Answer<WhoCanAnswer>
  readonly eachWhoCan: (asked: WhoCanQuestion, options?: CallOptions) => Items<WhoCanHit>
  readonly whatCan: (asked: WhatCanQuestion, options?: CallOptions) => Answer<WhatCanAnswer>
  /** Only the account's comes in pages. */
  readonly diff: (asked: DiffQuestion & PageOptions, options?: CallOptions) => Answer<DiffAnswer>
  /** Everybody in the account whose statements are different. */
  readonly eachChanged: (asked: Between, options?: CallOptions) => Items<ChangedPrincipal>
  /** The stretches in which a user or a role could do something, or could not. */
  readonly decisionTimeline: (
    asked: Question & PageOptions,
    options?: CallOptions,
  ) => Answer<DecisionTimelineAnswer>
  readonly eachStretch: (asked: Question, options?: CallOptions) => Items<Stretch>
  /** Since when a user or a role can, or cannot, do something, and through which grants. */
  readonly since: (asked: Question, options?: CallOptions) => Answer<SinceAnswer>
  /** A session from its beginning to its end, also one that is over. */
  readonly replaySession: (
    sessionId: string,
    asked?: Moment & PageOptions,
    options?: CallOptions,
  ) => Answer<SessionReplayAnswer>
  /** What a session did. */
  readonly eachDeed: (
    sessionId: string,
    asked?: Moment,
    options?: CallOptions,
  ) => Items<SessionDeed>
}

const whatCanQuery = ({ actions, ...asked }: WhatCanQuestion) =>
  queryOf({ ...asked, actions: actions?.join(',') })

export const historyQuestionsOn = ({ get, each }: Paths): HistoryQuestions => {
  const sessionPath = (sessionId: string): string => `/v1/sessions/${encodePercent(sessionId)}`
  return {
    whoCan: (asked, options) => get('/v1/who-can', queryOf(asked), WhoCanAnswer, options),
    eachWhoCan: (asked, options) => each('/v1/who-can', queryOf(asked), WhoCanHit, options),
    whatCan: (asked, options) => get('/v1/what-can', whatCanQuery(asked), WhatCanAnswer, options),
    diff: (asked, options) => get('/v1/diff', queryOf(asked), DiffAnswer, options),
    eachChanged: ({ from, to }, options) =>
      each('/v1/diff', queryOf({ from, to }), ChangedPrincipal, options),
    decisionTimeline: (asked, options) =>
      get('/v1/decision-timeline', queryOf(asked), DecisionTimelineAnswer, options),
    eachStretch: (asked, options) =>
      each('/v1/decision-timeline', queryOf(asked), Stretch, options),
    since: (asked, options) => get('/v1/since', queryOf(asked), SinceAnswer, options),
    replaySession: (sessionId, asked = {}, options) =>
      get(sessionPath(sessionId), queryOf(asked), SessionReplayAnswer, options),
    eachDeed: (sessionId, asked = {}, options) =>
      each(sessionPath(sessionId), queryOf(asked), SessionDeed, options),
  }
}
