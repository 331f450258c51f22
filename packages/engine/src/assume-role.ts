/**
 * AssumeRole from the call to the credential: decided on the grants of this moment, recorded, and
 * answered once the STS worker has minted.
 */
import { createHash } from 'node:crypto'
import {
  type AccountId,
  type AssumeRole,
  type AssumeRoleBasis,
  accountStream,
  type CallerRef,
  type CredentialIssued,
  decideAssumeRole,
  type Recorded,
  type RoleAssumed,
  type RoleAssumptionRefused,
  type SessionRefusal,
  sessionsStream,
} from '@grantlog/domain'
import type { PoliciesInForce, RequestContext } from '@grantlog/policy'
import { findTrust, type GrantsState } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { type Assumer, principalOf } from './caller.js'
import type { AssumeRoleRequest, Circumstances, EngineError, IssuedCredential } from './engine.js'
import { type CommandOutcome, type Observer, partOf } from './observer.js'
import type { Clock, EventLog, Ids, Position, Vault } from './ports.js'
import { appendAnyhow } from './retry.js'
import { encodeEvent } from './stored-event.js'

/** How long a call waits for the STS worker. Unit: milliseconds. */
const ISSUE_MS_MAX = 5_000

/**
 * How many AssumeRole calls a chain may have, and how long a chained session may last. Source:
 * security design.
 */
const CHAIN_LIMITS = { chainDepthMax: 5, chainedSecondsMax: 3_600 } as const

export type SessionIssuer = {
  readonly assume: (
    request: AssumeRoleRequest,
    caller: Assumer,
    policies: PoliciesInForce,
    context: RequestContext,
    circumstances: Circumstances,
  ) => Promise<E.Either<SessionRefusal | EngineError, IssuedCredential>>
  /**
   * To be told every event that the views have applied: one of them is what a call waits for,
   * whichever process minted its credential.
   */
  readonly onApplied: (recorded: Recorded) => void
}

type Dependencies = {
  readonly log: EventLog
  readonly clock: Clock
  readonly ids: Ids
  readonly vault: Vault
  readonly grants: GrantsState
  readonly accountRevision: (stream: string) => number
  readonly observer: Observer
  /** Told that a session waits for its credential, and where in the log it stands. */
  readonly onAssumed: (accountId: AccountId, sessionId: string, position: Position) => void
}

type Answer = E.Either<SessionRefusal | EngineError, IssuedCredential>

/** The worker's event for a session, or why there will be none. */
type Minted = E.Either<
  SessionRefusal | EngineError,
  { readonly event: CredentialIssued; readonly position: Position }
>

type Waiting = { readonly session: RoleAssumed; readonly answer: (minted: Minted) => void }

/**
 * The caller's chain, with the caller itself as the last link. Root has none, and is refused for
 * being root.
 */
const chainOf = (caller: Assumer): ReadonlyArray<CallerRef> => {
  switch (caller.type) {
    case 'Root':
      return []
    case 'User':
      return [{ type: 'User', accountId: caller.accountId, userId: caller.userId }]
    case 'Federated': {
      const { type, accountId, providerId, subject } = caller
      return [{ type, accountId, providerId, subject }]
    }
    case 'Session':
      return [
        ...caller.chain,
        {
          type: 'Session',
          accountId: caller.accountId,
          roleId: caller.roleId,
          sessionId: caller.sessionId,
        },
      ]
  }
}

/** Digests of trust policies; the same text is asked for again and again. */
const trustDigests = (): ((text: string) => string) => {
  const known = new Map<string, string>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const digest = createHash('sha256').update(text).digest('hex')
    if (known.size >= 1_000) known.clear()
    known.set(text, digest)
    return digest
  }
}

export const sessionIssuer = (dependencies: Dependencies): SessionIssuer => {
  const { log, clock, ids, grants, accountRevision, observer } = dependencies
  const counted = (outcome: CommandOutcome, answer: Answer): Answer => {
    observer.meter.commanded('AssumeRole', outcome)
    return answer
  }
  const digestOf = trustDigests()
  const waiting = new Map<string, Waiting>()

  const basisOf = (
    request: AssumeRoleRequest,
    caller: Assumer,
    policies: PoliciesInForce,
    context: RequestContext,
  ): AssumeRoleBasis => {
    const role = findTrust(grants, request.roleAccountId, request.roleName)
    return {
      caller: {
        principal: principalOf(caller),
        chain: chainOf(caller),
        policies,
        ...(caller.type === 'Session' && caller.sourceIdentity !== undefined
          ? { sourceIdentity: caller.sourceIdentity }
          : {}),
      },
      role:
        role === undefined
          ? undefined
          : {
              accountId: request.roleAccountId,
              roleId: role.roleId,
              roleName: role.roleName,
              maxSessionDuration: role.maxSessionDuration,
              trust: role.trust,
              trustees: role.trustees,
              trustPolicyDigest: digestOf(role.trustText),
            },
      accountRevision: accountRevision(accountStream(request.roleAccountId)),
      context,
      limits: CHAIN_LIMITS,
    }
  }

  /** The refusal is in the log before it is answered. */
  const recordRefusal = async (
    refusal: SessionRefusal,
    caller: Assumer,
    roleId: RoleAssumptionRefused['roleId'],
    circumstances: Circumstances,
  ): Promise<Answer> => {
    const { accountId } = caller
    const event: RoleAssumptionRefused = {
      type: 'RoleAssumptionRefused',
      accountId,
      roleId,
      refusal: refusal.type,
    }
    const stored = encodeEvent(ids.eventId(circumstances.requestId, 0), event, circumstances)
    const appended = await appendAnyhow(log, sessionsStream(accountId, clock.now()), stored)
    return E.left(E.isLeft(appended) ? appended.left : refusal)
  }

  /** Waits for what the log says of a session. */
  const minted = (session: RoleAssumed): Promise<Minted> =>
    new Promise((resolve) => {
      const { sessionId } = session
      const answer = (told: Minted): void => {
        clearTimeout(deadline)
        waiting.delete(sessionId)
        resolve(told)
      }
      const late = (): void => answer(E.left({ type: 'IssuerTimedOut', sessionId }))
      const deadline = setTimeout(late, ISSUE_MS_MAX)
      waiting.set(sessionId, { session, answer })
    })

  return {
    assume: async (request, caller, policies, context, circumstances) => {
      const basis = basisOf(request, caller, policies, context)
      const command = {
        type: 'AssumeRole',
        sessionId: ids.sessionId(),
        at: clock.now(),
        ...request,
      } as AssumeRole
      const { traceparent } = circumstances
      const decide = partOf(observer.tracing, traceparent, 'decide', { operation: 'AssumeRole' })
      const decided = decideAssumeRole(command, basis)
      decide.end({ outcome: E.isLeft(decided) ? 'Refused' : 'Changed' })
      if (E.isLeft(decided)) {
        const roleId = basis.role?.roleId ?? null
        return counted('Refused', await recordRefusal(decided.left, caller, roleId, circumstances))
      }
      const [event] = decided.right
      if (event === undefined) return counted('Failed', E.left({ type: 'Contended', stream: '' }))

      const { sessionId } = event
      const told = minted(event)
      const stored = encodeEvent(ids.eventId(circumstances.commandId, 0), event, circumstances)
      const stream = sessionsStream(event.accountId, event.assumedAt)
      const appended = await appendAnyhow(log, stream, stored)
      if (E.isLeft(appended)) waiting.get(sessionId)?.answer(appended)
      else dependencies.onAssumed(event.accountId, sessionId, appended.right.position)
      const wait = partOf(observer.tracing, traceparent, 'views.wait')
      const issued = await told
      if (E.isLeft(issued)) {
        wait.fail({ outcome: issued.left.type })
        return counted('Failed', issued)
      }
      wait.end({ position: issued.right.position })
      return counted('Changed', E.right(credentialOf(dependencies, event, issued.right)))
    },

    onApplied: ({ event, position }) => {
      if (waiting.size === 0) return
      if (event.type === 'CredentialIssued')
        waiting.get(event.sessionId)?.answer(E.right({ event, position }))
      if (event.type === 'RoleDeleted')
        for (const { session, answer } of waiting.values())
          if (session.roleId === event.roleId)
            answer(E.left({ type: 'AssumedRoleNotFound', roleName: session.roleName }))
    },
  }
}

/**
 * The secret and the token, made where the call waits: the log says that the session has its
 * credential, and nothing that opens one has crossed a wire.
 */
const credentialOf = (
  { ids, vault }: Dependencies,
  session: RoleAssumed,
  { event, position }: { readonly event: CredentialIssued; readonly position: Position },
): IssuedCredential => {
  const { sessionId, accountId, accessKeyId } = event
  const { sourceIdentity, sessionPolicy, sessionName, roleName, roleId, expiresAt } = session
  const source = sourceIdentity === undefined ? {} : { sourceIdentity }
  const secret = ids.temporarySecret()
  const securityToken = vault.sealSessionToken({
    sessionId,
    accessKeyId,
    secret,
    accountId,
    roleId,
    sessionName,
    issuedAt: session.assumedAt,
    expiresAt,
    issuedPosition: position,
    chainDepth: session.chain.length,
    ...source,
    ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
  })
  return {
    sessionId,
    roleId,
    roleName,
    sessionName,
    accessKeyId,
    accessKeySecret: secret,
    securityToken,
    expiresAt,
    position,
    ...source,
  }
}
