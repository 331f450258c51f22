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
  type Circumstances,
  type Engine,
  type EngineError,
  parseTraceparent,
  subjectOf,
} from '@grantlog/engine'
import { type RequestContext, requestContext } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { LRUCache } from 'lru-cache'
import { type HttpRequest, plainAddress } from '../http.js'
import type { Verified } from '../signature/verify.js'
import type { ParameterFault } from './faults.js'

export type Scene = {
  readonly engine: Engine
  readonly caller: Caller
  readonly circumstances: Circumstances
  readonly context: RequestContext
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
export type SealAddress = (caller: Assumer, address: string) => TE.TaskEither<EngineError, Sealed>

export const addressSealer = (engine: Engine): SealAddress => {
  const known = new LRUCache<string, Sealed>({ max: SEALED_ADDRESSES_MAX })
  return (caller, address) => async () => {
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

/** The optional notes on a call. A broken trace parent is left out, as its own standard demands. */
export const notesOf = (request: HttpRequest): E.Either<ParameterFault, Notes> => {
  const reason = noteText(request.headers[REASON_HEADER])
  const ticket = noteText(request.headers[TICKET_HEADER])
  const traceparent = request.traceparent ?? request.headers.traceparent
  if ((reason?.length ?? 0) > NOTE_CHARACTERS_MAX) return tooLong('Reason')
  if ((ticket?.length ?? 0) > NOTE_CHARACTERS_MAX) return tooLong('Ticket')
  return E.right({
    ...(reason ? { reason } : {}),
    ...(ticket ? { ticket } : {}),
    ...(traceparent !== undefined && parseTraceparent(traceparent) ? { traceparent } : {}),
  })
}

const tooLong = (name: string): E.Either<ParameterFault, never> =>
  E.left({ type: 'ParameterInvalid', name, rule: 'Length' })

/** The identity that conditions see: a session counts as its role. */
const principalArn = (caller: Caller): string =>
  caller.type === 'Session' ? `acs:ram::${caller.accountId}:role/${caller.roleName}` : arnOf(caller)

/** The condition keys that who calls, and when, decide. */
export const contextOfCaller = (caller: Caller, now: number): RequestContext =>
  new Map([
    ['acs:currenttime', [new Date(now).toISOString()]],
    ['acs:principalarn', [principalArn(caller)]],
  ])

/** The condition keys that every call has. A call signed with a key says nothing of MFA. */
export const contextOf = (request: HttpRequest, caller: Caller, now: number): RequestContext =>
  new Map([...contextOfRequest(request, now), ...contextOfCaller(caller, now)])

/** The condition keys of a call of which it is not known who calls. */
export const contextOfRequest = (request: HttpRequest, now: number): RequestContext =>
  new Map([
    ['acs:currenttime', [new Date(now).toISOString()]],
    ['acs:securetransport', [request.secure ? 'true' : 'false']],
    ['acs:sourceip', [plainAddress(request.remoteAddress)]],
  ])

/** Whether one who signed in to a console showed a code too. */
const mfaKey = (mfaPresent: boolean) => ['acs:mfapresent', [String(mfaPresent)]] as const

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
  (
    request: HttpRequest,
    { caller, commandId, mfaPresent }: Verified,
    requestId: string,
    notes: Notes,
  ): TE.TaskEither<EngineError, Scene> =>
    pipe(
      circumstancesOf(sealAddress, request, { commandId, requestId, ...notes })(caller),
      TE.map((circumstances) => ({
        engine,
        caller,
        circumstances,
        context: new Map([
          ...contextOf(request, caller, engine.clock.now()),
          ...(mfaPresent === undefined ? [] : [mfaKey(mfaPresent)]),
        ]),
      })),
    )

/** The circumstances of a call, for whoever it turns out to be who calls. */
export const circumstancesOf =
  (
    sealAddress: SealAddress,
    { remoteAddress }: HttpRequest,
    known: Pick<Circumstances, 'commandId' | 'requestId'> & Notes,
  ) =>
  (caller: Assumer): TE.TaskEither<EngineError, Circumstances> =>
    pipe(
      sealAddress(caller, plainAddress(remoteAddress)),
      TE.map((sourceIp) => ({ ...known, actor: actorOf(caller), sourceIp })),
    )
