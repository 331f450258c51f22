/** The front door to the shapes of answers: codecs that client, server and OpenAPI share. */
export { AccessListAnswer, AccessRecord, AccessRecording, RecordingAnswer } from './access.js'
export { AccountsAnswer, OpenedAccountAnswer, ShownAccount } from './accounts.js'
export {
  AccessDecision,
  AuthenticateAnswer,
  AuthenticatedPrincipal,
} from './authentication.js'
export {
  CanAnswer,
  DecideAnswer,
  DecidingStatement,
  Outcome,
  OutcomeAnswer,
  OutcomesAnswer,
  SeveralAnswer,
  StatementVerdict,
  WhyAnswer,
} from './decision.js'
export { DecisionTimelineAnswer, SinceAnswer, Stretch } from './decision-timeline.js'
export { ChangedPrincipal, DiffAnswer, PolicyDiff, PrincipalDiff } from './diff.js'
export {
  EntitiesAnswer,
  PutEntitiesAnswer,
  RemoveEntitiesAnswer,
  ShownEntity,
} from './entities.js'
export { FeedAnswer, FeedEvent } from './feed.js'
export { EventsAnswer, ShownEvent, TimelineAnswer, TimelineEntry } from './history.js'
export { Actor, Grant, Mark, Next, PolicySource, Position, Via } from './parts.js'
export { Problem } from './problem.js'
export { PrincipalUse, ReplayAnswer, ReplayGroup, UnusedAnswer } from './replay.js'
export { IndexAnswer, OpenApiAnswer } from './service.js'
export { SessionDeed, SessionReplayAnswer } from './session-replay.js'
export { ChainLink, RevokeAnswer, SessionsAnswer, ShownSession } from './sessions.js'
export { SignedInAnswer, SignedOutAnswer, SignInAnswer } from './sign-in.js'
export { WhatCanAnswer, WhoCanAnswer, WhoCanHit } from './who-can.js'
