/** The engine's front door. */

export { type AccessKeyCalls, type IssuedAccessKey, secretRefOf } from './access-keys.js'
export type { AccountCalls, RootKey } from './accounts.js'
export { announcing } from './announcing.js'
export type { AccessOutcomes, OneQuestionRefused } from './ask-together.js'
export { roleToAssume } from './assumption.js'
export {
  type Assumer,
  actorOf,
  arnOf,
  type Caller,
  type FederatedCaller,
  principalOf,
  subjectOf,
} from './caller.js'
export type { CallScene } from './circumstances.js'
export { viewDigest } from './digest.js'
export type {
  AccessAnswer,
  AccessQuestion,
  AccessQuestionRefused,
  AnswerBasis,
  AssumeRoleRequest,
  Circumstances,
  Engine,
  EngineError,
  EngineStatus,
  Executed,
  IssuedCredential,
  Moment,
  MomentNotReached,
  ReplayQuestion,
  SessionBasis,
  SessionNotFound,
  SessionReplay,
  TooManyStatements,
  Views,
  WindowEmpty,
} from './engine.js'
export type {
  AssertionFault,
  CircumstancesOf,
  Federation,
  FederationFault,
  MetadataFault,
  OidcTrust,
  ProvenAssertion,
  ProvenToken,
  TokenFault,
} from './federation.js'
export { LAG_MS_MAX } from './freshness.js'
export type { DecidingGrant, EventsBehind } from './grants-behind.js'
export { handOn } from './hand-on.js'
export { type HeedingLog, heeding } from './heeding.js'
export type { ViewProgress } from './lag.js'
export type {
  Feed,
  FeedError,
  FeedMark,
  Hints,
  IssueRequest,
  IssueRequests,
  LastPublished,
  NonceClaims,
} from './messaging.js'
export type { CodeVerdict, IssuedMFADevice, MFACalls } from './mfa-calls.js'
export { isBefore, type Present, positionOf } from './moment.js'
export {
  type AppendOutcome,
  type CommandName,
  type CommandOutcome,
  type DecisionOutcome,
  type Meter,
  NO_METER,
  NO_SPAN,
  NO_TRACING,
  type Observer,
  type Span,
  type SpanFields,
  type SpanKind,
  type SpanStart,
  type Tracing,
  UNOBSERVED,
} from './observer.js'
export { type EngineDependencies, openEngine } from './open-engine.js'
export type {
  Assumers,
  CanEachAnswer,
  CanEachQuestion,
  Judged,
  PrincipalType,
  WhatCanAnswer,
  WhatCanQuestion,
  WhoCanAnswer,
  WhoCanHit,
  WhoCanQuestion,
  WrittenSheet,
} from './partial/questions.js'
export { whoCan } from './partial/who-can.js'
export type {
  Appended,
  Clock,
  EventLog,
  ExpectedRevision,
  Ids,
  LogError,
  NewEvent,
  Position,
  RevisionConflict,
  RowChange,
  SessionToken,
  StoredEvent,
  Subscription,
  SubscriptionHandler,
  Vault,
  ViewCheckpoint,
  ViewStore,
} from './ports.js'
export { EVENT_BYTES_MAX } from './ports.js'
export type { PastQuestion } from './questions/decision-at.js'
export {
  type DecisionTimeline,
  decisionTimeline,
  type Since,
  type Stand,
  type Standing,
  type Stretch,
  sinceWhen,
  standAt,
} from './questions/decision-timeline.js'
export type { KeyDeed, KeyStory } from './questions/key-deeds.js'
export type { RefusedCall, RefusedPrincipal, ResourceVerdict } from './questions/refused-call.js'
export type { SessionDeed } from './questions/session-deeds.js'
export {
  namedChain,
  type SessionEnd,
  type SessionLink,
  type SessionStory,
} from './questions/session-story.js'
export { FOLLOW_GRANTS } from './recording/decided-elsewhere.js'
export {
  type JudgedAccess,
  type JudgedPrincipal,
  judgedCaller,
} from './recording/judged-access.js'
export {
  type AssumptionQuestion,
  assumptionCode,
  assumptionQuestion,
} from './recording/note-assumption.js'
export { GET_CALLER_IDENTITY, ISSUE_TOKEN } from './recording/permission-free.js'
export type {
  AccessFilter,
  AccessPage,
  AccessPlace,
  Coverage,
  Doubt,
  GivenWindow,
  Grounds,
  JudgeableRef,
  ListedAccess,
  PrincipalUse,
  ProposedChange,
  ProposedTarget,
  RecordingCalls,
  ReplayAnswer,
  ReplayGroup,
  ReplayPlace,
  ReplayStatement,
  UnusedAnswer,
} from './recording/questions.js'
export { FLUSH_MS } from './recording/recorder.js'
export { REPLAY_GROUPS_MAX } from './recording/replay-groups.js'
export type { NoSuchAttachment, NoSuchPolicy, NoSuchTarget } from './recording/unprepared.js'
export type { RefusedUse } from './refused-uses.js'
export { type Relay, type RelayDependencies, type RelayStatus, startRelay } from './relay.js'
export { followView, runViews, type ViewReader } from './run-views.js'
export type {
  DeviceCodes,
  PasswordOwner,
  PasswordsBusy,
  SigningSecret,
  TextPurpose,
  VaultError,
} from './secrets.js'
export type {
  ConsoleSession,
  LoginCalls,
  LoginProfileChanges,
  NewLoginProfile,
  NotSignedIn,
  PasswordRefusal,
  SignInCalls,
  SignInRefusal,
  SignInScene,
  SignInStep,
} from './sign-in/calls.js'
export {
  decodeEvent,
  encodeEvent,
  type UndecodableEvent,
  type UnknownEvent,
} from './stored-event.js'
export {
  openStsWorkers,
  type StsWorkers,
  type StsWorkersDependencies,
} from './sts/open-workers.js'
export { shardOf } from './sts/shard.js'
export { parseTraceparent, type TraceContext, traceparentOf } from './traceparent.js'
