/** The front door to the shapes of answers: codecs that client, server and OpenAPI share. */
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
  OutcomesAnswer,
  SeveralAnswer,
  StatementVerdict,
  WhyAnswer,
} from './decision.js'
export { FeedAnswer, FeedEvent } from './feed.js'
export { EventsAnswer, ShownEvent, TimelineAnswer, TimelineEntry } from './history.js'
export { Actor, Next, PolicySource, Position, Via } from './parts.js'
export { Problem } from './problem.js'
export { IndexAnswer, OpenApiAnswer } from './service.js'
export { ChainLink, RevokeAnswer, SessionsAnswer, ShownSession } from './sessions.js'
