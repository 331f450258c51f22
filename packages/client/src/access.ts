/** The paths about recorded access by name, typed: what is recorded, what it needed, what if. */
import type { CallOptions } from './exchange.js'
import type { Answer, Paths } from './paths.js'
import { queryOf } from './query.js'
import type { Items, PageOptions } from './questions.js'
import { AccessListAnswer, AccessRecord, RecordingAnswer } from './shapes/access.js'
import { PrincipalUse, ReplayAnswer, ReplayGroup, UnusedAnswer } from './shapes/replay.js'
import { encodePercent } from './sign.js'

/** Which decisions are put on record; `oneIn`, of how many requests one is, beside `Sampled`. */
export type ChosenRecording =
  | { readonly recording: 'All' | 'Denials' | 'Off' }
  | { readonly recording: 'Sampled'; readonly oneIn: number }

/**
 * Which recorded calls; an end is a time (RFC 3339), a position or a consistency token. A position
 * means the moment at which the event there was recorded.
 */
export type AccessWindow = {
  /** Inclusive; the opening of the account when left out. */
  readonly from?: string | number
  /** Inclusive; now when left out. */
  readonly to?: string | number
  /** The ARN of a root, a user, a role or a session. */
  readonly principal?: string
  /** How the names of the actions begin, without case. */
  readonly action?: string
}

/** Which decisions on record. */
export type AccessAsked = AccessWindow & {
  /** The id of the key that signed, long-lived or temporary. */
  readonly accessKey?: string
}

type NamedPolicy = {
  readonly policyType: 'Custom' | 'System'
  readonly policyName: string
}

/** `document` is JSON text, `target` the ARN of a user, a group or a role. */
export type PolicyChange =
  | (NamedPolicy & { readonly type: 'Edit'; readonly document: string })
  | (NamedPolicy & { readonly type: 'Attach' | 'Detach'; readonly target: string })
  | (NamedPolicy & { readonly type: 'Delete' })

/** What recorded calls would have become; without a change, whether record and history agree. */
export type ReplayQuestion = AccessWindow & {
  readonly change?: PolicyChange | ReadonlyArray<PolicyChange>
}

export type UnusedQuestion = {
  /**
   * From when on access counts, inclusive: a time (RFC 3339), or a position, which means the moment
   * at which the event there was recorded.
   */
  readonly since: string | number
  /** The ARN of a user or a role; all of them when left out. */
  readonly principal?: string
}

export type AccessQuestions = {
  readonly accessRecording: (accountId: string, options?: CallOptions) => Answer<RecordingAnswer>
  readonly setAccessRecording: (
    accountId: string,
    chosen: ChosenRecording,
    options?: CallOptions,
  ) => Answer<RecordingAnswer>
  /** The decisions on record, as they were stored. */
  readonly access: (
    accountId: string,
    asked?: AccessAsked & PageOptions,
    options?: CallOptions,
  ) => Answer<AccessListAnswer>
  readonly eachAccess: (
    accountId: string,
    asked?: AccessAsked,
    options?: CallOptions,
  ) => Items<AccessRecord>
  readonly replay: (
    question?: ReplayQuestion & PageOptions,
    options?: CallOptions,
  ) => Answer<ReplayAnswer>
  /** The groups of calls that the change turns, the largest first. */
  readonly eachReplayGroup: (question?: ReplayQuestion, options?: CallOptions) => Items<ReplayGroup>
  /** Which grants no recorded access needed, and what would have sufficed. */
  readonly unused: (
    question: UnusedQuestion & PageOptions,
    options?: CallOptions,
  ) => Answer<UnusedAnswer>
  readonly eachUnused: (question: UnusedQuestion, options?: CallOptions) => Items<PrincipalUse>
}

export const accessQuestionsOn = ({ get, ask, order, each, askEach }: Paths): AccessQuestions => {
  const ofAccount = (accountId: string, what: string): string =>
    `/v1/accounts/${encodePercent(accountId)}/${what}`
  return {
    accessRecording: (accountId, options) =>
      get(ofAccount(accountId, 'access-recording'), {}, RecordingAnswer, options),
    setAccessRecording: (accountId, chosen, options) =>
      order(ofAccount(accountId, 'access-recording'), chosen, RecordingAnswer, options),
    access: (accountId, asked = {}, options) =>
      get(ofAccount(accountId, 'access'), queryOf(asked), AccessListAnswer, options),
    eachAccess: (accountId, asked = {}, options) =>
      each(ofAccount(accountId, 'access'), queryOf(asked), AccessRecord, options),
    replay: (question = {}, options) => ask('/v1/replay', question, ReplayAnswer, options),
    eachReplayGroup: (question = {}, options) =>
      askEach('/v1/replay', question, ReplayGroup, options),
    unused: (question, options) => get('/v1/unused', queryOf(question), UnusedAnswer, options),
    eachUnused: (question, options) => each('/v1/unused', queryOf(question), PrincipalUse, options),
  }
}
