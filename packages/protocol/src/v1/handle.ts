/**
 * The life of a call to the read API, under `/v1/`.
 *
 * Calls are signed as those to RAM are, ACS3 or V1, over their own path; `x-acs-action` and
 * `x-acs-version` must be there and signed with ACS3, as clients send them, and may say anything.
 * Whatever is asked needs a permission of its own: `grantlog:Decide`, `grantlog:ListEvents`,
 * `grantlog:GetTimeline`. Root has them all.
 */
import type { Engine } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import {
  type HttpRequest,
  type HttpResponse,
  type ProtocolSettings,
  READ_API_BODY_BYTES_MAX,
} from '../http.js'
import { errorOf, isEngineError } from '../rpc/errors.js'
import type { Fault } from '../rpc/faults.js'
import {
  AT_LEAST_HEADER,
  POSITION_HEADER,
  type PositionTokens,
  positionTokens,
} from '../rpc/position-tokens.js'
import { addressSealer, notesOf, type Scene, sceneOf } from '../rpc/scene.js'
import { type ReceivedCall, receiveCall } from '../signature/call.js'
import type { NonceStore } from '../signature/nonces.js'
import { verify } from '../signature/verify.js'
import { DECIDE_ROUTES } from './decide.js'
import { HISTORY_ROUTES } from './history.js'
import { problemOf, problemResponse, type ReadFault } from './problem.js'
import type { PathParts, PreparedRead, ReadAnswer, Route } from './route.js'

export type ReadApiEnvironment = {
  readonly engine: Engine
  readonly nonces: NonceStore
  readonly settings: ProtocolSettings
}

export const ROUTES: ReadonlyArray<Route> = [...DECIDE_ROUTES, ...HISTORY_ROUTES]

type Matched = { readonly route: Route; readonly parts: PathParts }

const matchRoute = (call: ReceivedCall): E.Either<ReadFault, Matched> => {
  const matches = ROUTES.flatMap((route) => {
    const parts = route.match(call.path)
    return parts === null ? [] : [{ route, parts }]
  })
  const found = matches.find(({ route }) => route.method === call.method)
  if (found !== undefined) return E.right(found)
  return matches.length === 0
    ? E.left({ type: 'RouteNotFound' })
    : E.left({
        type: 'RouteMethodNotAllowed',
        allowed: matches.map(({ route }) => route.method).join(', '),
      })
}

/** Takes every call to the read API. */
export const readApiHandler = (
  environment: ReadApiEnvironment,
): ((request: HttpRequest) => Promise<HttpResponse>) => {
  const { engine, settings } = environment
  const tokens = positionTokens(engine)
  const verifier = verify(environment)
  const scenes = sceneOf(engine, addressSealer(engine))

  return async (request) => {
    const requestId = engine.ids.requestId()
    const refuse = (fault: Fault | ReadFault, scene?: Scene): HttpResponse =>
      problemResponse(problemOf(fault, scene?.caller), requestId)
    const received = receiveCall(request, settings, READ_API_BODY_BYTES_MAX)
    if (E.isLeft(received)) return refuse(received.left)
    const call = received.right
    const matched = matchRoute(call)
    if (E.isLeft(matched)) return refuse(matched.left)
    const verified = await verifier(call, 'question')()
    if (E.isLeft(verified)) return refuse(verified.left)
    const notes = notesOf(request)
    if (E.isLeft(notes)) return refuse(notes.left)
    const scene = await scenes(request, verified.right, requestId, notes.right)()
    if (E.isLeft(scene)) return refuse(scene.left)

    const token = request.headers[AT_LEAST_HEADER]
    const answer = await answerTo(call, matched.right, scene.right, tokens, token)
    return E.isLeft(answer)
      ? refuse(answer.left, scene.right)
      : respond(answer.right, tokens, scene.right)
  }
}

/** Waits, decodes, authorises and answers. */
const answerTo = async (
  call: ReceivedCall,
  { route, parts }: Matched,
  scene: Scene,
  tokens: PositionTokens,
  token: string | undefined,
): Promise<E.Either<Fault | ReadFault, ReadAnswer>> => {
  const { engine, caller, context } = scene
  const fresh = await tokens.waitAtLeast(caller.accountId, token)()
  if (E.isLeft(fresh)) return fresh
  const prepared = route.prepare(call, parts, caller)
  if (E.isLeft(prepared)) return prepared
  const { action, resource, isRecorded, run } = prepared.right
  const judged = await engine.authorize({ caller, action, resources: [resource], context })()
  if (E.isLeft(judged)) return judged
  const { decision, position } = judged.right
  if (decision.outcome !== 'Allow') {
    const denied: Fault = { type: 'NotAuthorized', action, decision }
    const recorded = await record(scene, prepared.right, denied, position)
    return E.isLeft(recorded) ? recorded : E.left(denied)
  }
  const answer = await run(scene)()
  if (!isRecorded || (E.isLeft(answer) && isFailure(answer.left))) return answer
  const recorded = await record(scene, prepared.right, null, position)
  return E.isLeft(recorded) ? recorded : answer
}

const isFailure = (fault: Fault | ReadFault): boolean => isEngineError(fault as Fault)

/** Puts a read, or its denial, on record before it is answered. */
const record = (
  { engine, caller, circumstances }: Scene,
  { action, resource }: PreparedRead,
  denied: Fault | null,
  position: number,
) =>
  engine.recordAccess(
    caller.accountId,
    {
      requestId: circumstances.requestId,
      action,
      resources: [resource],
      outcome: denied === null ? 'Allowed' : 'Denied',
      code: denied === null ? '' : errorOf(denied).code,
      position,
    },
    circumstances,
  )()

const respond = (answer: ReadAnswer, tokens: PositionTokens, { caller }: Scene): HttpResponse => ({
  status: 200,
  headers: {
    'content-type': 'application/json;charset=utf-8',
    'cache-control': 'no-store',
    [POSITION_HEADER]: tokens.seal(caller.accountId, answer.position),
  },
  body: JSON.stringify(answer.body),
})
