/**
 * AssumeRole from the call to the credential: decided on the grants of this moment, recorded, and
 * answered once the STS worker has minted.
 */
import { createHash } from 'node:crypto'
import {
  type AssumeRole,
  type AssumeRoleBasis,
  accountStream,
  type CallerRef,
  decideAssumeRole,
  type RoleAssumed,
  type RoleAssumptionRefused,
  type SessionRefusal,
  sessionsStream,
} from '@grantlog/domain'
import type { PoliciesInForce, RequestContext } from '@grantlog/policy'
import { findTrust, type GrantsState } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { type Caller, principalOf } from './caller.js'
import type { AssumeRoleRequest, Circumstances, EngineError, IssuedCredential } from './engine.js'
import type { Clock, EventLog, Ids, Vault } from './ports.js'
import { appendAnyhow } from './retry.js'
import { encodeEvent } from './stored-event.js'
import type { Minted } from './sts/worker.js'

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
    caller: Caller,
    policies: PoliciesInForce,
    context: RequestContext,
    circumstances: Circumstances,
  ) => Promise<E.Either<SessionRefusal | EngineError, IssuedCredential>>
  readonly onMinted: (minted: Minted) => void
  readonly onDropped: (assumed: RoleAssumed) => void
}

type Dependencies = {
  readonly log: EventLog
  readonly clock: Clock
  readonly ids: Ids
  readonly vault: Vault
  readonly grants: GrantsState
  readonly accountRevision: (stream: string) => number
}

type Answer = E.Either<SessionRefusal | EngineError, IssuedCredential>

/**
 * The caller's chain, with the caller itself as the last link. Root has none, and is refused for
 * being root.
 */
const chainOf = (caller: Caller): ReadonlyArray<CallerRef> => {
  switch (caller.type) {
    case 'Root':
      return []
    case 'User':
      return [{ type: 'User', accountId: caller.accountId, userId: caller.userId }]
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
  const { log, clock, ids, vault, grants, accountRevision } = dependencies
  const digestOf = trustDigests()
  const waiting = new Map<string, (answer: Answer) => void>()

  const basisOf = (
    request: AssumeRoleRequest,
    caller: Caller,
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
    caller: Caller,
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
    const stored = encodeEvent(ids.eventId(circumstances.commandId, 0), event, circumstances)
    const appended = await appendAnyhow(log, sessionsStream(accountId, clock.now()), stored)
    return E.left(E.isLeft(appended) ? appended.left : refusal)
  }

  const issued = (session: RoleAssumed): Promise<Answer> =>
    new Promise((resolve) => {
      const { sessionId } = session
      const deadline = setTimeout(() => {
        waiting.delete(sessionId)
        resolve(E.left({ type: 'IssuerTimedOut', sessionId }))
      }, ISSUE_MS_MAX)
      waiting.set(sessionId, (answer) => {
        clearTimeout(deadline)
        waiting.delete(sessionId)
        resolve(answer)
      })
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
      const decided = decideAssumeRole(command, basis)
      if (E.isLeft(decided))
        return recordRefusal(decided.left, caller, basis.role?.roleId ?? null, circumstances)
      const [event] = decided.right
      if (event === undefined) return E.left({ type: 'Contended', stream: '' })

      const answer = issued(event)
      const stored = encodeEvent(ids.eventId(circumstances.commandId, 0), event, circumstances)
      const stream = sessionsStream(event.accountId, event.assumedAt)
      const appended = await appendAnyhow(log, stream, stored)
      if (E.isLeft(appended)) waiting.get(event.sessionId)?.(appended)
      return answer
    },

    onMinted: ({ event, assumed, position }) => {
      const answer = waiting.get(event.sessionId)
      if (answer === undefined) return
      const secret = ids.temporarySecret()
      const { sourceIdentity, sessionPolicy, sessionName, roleName, roleId, expiresAt } = assumed
      const optional = {
        ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
        ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
      }
      const securityToken = vault.sealSessionToken({
        sessionId: event.sessionId,
        accessKeyId: event.accessKeyId,
        secret,
        accountId: event.accountId,
        roleId,
        sessionName,
        issuedAt: assumed.assumedAt,
        expiresAt,
        issuedPosition: position,
        chainDepth: assumed.chain.length,
        ...optional,
      })
      answer(
        E.right({
          sessionId: event.sessionId,
          roleId,
          roleName,
          sessionName,
          accessKeyId: event.accessKeyId,
          accessKeySecret: secret,
          securityToken,
          expiresAt,
          position,
          ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
        }),
      )
    },

    onDropped: ({ sessionId, roleName }) =>
      waiting.get(sessionId)?.(E.left({ type: 'AssumedRoleNotFound', roleName })),
  }
}
