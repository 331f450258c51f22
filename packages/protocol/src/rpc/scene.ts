/**
 * What surrounds one verified call: who calls, from where, why, and the conditions its permission
 * is judged by.
 */
import type { Sealed } from '@grantlog/domain'
import {
  type Assumer,
  actorOf,
  arnOf,
  type Caller,
  type CallScene,
  type Circumstances,
  type Engine,
  type EngineError,
  parseTraceparent,
  subjectOf,
} from '@grantlog/engine'
import { type RequestContext, requestContext, timeKey } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { LRUCache } from 'lru-cache'
import { type HttpRequest, plainAddress } from '../http.js'
import type { Verified } from '../signature/verify.js'
import type { ParameterFault } from './faults.js'

export type Scene = {
  readonly engine: Engine
  readonly caller: Caller
  readonly circumstances: Circumstances
  readonly context: RequestContext
  /** Said where a switch of the account permits the call to the user itself, and no policy does. */
  readonly isSelfService?: true
}

/** How many sealed addresses are kept. Unit: pairs of person and address. */
const SEALED_ADDRESSES_MAX = 10_000

/** Why the caller does this, and which ticket asked for it: kept with the events. */
export const REASON_HEADER = 'x-grantlog-reason'
export const TICKET_HEADER = 'x-grantlog-ticket'

/** The longest reason or ticket. Unit: characters. */
export const NOTE_CHARACTERS_MAX = 256

/**
 * Seals addresses under the person who calls; the same pair is sealed once while it is remembered.
 */
export type SealAddress = (
  caller: Assumer,
  address: string,
) => Promise<E.Either<EngineError, Sealed>>

export const addressSealer = (engine: Engine): SealAddress => {
  const known = new LRUCache<string, Sealed>({ max: SEALED_ADDRESSES_MAX })
  return async (caller, address) => {
    const subject = subjectOf(caller)
    const { accountId } = caller
    const key = `${accountId}/${subject}/${address}`
    const kept = known.get(key)
    if (kept !== undefined) return E.right(kept)
    const sealed = await engine.vault.sealPersonal(accountId, subject, 'sourceIp', address)()
    if (E.isLeft(sealed)) return sealed
    const text = sealed.right as Sealed
    known.set(key, text)
    return E.right(text)
  }
}

type Notes = Pick<Circumstances, 'reason' | 'ticket' | 'traceparent'>

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** A header's text: its bytes as UTF-8, or as Latin-1 where they are none. */
const noteText = (header: string | undefined): string | undefined => {
  if (header === undefined) return undefined
  try {
    return UTF8.decode(Buffer.from(header, 'latin1'))
  } catch {
    return header
  }
}

const NO_NOTES: E.Either<ParameterFault, Notes> = E.right({})

/** The optional notes on a call. A broken trace parent is left out, as its own standard demands. */
export const notesOf = (request: HttpRequest): E.Either<ParameterFault, Notes> => {
  const reason = noteText(request.headers[REASON_HEADER])
  const ticket = noteText(request.headers[TICKET_HEADER])
  const traceparent = request.traceparent ?? request.headers.traceparent
  if (reason === undefined && ticket === undefined && traceparent === undefined) return NO_NOTES
  if ((reason?.length ?? 0) > NOTE_CHARACTERS_MAX) return tooLong('Reason')
  if ((ticket?.length ?? 0) > NOTE_CHARACTERS_MAX) return tooLong('Ticket')
  return E.right({
    ...(reason ? { reason } : {}),
    ...(ticket ? { ticket } : {}),
    ...(traceparent !== undefined && parseTraceparent(traceparent) ? { traceparent } : {}),
  })
}

/** Within which call something happens of which it is not proved who calls. */
export const callScene = (
  request: HttpRequest,
  requestId: string,
): CallScene & { readonly sourceIp: string } => {
  const notes = notesOf(request)
  const traceparent = E.isRight(notes) ? notes.right.traceparent : undefined
  return {
    requestId,
    sourceIp: plainAddress(request.remoteAddress),
    ...(traceparent === undefined ? {} : { traceparent }),
  }
}

const tooLong = (name: string): E.Either<ParameterFault, never> =>
  E.left({ type: 'ParameterInvalid', name, rule: 'Length' })

/** The identity that conditions see: a session counts as its role. */
const principalArn = (caller: Caller): string =>
  caller.type === 'Session' ? `acs:ram::${caller.accountId}:role/${caller.roleName}` : arnOf(caller)

/** The condition keys that who calls, and when, decide. */
export const contextOfCaller = (caller: Caller, now: number): RequestContext =>
  new Map([timeKey(now)]).set('acs:principalarn', [principalArn(caller)])

const keysOfRequest = (request: HttpRequest, now: number) =>
  new Map([timeKey(now)])
    .set('acs:securetransport', [request.secure ? 'true' : 'false'])
    .set('acs:sourceip', [plainAddress(request.remoteAddress)])

/** The condition keys of a call of which it is not known who calls. */
export const contextOfRequest: (request: HttpRequest, now: number) => RequestContext = keysOfRequest

/**
 * The condition keys of a verified call. One signed with a key says nothing of MFA; one who signed
 * in to a console showed a code or did not.
 */
const contextOf = (
  request: HttpRequest,
  { caller, mfaPresent }: Verified,
  now: number,
): RequestContext => {
  const keys = keysOfRequest(request, now).set('acs:principalarn', [principalArn(caller)])
  return mfaPresent === undefined ? keys : keys.set('acs:mfapresent', [String(mfaPresent)])
}

/** A context with more keys. */
const withKeys = (
  context: RequestContext,
  keys: Readonly<Record<string, string | ReadonlyArray<string>>>,
): RequestContext => new Map([...context, ...requestContext(keys)])

/** The condition keys that a call is judged by: those of every call, and those of its operation. */
export const judgedBy = (
  authorization: { readonly keys?: Parameters<typeof requestContext>[0] } | null,
  { context }: Pick<Scene, 'context'>,
): RequestContext =>
  authorization?.keys === undefined ? context : withKeys(context, authorization.keys)

/** Sets the scene of a verified call. */
export const sceneOf =
  (engine: Engine, sealAddress: SealAddress) =>
  async (
    request: HttpRequest,
    verified: Verified,
    requestId: string,
    notes: Notes,
  ): Promise<E.Either<EngineError, Scene>> => {
    const { caller, commandId } = verified
    const sourceIp = await sealAddress(caller, plainAddress(request.remoteAddress))
    if (E.isLeft(sourceIp)) return sourceIp
    const actor = actorOf(caller)
    const circumstances = { ...notes, commandId, requestId, actor, sourceIp: sourceIp.right }
    const context = contextOf(request, verified, engine.clock.now())
    return E.right({ engine, caller, circumstances, context })
  }

/** The circumstances of a call, for whoever it turns out to be who calls. */
export const circumstancesOf =
  (
    sealAddress: SealAddress,
    { remoteAddress }: HttpRequest,
    known: Pick<Circumstances, 'commandId' | 'requestId'> & Notes,
  ) =>
  (caller: Assumer): TE.TaskEither<EngineError, Circumstances> =>
  async () => {
    const sourceIp = await sealAddress(caller, plainAddress(remoteAddress))
    return E.map((sealed: Sealed) => ({ ...known, actor: actorOf(caller), sourceIp: sealed }))(
      sourceIp,
    )
  }
