/**
 * Puts the engine together: views, mailboxes, decisions and the STS worker around one log.
 */
import {
  type AccessRecord,
  type AccountCommand,
  type AccountId,
  type AccountRefusal,
  accessStream,
  accountDecider,
  accountStream,
  type Quotas,
} from '@grantlog/domain'
import {
  credentialsView,
  directoryView,
  grantsView,
  historyView,
  liveSessionCount,
  roleById,
  usageView,
  type ViewState,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { createAccessKey, deleteAccessKey } from './access-keys.js'
import { answerQuestion } from './ask.js'
import { type SessionIssuer, sessionIssuer } from './assume-role.js'
import { decideFor, policiesOf } from './decide.js'
import { viewDigest } from './digest.js'
import type { Circumstances, Engine, EngineError, EngineStatus, Executed, Views } from './engine.js'
import { type Freshness, watchFreshness } from './freshness.js'
import { keyUse } from './key-use.js'
import { accountMailbox, type Mailbox } from './mailbox.js'
import type { Clock, EventLog, Ids, Position, Vault, ViewStore } from './ports.js'
import { isQuarantined, unknownEvents } from './reader-state.js'
import { readinessOf } from './readiness.js'
import { appendAnyhow } from './retry.js'
import { revokeSession } from './revoke-session.js'
import { followView, runViews, type ViewReader } from './run-views.js'
import { encodeEvent } from './stored-event.js'
import { type StsWorker, startStsWorker } from './sts/worker.js'

export type EngineDependencies = {
  readonly log: EventLog
  readonly viewStore: ViewStore
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly quotas: Quotas
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
}

/** Views that follow the log, loaded from their store. */
const loadViews = async (store: ViewStore, head: Position) => {
  const directory = await followView(store, directoryView, head)
  const grants = await followView(store, grantsView, head)
  const credentials = await followView(store, credentialsView, head)
  const history = await followView(store, historyView, head)
  const usage = await followView(store, usageView, head)
  const views: Views = {
    directory: directory.state,
    grants: grants.state,
    credentials: credentials.state,
    history: history.state,
    usage: usage.state,
  }
  const all = [directory, grants, credentials, history, usage]
  return { views, followed: all.map((view) => view.followed) }
}

/**
 * Commands go through the mailbox of their account, and are answered once the views show what
 * they did.
 */
const commandRunner = (
  { log, viewStore, ids, quotas, cluster }: EngineDependencies,
  reader: ViewReader,
): {
  readonly execute: (
    accountId: AccountId,
    command: AccountCommand,
    circumstances: Circumstances,
  ) => Promise<E.Either<AccountRefusal | EngineError, Executed>>
  readonly idle: () => Promise<void>
} => {
  const decider = accountDecider(quotas)
  const mailboxes = new Map<AccountId, Mailbox>()
  const mailboxOf = (accountId: AccountId): Mailbox => {
    const found = mailboxes.get(accountId)
    if (found !== undefined) return found
    const made = accountMailbox(
      { log, viewStore, ids, decider, isSoleWriter: cluster === undefined },
      accountId,
    )
    mailboxes.set(accountId, made)
    return made
  }
  return {
    execute: async (accountId, command, circumstances) => {
      const reason = reader.stopped()
      if (reason !== null) return E.left({ type: 'EngineStopped', detail: reason })
      if (isQuarantined(reader.reader, accountId))
        return E.left({ type: 'AccountQuarantined', accountId })
      const executed = await mailboxOf(accountId).send(command, circumstances)
      if (E.isLeft(executed)) return executed
      const shown = await reader.waitFor(executed.right.position)
      return E.isLeft(shown) ? shown : executed
    },
    idle: async () => {
      for (const mailbox of mailboxes.values()) await mailbox.idle()
    },
  }
}

const recordAccess = async (
  { log, clock, ids }: EngineDependencies,
  accountId: AccountId,
  record: AccessRecord,
  circumstances: Circumstances,
): Promise<E.Either<EngineError, void>> => {
  const stream = accessStream(accountId, clock.now())
  const event = { type: 'AccessRecorded', accountId, records: [record] } as const
  const stored = encodeEvent(ids.eventId(circumstances.requestId, 0), event, circumstances)
  const appended = await appendAnyhow(log, stream, stored)
  return E.isLeft(appended) ? appended : E.right(undefined)
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

const statusOf = (reader: ViewReader, freshness: Freshness, views: Views): EngineStatus => {
  const reason = reader.stopped()
  const fresh = freshness.owed() === 0
  return {
    ready: reason === null && fresh,
    ...(reason !== null ? { reason } : fresh ? {} : { reason: 'the views are catching up' }),
    applied: reader.applied(),
    head: freshness.head(),
    quarantinedAccounts: [...reader.reader.tables.quarantine.entries()].map(([id]) => id),
    unknownEvents: unknownEvents(reader.reader),
    liveSessions: liveSessionCount(views.credentials),
  }
}

const digestsOf = (views: Views): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(views).map(([name, state]: [string, ViewState]) => [name, viewDigest(state)]),
  )

const issuerOf = (
  { log, vault, clock, ids, cluster }: EngineDependencies,
  { grants }: Views,
  accountRevision: (stream: string) => number,
): SessionIssuer => {
  const onAssumed = cluster?.onAssumed ?? (() => {})
  return sessionIssuer({ log, clock, ids, vault, grants, accountRevision, onAssumed })
}

/** The worker of a process that is alone with its log: one shard, everybody's. */
const startOwnWorker = (
  { log, clock, ids, onStopped }: EngineDependencies,
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
  })

export const openEngine = async (
  dependencies: EngineDependencies,
): Promise<E.Either<EngineError, Engine>> => {
  const { log, viewStore, vault, clock, ids, onStopped } = dependencies
  const head = await log.head()()
  if (E.isLeft(head)) return head

  const { views, followed } = await loadViews(viewStore, head.right)
  const revisionOf = (stream: string): number => reader.reader.tables.revisions.get(stream) ?? -1
  const issuer = issuerOf(dependencies, views, revisionOf)
  const reader = await runViews(log, viewStore, head.right, followed, onStopped, issuer.onApplied)
  const freshness = watchFreshness(log, reader.applied)
  const commands = commandRunner(dependencies, reader)
  const uses = keyUse(log, clock, ids, views.usage)

  const { fresh, readyFor } = readinessOf(reader, freshness)
  const isAlone = dependencies.cluster === undefined
  const worker = isAlone ? await startOwnWorker(dependencies, views, reader) : E.right(null)
  if (E.isLeft(worker)) return worker

  const { execute } = commands
  return E.right({
    execute: (accountId, command, circumstances) => () =>
      execute(accountId, command, circumstances),
    createAccessKey: (accountId, userName, circumstances) => () =>
      createAccessKey({ ids, vault, execute }, accountId, userName, circumstances),
    deleteAccessKey: (accountId, userName, accessKeyId, circumstances) => () =>
      deleteAccessKey({ vault, execute }, accountId, userName, accessKeyId, circumstances),
    assumeRole: (request, caller, context, circumstances) => async () => {
      for (const accountId of [caller.accountId, request.roleAccountId]) {
        const ready = await readyFor(accountId)
        if (E.isLeft(ready)) return ready
      }
      return issuer.assume(request, caller, policiesOf(views, caller), context, circumstances)
    },
    revokeSession: (accountId, sessionId, circumstances) => async () => {
      const ready = await readyFor(accountId)
      if (E.isLeft(ready)) return ready
      const { credentials } = views
      const { applied, waitFor } = reader
      const dependencies = { log, clock, ids, credentials, applied, waitFor }
      return revokeSession(dependencies, accountId, sessionId, circumstances)
    },
    authorize:
      ({ caller, ...question }) =>
      async () => {
        const ready = await readyFor(caller.accountId)
        if (E.isLeft(ready)) return ready
        const position = reader.applied()
        return E.right({ decision: decideFor(views, caller, question), position })
      },
    ask: (question) => async () => {
      const ready = await readyFor(question.principal.accountId)
      if (E.isLeft(ready)) return ready
      return answerQuestion(views, question, { applied: reader.applied(), now: clock.now() })
    },
    recordAccess: (accountId, record, circumstances) => () =>
      recordAccess(dependencies, accountId, record, circumstances),
    noteKeyUse: uses.note,
    keyLastUsed: uses.lastUsed,
    accountEvents: (accountId, { after, limit }) =>
      log.readStream(accountStream(accountId), {
        from: after === undefined ? 0 : after + 1,
        limit,
      }),
    fresh: () => fresh,
    waitFor: (position) => () => reader.waitFor(position),
    catchUp: () => () => caughtUp(reader, head.right),
    views,
    status: () => statusOf(reader, freshness, views),
    digests: () => digestsOf(views),
    vault,
    clock,
    ids,
    stop: async () => {
      await commands.idle()
      freshness.stop()
      await worker.right?.stop()
      await reader.stop()
    },
  })
}
