/**
 * Puts the engine together: views, mailboxes, decisions and the STS worker around one log.
 */
import { type AccountId, accountStream, type Quotas, refusalsStream } from '@grantlog/domain'
import {
  credentialsView,
  directoryView,
  entitiesView,
  grantsView,
  historyView,
  recordingView,
  roleById,
  usageView,
  type ViewState,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type AccessKeyCalls, createAccessKey, deleteAccessKey } from './access-keys.js'
import { type AccountCalls, openAccount } from './accounts.js'
import { askingCalls } from './asking.js'
import { type SessionIssuer, sessionIssuer } from './assume-role.js'
import { federatedCalls } from './assume-role-federated.js'
import { type CommandRunner, commandRunner } from './command-runner.js'
import { policiesOf } from './decide.js'
import { viewDigest } from './digest.js'
import type { Engine, EngineError, Views } from './engine.js'
import { statusOf } from './engine-status.js'
import type { FederatedCalls, Federation } from './federation.js'
import { watchFreshness } from './freshness.js'
import { keyUse } from './key-use.js'
import { watchLag } from './lag.js'
import { mfaCalls } from './mfa.js'
import type { MFACalls } from './mfa-calls.js'
import { observedLog } from './observed-log.js'
import { type Observer, UNOBSERVED } from './observer.js'
import type { Clock, EventLog, Ids, Position, Vault, ViewStore } from './ports.js'
import { type Readiness, readinessOf } from './readiness.js'
import { noteAssumption } from './recording/note-assumption.js'
import { recordingCalls } from './recording/recording-calls.js'
import { refusedUses } from './refused-uses.js'
import { revokeSession } from './revoke-session.js'
import { followView, runViews, type ViewReader } from './run-views.js'
import { loginCalls } from './sign-in/sign-in-calls.js'
import { type StsWorker, startStsWorker } from './sts/worker.js'

export type EngineDependencies = {
  readonly log: EventLog
  readonly viewStore: ViewStore
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly quotas: Quotas
  /** Left out, nobody can come by an identity provider. */
  readonly federation?: Federation
  /**
   * What is different where other processes write to the log too. Left out, this is the log's only
   * process: it issues and expires credentials itself.
   */
  readonly cluster?: {
    /** Told that a session waits for a worker, and where in the log it stands. */
    readonly onAssumed: (accountId: AccountId, sessionId: string, position: Position) => void
  }
  /**
   * Called at most once, when a part of the engine can't go on; from then on nothing is allowed.
   */
  readonly onStopped: (reason: string) => void
  /** Told of the work while it is done; nobody when left out. */
  readonly observer?: Observer
}

type Observed = EngineDependencies & { readonly observer: Observer }

const observed = ({ observer = UNOBSERVED, ...given }: EngineDependencies): Observed => ({
  ...given,
  observer,
  log: observedLog(given.log, observer),
})

/** Views that follow the log, loaded from their store. */
const loadViews = async (store: ViewStore, head: Position) => {
  const directory = await followView(store, directoryView, head)
  const grants = await followView(store, grantsView, head)
  const credentials = await followView(store, credentialsView, head)
  const history = await followView(store, historyView, head)
  const usage = await followView(store, usageView, head)
  const entities = await followView(store, entitiesView, head)
  const recording = await followView(store, recordingView, head)
  const views: Views = {
    directory: directory.state,
    grants: grants.state,
    credentials: credentials.state,
    history: history.state,
    usage: usage.state,
    entities: entities.state,
    recording: recording.state,
  }
  const all = [directory, grants, credentials, history, usage, entities, recording]
  return { views, followed: all.map((view) => view.followed) }
}

const eventsIn =
  (log: EventLog, streamOf: (accountId: AccountId) => string): Engine['accountEvents'] =>
  (accountId, { after, limit }) =>
    log.readStream(streamOf(accountId), { from: after === undefined ? 0 : after + 1, limit })

const refusedUsesOn = (given: Observed): Pick<Engine, 'noteRefusedUse' | 'refusedUses'> => {
  const note = refusedUses(given)
  return {
    noteRefusedUse: (use, scene) => () => note(use, scene),
    refusedUses: eventsIn(given.log, refusalsStream),
  }
}

const caughtUp = async (
  reader: ViewReader,
  position: Position,
): Promise<E.Either<EngineError, void>> => {
  for (;;) {
    const shown = await reader.waitFor(position)
    if (E.isRight(shown) || shown.left.type !== 'ViewsBehind') return shown
  }
}

const digestsOf = (views: Views): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(views).map(([name, state]: [string, ViewState]) => [name, viewDigest(state)]),
  )

const issuerOf = (
  { log, vault, clock, ids, cluster, observer }: Observed,
  { grants }: Views,
  accountRevision: (stream: string) => number,
): SessionIssuer => {
  const onAssumed = cluster?.onAssumed ?? (() => {})
  return sessionIssuer({ log, clock, ids, vault, grants, accountRevision, onAssumed, observer })
}

/** The worker of a process that is alone with its log: one shard, everybody's. */
const startOwnWorker = (
  { log, clock, ids, onStopped, observer }: Observed,
  { grants }: Views,
  { waitFor }: ViewReader,
): Promise<E.Either<EngineError, StsWorker>> =>
  startStsWorker({
    log,
    clock,
    ids,
    shard: 0,
    ownsAccount: () => true,
    roleExists: (accountId, roleId) => roleById(grants, accountId, roleId) !== undefined,
    waitFor,
    onStopped,
    observer,
  })

/** The commands whose secrets are in the vault. */
const secretCalls = (
  needs: Parameters<typeof mfaCalls>[0],
): AccountCalls & AccessKeyCalls & MFACalls => ({
  ...mfaCalls(needs),
  openAccount:
    (accountId, circumstances, hold = () => TE.right(undefined)) =>
    () =>
      openAccount(needs, accountId, hold, circumstances),
  createAccessKey: (accountId, userName, circumstances) => () =>
    createAccessKey(needs, accountId, userName, circumstances),
  deleteAccessKey: (accountId, userName, accessKeyId, circumstances) => () =>
    deleteAccessKey(needs, accountId, userName, accessKeyId, circumstances),
})

const recordingOn = (
  { observer, ...needs }: Observed,
  views: Views,
  { applied }: ViewReader,
  readyFor: Parameters<typeof recordingCalls>[0]['readyFor'],
) => recordingCalls({ ...needs, meter: observer.meter, views, applied, readyFor })

const loginOn = (
  { observer, ...needs }: Observed,
  { directory }: Views,
  { reader, applied, waitFor }: ViewReader,
  readiness: Readiness,
  execute: CommandRunner['execute'],
  secondFactor: MFACalls,
) =>
  loginCalls({
    ...needs,
    meter: observer.meter,
    directory,
    applied,
    waitFor,
    execute,
    readiness,
    secondFactor,
    revisionOf: (stream) => reader.tables.revisions.get(stream) ?? -1,
  })

const sessionCalls = (
  { log, clock, ids, observer }: Observed,
  views: Views,
  reader: ViewReader,
  { readyFor, readyForAll }: Readiness,
  issuer: SessionIssuer,
  { noteAccess }: Pick<Engine, 'noteAccess'>,
): Pick<Engine, 'assumeRole' | 'revokeSession'> => ({
  assumeRole: (request, caller, context, circumstances) => async () => {
    const ready = await readyForAll([caller.accountId, request.roleAccountId])
    if (E.isLeft(ready)) return ready
    const position = reader.applied()
    const policies = policiesOf(views, caller)
    const assumed = await issuer.assume(request, caller, policies, context, circumstances)
    const call = { request, caller, context, position, requestId: circumstances.requestId }
    noteAssumption(noteAccess, call, assumed)
    return assumed
  },
  revokeSession: (accountId, sessionId, circumstances) => async () => {
    const ready = await readyFor(accountId)
    if (E.isLeft(ready)) return ready
    const { credentials } = views
    const needs = { log, clock, ids, meter: observer.meter, credentials, ...reader }
    return revokeSession(needs, accountId, sessionId, circumstances)
  },
})

const federatedOn = (
  { federation, vault, clock }: Observed,
  views: Views,
  issuer: SessionIssuer,
  { applied }: ViewReader,
  { readyForAll }: Readiness,
  { noteAccess }: Pick<Engine, 'noteAccess'>,
): FederatedCalls => {
  const proving = { federation, vault, clock, views }
  return federatedCalls({ ...proving, issuer, applied, readyForAll, noteAccess })
}

/** What the engine was given and lends to the protocols. */
const lentOf = ({ vault, clock, ids, quotas }: Observed) => ({ vault, clock, ids, quotas })

export const openEngine = async (
  given: EngineDependencies,
): Promise<E.Either<EngineError, Engine>> => {
  const dependencies = observed(given)
  const { log, viewStore, vault, clock, ids, onStopped, observer } = dependencies
  const head = await log.head()()
  if (E.isLeft(head)) return head

  const { views, followed } = await loadViews(viewStore, head.right)
  const revisionOf = (stream: string): number => reader.reader.tables.revisions.get(stream) ?? -1
  const issuer = issuerOf(dependencies, views, revisionOf)
  const witnesses = { onApplied: issuer.onApplied, tracing: observer.tracing }
  const reader = await runViews(log, viewStore, head.right, followed, onStopped, witnesses)
  const freshness = watchFreshness(log, reader.applied)
  const lag = watchLag(log, reader.applied)
  const isSoleWriter = dependencies.cluster === undefined
  const commands = commandRunner({ ...dependencies, isSoleWriter }, reader, views)

  const readiness = readinessOf(reader, freshness, observer.meter)
  const { fresh, readyFor } = readiness
  const worker = isSoleWriter ? await startOwnWorker(dependencies, views, reader) : E.right(null)
  if (E.isLeft(worker)) return worker

  const secrets = secretCalls({ ids, vault, clock, views, execute: commands.execute })
  const present = () => ({ applied: reader.applied(), now: clock.now() })
  const { stopRecording, ...onAccess } = recordingOn(dependencies, views, reader, readyFor)
  return E.right({
    execute: (accountId, command, circumstances) => () =>
      commands.execute(accountId, command, circumstances),
    ...secrets,
    ...sessionCalls(dependencies, views, reader, readiness, issuer, onAccess),
    ...federatedOn(dependencies, views, issuer, reader, readiness, onAccess),
    ...askingCalls(log, views, readiness, present, observer.meter),
    ...onAccess,
    ...loginOn(dependencies, views, reader, readiness, commands.execute, secrets),
    ...keyUse(log, clock, ids, views.usage),
    ...refusedUsesOn(dependencies),
    accountEvents: eventsIn(log, accountStream),
    fresh: () => fresh,
    waitFor: (position) => () => reader.waitFor(position),
    catchUp: () => () => caughtUp(reader, head.right),
    views,
    status: () => statusOf(reader, freshness, views, commands.waiting),
    progress: () => reader.progress(lag),
    digests: () => digestsOf(views),
    ...lentOf(dependencies),
    stop: async () => {
      await commands.idle()
      await stopRecording()
      freshness.stop()
      lag.stop()
      await worker.right?.stop()
      await reader.stop()
    },
  })
}
