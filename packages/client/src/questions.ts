/** The paths of the read API by name, typed. */
import type * as E from 'fp-ts/lib/Either.js'
import type { ClientError } from './errors.js'
import type { CallOptions } from './exchange.js'
import type { Answer, Paths } from './paths.js'
import { queryOf } from './query.js'
import { AuthenticateAnswer } from './shapes/authentication.js'
import { CanAnswer, DecideAnswer, WhyAnswer } from './shapes/decision.js'
import { FeedAnswer } from './shapes/feed.js'
import { EventsAnswer, ShownEvent, TimelineAnswer, TimelineEntry } from './shapes/history.js'
import { RevokeAnswer, SessionsAnswer, ShownSession } from './shapes/sessions.js'
import { encodePercent, type Names } from './sign.js'

/** A moment of the past: a time (RFC 3339), or a position or consistency token; not both. */
export type Moment = { readonly at?: string; readonly position?: number | string }

/** Condition keys and their values. */
export type AskedContext = Readonly<Record<string, string | ReadonlyArray<string>>>

/** Could this principal do this? */
export type Question = Moment & {
  /** The ARN of a root, a user, a role or a session. */
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly context?: AskedContext
  readonly sessionPolicy?: string
}

/** The same about several resources, all of which must be allowed. */
export type DecideQuestion = Omit<Question, 'resource'> & {
  readonly resource: string | ReadonlyArray<string>
  readonly explain?: boolean
}

export type PageOptions = {
  /** The `next` of the page before. */
  readonly after?: string
  readonly limit?: number
}

/** What the signer of a call wants to do. */
export type AskedDecision = {
  readonly action: string
  readonly resource: string | ReadonlyArray<string>
  readonly context?: AskedContext
}

/** A call as a service received it; of its body the SHA-256 in lower-case hex. */
export type ForwardedCall = {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Names
  readonly bodyDigest: string
  readonly decide?: AskedDecision
}

/** One by one, to the end; a left is the last that comes. */
export type Items<A> = AsyncGenerator<E.Either<ClientError, A>, void, undefined>

/** Whose timeline: the one that is named. */
export type TimelineSubject =
  /** The ARN of a user, a role or a group. */
  | { readonly principal: string }
  /** The ARN of a policy. */
  | { readonly policy: string }
  /** The id of a long-lived key. */
  | { readonly accessKey: string }
  /** The id of a session. */
  | { readonly session: string }

export type Questions = {
  readonly can: (question: Question, options?: CallOptions) => Answer<CanAnswer>
  readonly why: (question: Question, options?: CallOptions) => Answer<WhyAnswer>
  readonly decide: (question: DecideQuestion, options?: CallOptions) => Answer<DecideAnswer>
  readonly events: (
    accountId: string,
    page?: PageOptions,
    options?: CallOptions,
  ) => Answer<EventsAnswer>
  readonly eachEvent: (accountId: string, options?: CallOptions) => Items<ShownEvent>
  /** How a user signed in to a console, or did not; without a user nobody's attempts. */
  readonly signIns: (
    asked?: PageOptions & { readonly user?: string },
    options?: CallOptions,
  ) => Answer<EventsAnswer>
  readonly eachSignIn: (
    asked?: { readonly user?: string },
    options?: CallOptions,
  ) => Items<ShownEvent>
  /** Which credentials of the account were refused, and why. */
  readonly refusedUses: (page?: PageOptions, options?: CallOptions) => Answer<EventsAnswer>
  readonly eachRefusedUse: (options?: CallOptions) => Items<ShownEvent>
  readonly timeline: (
    asked: Moment & PageOptions & TimelineSubject,
    options?: CallOptions,
  ) => Answer<TimelineAnswer>
  readonly eachEntry: (
    asked: Moment & TimelineSubject,
    options?: CallOptions,
  ) => Items<TimelineEntry>
  readonly sessions: (
    accountId: string,
    page?: PageOptions & { readonly role?: string },
    options?: CallOptions,
  ) => Answer<SessionsAnswer>
  readonly eachSession: (
    accountId: string,
    asked?: { readonly role?: string },
    options?: CallOptions,
  ) => Items<ShownSession>
  /** The events that decide who may do what, for a decision point. */
  readonly feed: (page?: PageOptions, options?: CallOptions) => Answer<FeedAnswer>
  /** Who signed a call that this service received, and whether they may do what it asks for. */
  readonly authenticate: (call: ForwardedCall, options?: CallOptions) => Answer<AuthenticateAnswer>
  /** Ends a session, and every session that began from it. */
  readonly revoke: (sessionId: string, options?: CallOptions) => Answer<RevokeAnswer>
}

export const questionsOn = ({ get, ask, order, each }: Paths): Questions => {
  const ofAccount = (accountId: string, what: string): string =>
    `/v1/accounts/${encodePercent(accountId)}/${what}`
  return {
    can: (question, options) => get('/v1/can', queryOf(question), CanAnswer, options),
    why: (question, options) => get('/v1/why', queryOf(question), WhyAnswer, options),
    decide: (question, options) => ask('/v1/decide', question, DecideAnswer, options),
    events: (accountId, page = {}, options) =>
      get(ofAccount(accountId, 'events'), queryOf(page), EventsAnswer, options),
    eachEvent: (accountId, options) =>
      each(ofAccount(accountId, 'events'), {}, ShownEvent, options),
    signIns: (asked = {}, options) => get('/v1/sign-ins', queryOf(asked), EventsAnswer, options),
    eachSignIn: (asked = {}, options) => each('/v1/sign-ins', queryOf(asked), ShownEvent, options),
    refusedUses: (page = {}, options) =>
      get('/v1/refused-uses', queryOf(page), EventsAnswer, options),
    eachRefusedUse: (options) => each('/v1/refused-uses', {}, ShownEvent, options),
    timeline: (asked, options) => get('/v1/timeline', queryOf(asked), TimelineAnswer, options),
    eachEntry: (asked, options) => each('/v1/timeline', queryOf(asked), TimelineEntry, options),
    sessions: (accountId, page = {}, options) =>
      get(ofAccount(accountId, 'sessions'), queryOf(page), SessionsAnswer, options),
    eachSession: (accountId, asked = {}, options) =>
      each(ofAccount(accountId, 'sessions'), queryOf(asked), ShownSession, options),
    feed: (page = {}, options) => get('/v1/feed', queryOf(page), FeedAnswer, options),
    // A nonce is used once: the same call is not proven twice.
    authenticate: (call, options) => order('/v1/authenticate', call, AuthenticateAnswer, options),
    revoke: (sessionId, options) =>
      order(`/v1/sessions/${encodePercent(sessionId)}/revoke`, {}, RevokeAnswer, options),
  }
}
