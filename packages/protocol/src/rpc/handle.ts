/**
 * The life of an RPC call: received, verified, decoded, authorised, executed or asked, and
 * answered.
 *
 * Invariant: nothing of a call is acted on before its signature was verified, and a refused command
 * is on record before its refusal is answered.
 */
import type { Caller, Engine, Position } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import {
  type CallNote,
  type HttpRequest,
  type HttpResponse,
  type ProtocolSettings,
  RPC_BODY_BYTES_MAX,
} from '../http.js'
import { operationOf, type ReceivedCall, receiveCall } from '../signature/call.js'
import type { NonceStore } from '../signature/nonces.js'
import { type SharedNonces, verify } from '../signature/verify.js'
import { sealDiagnosis } from './diagnosis.js'
import { type Addressee, errorResponse, formatOf, successResponse } from './envelope.js'
import { errorOf } from './errors.js'
import type { Fault } from './faults.js'
import { noteAllowed } from './note-allowed.js'
import type {
  Answer,
  Authorization,
  Operation,
  SignedOperation,
  UnsignedOperation,
} from './operation.js'
import { findOperation, productOf } from './operations/table.js'
import { judgedCall, type Permitted, permit, type Refused, refused } from './permit.js'
import {
  AT_LEAST_HEADER,
  POSITION_HEADER,
  type PositionTokens,
  positionTokens,
} from './position-tokens.js'
import { isRecorded, recordRefusal } from './record-refusal.js'
import {
  addressSealer,
  callScene,
  circumstancesOf,
  contextOfRequest,
  notesOf,
  type Scene,
  type SealAddress,
  sceneOf,
} from './scene.js'
import type { WireError } from './wire-error.js'

export type RpcEnvironment = {
  readonly engine: Engine
  readonly nonces: NonceStore
  /** Absent where this is the only node. */
  readonly shared?: SharedNonces
  readonly settings: ProtocolSettings
}

/** An answer, with who called where that was proved by a signature. */
type Outcome = E.Either<Refused, { readonly answer: Answer; readonly caller?: Caller }>

/** The longest host that is repeated in an answer. Unit: characters. */
const HOST_CHARACTERS_MAX = 255

const addresseeOf = (request: HttpRequest, requestId: string): Addressee => ({
  requestId,
  format: 'JSON',
  host: (request.headers.host ?? '').slice(0, HOST_CHARACTERS_MAX),
  product: productOf(request.headers['x-acs-version']),
  action: 'Call',
})

const noteOf = (
  requestId: string,
  { name: operation, kind }: Operation,
  accountId: string | undefined,
  errorCode?: string,
): CallNote => ({
  requestId,
  operation,
  isCommand: kind === 'command',
  accountId,
  errorCode,
})

/** Answers what names no operation. */
const refuse = (to: Addressee, fault: Fault): HttpResponse => {
  const { requestId } = to
  const error = errorOf(fault)
  return {
    ...errorResponse(to, error),
    note: { requestId, isCommand: false, errorCode: error.code },
  }
}

/** Takes every call to RAM, STS and IMS, which live on the path `/`. */
export const rpcHandler = (
  environment: RpcEnvironment,
): ((request: HttpRequest) => Promise<HttpResponse>) => {
  const { engine, settings } = environment
  const tokens = positionTokens(engine)
  const sealAddress = addressSealer(engine)
  const performSigned = performCall(environment, tokens, sealAddress)
  const performUnsigned = unsignedPerformer(engine, sealAddress)

  return async (request) => {
    const requestId = engine.ids.requestId()
    const to = addresseeOf(request, requestId)
    const received = receiveCall(request, settings, RPC_BODY_BYTES_MAX)
    if (E.isLeft(received)) return refuse(to, received.left)
    const call = received.right
    const format = formatOf(call)
    if (format === null)
      return refuse(to, { type: 'ParameterInvalid', name: 'Format', rule: 'Value' })
    if (call.path !== '/') return refuse({ ...to, format }, { type: 'PathNotFound' })
    const named = operationOf(call)
    if (E.isLeft(named)) return refuse({ ...to, format }, named.left)
    const { action, version } = named.right
    const addressee: Addressee = { ...to, format, product: productOf(version), action }
    const row = findOperation(action, version)
    if (E.isLeft(row)) return refuse(addressee, row.left)

    const outcome =
      row.right.proof === 'Signature'
        ? await performSigned(request, call, row.right, requestId)
        : await performUnsigned(request, call, row.right, requestId)
    const headers = (
      accountId: string | undefined,
      position: Position | undefined,
    ): Readonly<Record<string, string>> =>
      accountId === undefined || position === undefined || isSelfContained(row.right)
        ? {}
        : { [POSITION_HEADER]: tokens.seal(accountId, position) }
    if (E.isRight(outcome)) {
      const { answer, caller } = outcome.right
      const accountId = caller?.accountId
      const sent = successResponse(addressee, answer.members, headers(accountId, answer.position))
      return { ...sent, note: noteOf(requestId, row.right, accountId) }
    }
    const { caller, position } = outcome.left
    const error = wireErrorOf(engine, outcome.left)
    const sent = errorResponse(addressee, error, headers(caller?.accountId, position))
    return { ...sent, note: noteOf(requestId, row.right, caller?.accountId, error.code) }
  }
}

/** What is answered to a refusal: a denied caller is told how it can be looked into. */
const wireErrorOf = (engine: Engine, { fault, caller, position, judged }: Refused): WireError => {
  const error = errorOf(fault, caller, judged?.action)
  const { detail } = error
  if (detail === undefined || caller === undefined || judged === undefined) return error
  const at = position ?? engine.status().applied
  const message = sealDiagnosis(engine, caller, detail, judged, at)
  return { ...error, detail: { ...detail, EncodedDiagnosticMessage: message } }
}

/**
 * Temporary credentials carry the position of their own issue: every node waits for it before it
 * honours them.
 */
const isSelfContained = ({ product, name }: Operation): boolean =>
  product === 'Sts' && name.startsWith('AssumeRole')

const performCall = (
  environment: RpcEnvironment,
  { waitAtLeast }: PositionTokens,
  sealAddress: SealAddress,
) => {
  const { engine } = environment
  const verifier = verify(environment)
  const scenes = sceneOf(engine, sealAddress)

  return async (
    request: HttpRequest,
    call: ReceivedCall,
    row: SignedOperation,
    requestId: string,
  ): Promise<Outcome> => {
    const verified = await verifier(call, row.kind, () => callScene(request, requestId))()
    if (E.isLeft(verified)) return refused(verified.left)
    const { caller } = verified.right
    const notes = notesOf(request)
    const scene = await scenes(
      request,
      verified.right,
      requestId,
      E.isRight(notes) ? notes.right : {},
    )
    if (E.isLeft(scene)) return refused(scene.left, { caller })
    if (E.isLeft(notes)) return onRecord(row, scene.right, null, { fault: notes.left, caller })
    const fresh = await waitAtLeast(caller.accountId, request.headers[AT_LEAST_HEADER])()
    if (E.isLeft(fresh)) return onRecord(row, scene.right, null, { fault: fresh.left, caller })
    return perform(call, row, scene.right)
  }
}

/**
 * Runs calls that carry their proof with them. What is refused before anybody was proved to call is
 * not put on record: else whoever likes could fill the log.
 */
const unsignedPerformer =
  (engine: Engine, sealAddress: SealAddress) =>
  async (
    request: HttpRequest,
    call: ReceivedCall,
    row: UnsignedOperation,
    requestId: string,
  ): Promise<Outcome> => {
    const notes = notesOf(request)
    if (E.isLeft(notes)) return refused(notes.left)
    const prepared = row.prepare(call.parameters)
    if (E.isLeft(prepared)) return refused(prepared.left)
    const known = { commandId: engine.ids.uuid(), requestId, ...notes.right }
    const answer = await prepared.right.run({
      engine,
      context: contextOfRequest(request, engine.clock.now()),
      circumstancesOf: circumstancesOf(sealAddress, request, known),
    })()
    return E.isLeft(answer) ? refused(answer.left) : E.right({ answer: answer.right })
  }

/** Decodes, authorises and runs a verified call. */
const perform = async (
  call: ReceivedCall,
  row: SignedOperation,
  scene: Scene,
): Promise<Outcome> => {
  const { caller } = scene
  const prepared = row.prepare(call.parameters, caller)
  if (E.isLeft(prepared)) return onRecord(row, scene, null, { fault: prepared.left, caller })
  const { authorization, judges, run } = prepared.right
  const permitted = authorization === null ? null : await permit(authorization, scene)
  if (permitted !== null && E.isLeft(permitted))
    return onRecord(row, scene, authorization, permitted.left)
  const answer = await run(permitted?.right.scene ?? scene)()
  const allowed = permitted?.right
  if (E.isRight(answer)) {
    if (allowed !== undefined) noteAllowed(scene, allowed.judged, allowed.position)
    return E.right({ answer: answer.right, caller })
  }
  const judged = judges?.(scene) ?? (authorization && judgedCall(authorization, scene))
  const refusal = { fault: answer.left, caller, ...(judged && { judged }) }
  return onRecord(row, scene, authorization, refusal, allowed)
}

/**
 * Answers a refusal, once it is on record where it has to be: then it is what came of the call, and
 * the call is on record once. Otherwise the call is that was allowed before it was refused.
 */
const onRecord = async (
  row: Operation,
  scene: Scene,
  authorization: Authorization | null,
  refusal: Refused,
  allowed?: Permitted,
): Promise<Outcome> => {
  const { fault, position } = refusal
  if (!isRecorded(row, fault)) {
    if (allowed !== undefined) noteAllowed(scene, allowed.judged, allowed.position)
    return E.left(refusal)
  }
  const recorded = await recordRefusal(scene, row, authorization, fault, position)()
  return E.isLeft(recorded) ? E.left({ ...refusal, fault: recorded.left }) : E.left(refusal)
}
