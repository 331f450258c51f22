/**
 * The life of a call of AuthZEN 1.0: as one of the read API, but that errors are told as its
 * specification wants them.
 *
 * A call is signed or carries an access token; its account is the one that is asked about. An error
 * says nothing of a decision, and its body is one sentence.
 */
import type { Caller } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import type { CallNote, HttpAnswer, HttpRequest, HttpResponse } from '../http.js'
import type { Fault } from '../rpc/faults.js'
import { AT_LEAST_HEADER, POSITION_HEADER, positionTokens } from '../rpc/position-tokens.js'
import { addressSealer, callScene, notesOf, sceneOf } from '../rpc/scene.js'
import { receiveCall } from '../signature/call.js'
import { verify, verifyAnyProof } from '../signature/verify.js'
import { answerTo, type ReadApiEnvironment } from '../v1/handle.js'
import { challengeOf, problemOf, type ReadFault } from '../v1/problem.js'
import type { ReadAnswer } from '../v1/route.js'
import { knownEntities } from './known-entities.js'
import { METADATA_PATH, metadataOf } from './metadata.js'
import { AUTHZEN_BODY_BYTES_MAX } from './request.js'
import { evaluationRoutes } from './routes.js'
import { searchRoutes } from './search.js'

/** The longest request id that is given back. Unit: characters. */
const REQUEST_ID_CHARACTERS_MAX = 1024

/** The header that ties an answer to its question, given back as it came. */
const echoOf = ({ headers }: HttpRequest): Readonly<Record<string, string>> => {
  const id = headers['x-request-id']
  return id === undefined || id.length > REQUEST_ID_CHARACTERS_MAX ? {} : { 'x-request-id': id }
}

/** The specification knows 400, 401, 403 and 500; what it does not name stays what it is. */
const statusOf = (status: number, isKnown: boolean): number => {
  if (!isKnown && (status === 400 || status === 404)) return 401
  return status === 422 ? 400 : status
}

const sentence = (
  status: number,
  text: string,
  headers: HttpAnswer['headers'] = {},
): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/plain;charset=utf-8', 'cache-control': 'no-store', ...headers },
  body: text,
})

const answered = (body: unknown, headers: HttpAnswer['headers'] = {}): HttpAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify(body),
})

type KnownOfCall = { readonly operation?: string; readonly caller?: Caller }

const noteOf = (
  requestId: string,
  { operation, caller }: KnownOfCall,
  errorCode?: string,
): CallNote => ({
  requestId,
  isCommand: false,
  operation,
  accountId: caller?.accountId,
  errorCode,
})

/** `isKnown` says whether it was settled by then who calls. */
const refused = (fault: Fault | ReadFault, isKnown: boolean, caller?: Caller) => {
  const problem = problemOf(fault, caller)
  const status = statusOf(problem.status, isKnown)
  const { retryAfterMs, allow, code } = problem
  const retry: HttpAnswer['headers'] =
    retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }
  const headers = { ...challengeOf({ status, code }), ...(allow && { allow }), ...retry }
  return { answer: sentence(status, problem.detail, headers), code }
}

/** Takes every call under `/access/v1/` and to the metadata. */
export const authzenHandler = (
  environment: ReadApiEnvironment,
): ((request: HttpRequest) => Promise<HttpResponse>) => {
  const { engine, settings } = environment
  const tokens = positionTokens(engine)
  const proven = verifyAnyProof(environment)
  const verifier = verify(environment)
  const scenes = sceneOf(engine, addressSealer(engine))
  const entities = knownEntities(engine)
  const routes = [...evaluationRoutes(entities), ...searchRoutes(entities)]

  const metadata = (request: HttpRequest, requestId: string): HttpResponse => {
    const known = { operation: METADATA_PATH }
    const members = metadataOf(request, settings)
    return members === null
      ? {
          ...sentence(404, 'The address of this server is not set; see its setting public-url.'),
          note: noteOf(requestId, known, 'NotFound'),
        }
      : { ...answered(members), note: noteOf(requestId, known) }
  }
  const respond = ({ body, position }: ReadAnswer, { accountId }: Caller): HttpAnswer =>
    answered(body, { [POSITION_HEADER]: tokens.seal(accountId, position) })

  const handled = async (request: HttpRequest, requestId: string): Promise<HttpResponse> => {
    const refuse = (fault: Fault | ReadFault, isKnown: boolean, known: KnownOfCall = {}) => {
      const { answer, code } = refused(fault, isKnown, known.caller)
      return { ...answer, note: noteOf(requestId, known, code) }
    }
    const received = receiveCall(request, settings, AUTHZEN_BODY_BYTES_MAX)
    if (E.isLeft(received)) return refuse(received.left, true)
    const call = received.right
    if (call.path === METADATA_PATH && call.method === 'GET') return metadata(request, requestId)
    const route = routes.find(({ about }) => about.path === call.path)
    if (route === undefined) return refuse({ type: 'RouteNotFound' }, true)
    const operation = route.about.path
    if (call.method !== route.method)
      return refuse({ type: 'RouteMethodNotAllowed', allowed: route.method }, true, { operation })
    const verified = await proven(call, 'question', () => callScene(request, requestId))()
    if (E.isLeft(verified)) return refuse(verified.left, false, { operation })
    const { caller } = verified.right
    const known = { operation, caller }
    const notes = notesOf(request)
    if (E.isLeft(notes)) return refuse(notes.left, true, known)
    const scene = await scenes(request, verified.right, requestId, notes.right)
    if (E.isLeft(scene)) return refuse(scene.left, true, known)
    const token = request.headers[AT_LEAST_HEADER]
    const answer = await answerTo(call, { route, parts: {} }, scene.right, verifier, tokens, token)
    return E.isLeft(answer)
      ? refuse(answer.left, true, known)
      : { ...respond(answer.right, caller), note: noteOf(requestId, known) }
  }

  return async (request) => {
    const response = await handled(request, engine.ids.requestId())
    return { ...response, headers: { ...response.headers, ...echoOf(request) } }
  }
}
