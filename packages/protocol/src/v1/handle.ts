/**
 * The life of a call to the read API, under `/v1/`.
 *
 * Calls are signed as those to RAM are, ACS3 or V1, over their own path; `x-acs-action` and
 * `x-acs-version` must be there and signed with ACS3, as clients send them, and may say anything.
 * Instead of a signature they may carry an access token of `/oauth2/token`.
 * A page of a console shows the cookie of one who signed in.
 * Whatever is asked needs a permission of its own, which its route names. Root has them all. The
 * index alone is for everybody.
 */
import type { Caller, Engine, Position } from '@grantlog/engine'
import type { Outcome } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import type { CallNote, HttpRequest, HttpResponse, ProtocolSettings } from '../http.js'
import { isEngineError } from '../rpc/errors.js'
import type { Fault } from '../rpc/faults.js'
import { accessOf, noteAllowed } from '../rpc/note-allowed.js'
import {
  AT_LEAST_HEADER,
  POSITION_HEADER,
  type PositionTokens,
  positionTokens,
} from '../rpc/position-tokens.js'
import {
  addressSealer,
  callScene,
  NOTE_CHARACTERS_MAX,
  notesOf,
  REASON_HEADER,
  type Scene,
  sceneOf,
  TICKET_HEADER,
} from '../rpc/scene.js'
import { type ReceivedCall, receiveCall } from '../signature/call.js'
import type { NonceStore } from '../signature/nonces.js'
import { type SharedNonces, type Verifier, verify, verifyAnyProof } from '../signature/verify.js'
import { indexResponse, isIndexPath, OPENAPI_PATH } from './index-page.js'
import { withNotes } from './notes.js'
import { openApiResponse } from './openapi.js'
import { LINES_TYPE } from './paged.js'
import { codeOf, problemOf, problemResponse, type ReadFault } from './problem.js'
import type { PreparedRead, ReadAnswer, Route } from './route.js'
import { bodyBytesMaxOf, type Matched, matchRoute, READ_ROUTES } from './routes.js'
import { signInHandler, signInRouteOf } from './sign-in.js'

export type ReadApiEnvironment = {
  readonly engine: Engine
  readonly nonces: NonceStore
  /** Absent where this is the only node. */
  readonly shared?: SharedNonces
  readonly settings: ProtocolSettings
}

const openApi = openApiResponse(READ_ROUTES)

/** The path stands in it as the route writes it, with its parts in braces. */
const noteOf = (
  requestId: string,
  route?: Route,
  caller?: Caller,
  errorCode?: string,
): CallNote => ({
  requestId,
  isCommand: route?.isCommand === true,
  operation: route?.about.path,
  accountId: caller?.accountId,
  errorCode,
})

/** What no route takes is refused for its method, before more of the call is looked at. */
const methodFault = ({ method, rawUrl }: HttpRequest): ReadFault | null => {
  if (method === 'GET' || method === 'POST') return null
  const [path = ''] = rawUrl.split('?', 1)
  if (isIndexPath(path) || path === OPENAPI_PATH)
    return { type: 'RouteMethodNotAllowed', allowed: 'GET' }
  const matched = signInRouteOf({ method, path }) ?? matchRoute({ method, path })
  return E.isLeft(matched) ? matched.left : null
}

/** Takes every call to the read API. */
export const readApiHandler = (
  environment: ReadApiEnvironment,
): ((request: HttpRequest) => Promise<HttpResponse>) => {
  const { engine, settings } = environment
  const tokens = positionTokens(engine)
  const proven = verifyAnyProof(environment)
  const verifier = verify(environment)
  const scenes = sceneOf(engine, addressSealer(engine))
  const signIn = signInHandler(environment)

  return async (request) => {
    const requestId = engine.ids.requestId()
    const refuse = (
      fault: Fault | ReadFault,
      known: { readonly route?: Route; readonly caller?: Caller } = {},
    ): HttpResponse => {
      const problem = problemOf(fault, known.caller)
      const note = noteOf(requestId, known.route, known.caller, problem.code)
      return { ...problemResponse(problem, requestId), note }
    }
    const disallowed = methodFault(request)
    if (disallowed !== null) return refuse(disallowed)
    const received = receiveCall(request, settings, bodyBytesMaxOf(request))
    if (E.isLeft(received)) return refuse(received.left)
    const call = received.right
    if (call.method === 'GET' && isIndexPath(call.path))
      return { ...indexResponse(READ_ROUTES), note: noteOf(requestId) }
    if (call.method === 'GET' && call.path === OPENAPI_PATH)
      return { ...openApi(), note: noteOf(requestId) }
    const signInRoute = signInRouteOf(call)
    if (signInRoute !== undefined)
      return E.isLeft(signInRoute)
        ? refuse(signInRoute.left)
        : signIn(signInRoute.right, request, call, requestId)
    const matched = matchRoute(call)
    if (E.isLeft(matched)) return refuse(matched.left)
    const verified = await proven(call, 'question', () => callScene(request, requestId))()
    const { route } = matched.right
    if (E.isLeft(verified)) return refuse(verified.left, { route })
    const { caller } = verified.right
    const notes = notesOf(request)
    if (E.isLeft(notes)) return refuse(headerFault(notes.left), { route, caller })
    const scene = await scenes(request, verified.right, requestId, notes.right)
    if (E.isLeft(scene)) return refuse(scene.left, { route, caller })

    const token = request.headers[AT_LEAST_HEADER]
    const answer = await answerTo(call, matched.right, scene.right, verifier, tokens, token)
    return E.isLeft(answer)
      ? refuse(answer.left, { route, caller })
      : respond(answer.right, tokens, caller, noteOf(requestId, route, caller))
  }
}

/** Waits, decodes, authorises and answers. */
export const answerTo = async (
  call: ReceivedCall,
  { route, parts }: Matched,
  called: Scene,
  verifier: Verifier,
  tokens: PositionTokens,
  token: string | undefined,
): Promise<E.Either<Fault | ReadFault, ReadAnswer>> => {
  const fresh = await tokens.waitAtLeast(called.caller.accountId, token)()
  if (E.isLeft(fresh)) return E.left(headerFault(fresh.left))
  const prepared = route.prepare(call, parts, called, verifier)
  if (E.isLeft(prepared)) return prepared
  const { action, onRecord, notes = {}, run } = prepared.right
  const noted = withNotes(called, notes)
  if (E.isLeft(noted)) return noted
  const scene = noted.right
  const judged = await judge(scene, prepared.right)
  if (E.isLeft(judged)) return judged
  const { denied, position } = judged.right
  if (denied !== undefined) {
    const [resource] = denied.resources
    const { toldResource = resource } = prepared.right
    const { outcome } = denied
    const fault: ReadFault = { type: 'PermissionMissing', action, resource: toldResource, outcome }
    const recorded = await record(scene, action, denied.resources, fault, position)
    return E.isLeft(recorded) ? recorded : E.left(fault)
  }
  if (onRecord !== 'Always')
    noteAllowed(
      scene,
      { action, resources: resourcesOf(prepared.right), context: scene.context },
      position,
    )
  const answer = await run(scene)()
  const refused = E.isLeft(answer) ? answer.left : null
  if (refused !== null && isFailure(refused)) return answer
  if (onRecord === 'Denials' || (onRecord === 'Refusals' && refused === null)) return answer
  const recorded = await record(scene, action, resourcesOf(prepared.right), refused, position)
  return E.isLeft(recorded) ? recorded : answer
}

type Resources = readonly [string, ...string[]]
type Denied = { readonly resources: Resources; readonly outcome: Exclude<Outcome, 'Allow'> }
type Judged = { readonly denied: Denied | undefined; readonly position: Position }

const resourcesOf = ({ resource, moreResources = [] }: PreparedRead): Resources => [
  resource,
  ...moreResources,
]

/**
 * The permission is needed for each resource. A denial names those that it lacks for, the one that
 * made it first.
 */
const judge = async (
  { engine, caller, context }: Scene,
  prepared: PreparedRead,
): Promise<E.Either<Fault, Judged>> => {
  const { action } = prepared
  const all = resourcesOf(prepared)
  const judged = await engine.authorize({ caller, action, resources: all, context })()
  if (E.isLeft(judged)) return judged
  const { decision, position } = judged.right
  const { outcome } = decision
  if (outcome === 'Allow') return E.right({ denied: undefined, position })
  const told: Array<string> = []
  const others: Array<string> = []
  for (const resource of all.length === 1 ? [] : all) {
    const alone = await engine.authorize({ caller, action, resources: [resource], context })()
    if (E.isLeft(alone)) return alone
    const its = alone.right.decision.outcome
    if (its !== 'Allow') (its === outcome ? told : others).push(resource)
  }
  const [first, ...more] = [...told, ...others]
  const resources: Resources = first === undefined ? all : [first, ...more]
  return E.right({ denied: { resources, outcome }, position })
}

const HEADERS: Readonly<Record<string, readonly [header: string, fault: string]>> = {
  AtLeast: [AT_LEAST_HEADER, 'it must be a consistency token of this account'],
  Reason: [REASON_HEADER, `it must have at most ${NOTE_CHARACTERS_MAX} characters`],
  Ticket: [TICKET_HEADER, `it must have at most ${NOTE_CHARACTERS_MAX} characters`],
}

/** What is wrong with a header, by the header's own name. */
const headerFault = (fault: Fault): Fault | ReadFault => {
  const told = fault.type === 'ParameterInvalid' ? HEADERS[fault.name] : undefined
  return told === undefined ? fault : { type: 'HeaderMalformed', header: told[0], fault: told[1] }
}

const isFailure = (fault: Fault | ReadFault): boolean => isEngineError(fault as Fault)

const outcomeOf = (fault: Fault | ReadFault | null): 'Allowed' | 'Denied' | 'Refused' =>
  fault === null ? 'Allowed' : fault.type === 'PermissionMissing' ? 'Denied' : 'Refused'

/** Puts a call, or its refusal, on record before it is answered. */
const record = (
  scene: Scene,
  action: string,
  resources: Resources,
  fault: Fault | ReadFault | null,
  position: number,
) => {
  const { engine, caller, context, circumstances } = scene
  const code = fault === null ? '' : codeOf(fault)
  const came = { outcome: outcomeOf(fault), code, position }
  const access = accessOf(scene, { action, resources, context }, came)
  return engine.recordAccess(caller.accountId, access, circumstances)()
}

const respond = (
  { body, lines, position }: ReadAnswer,
  tokens: PositionTokens,
  caller: Caller,
  note: CallNote,
): HttpResponse => {
  const headers = {
    'content-type': lines === undefined ? 'application/json;charset=utf-8' : LINES_TYPE,
    'cache-control': 'no-store',
    [POSITION_HEADER]: tokens.seal(caller.accountId, position),
  }
  return lines === undefined
    ? { status: 200, headers, body: JSON.stringify(body), note }
    : { status: 200, headers, body: '', lines, note }
}
