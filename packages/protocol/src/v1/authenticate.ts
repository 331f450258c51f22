/**
 * `POST /v1/authenticate`: who signed a call that another service received, and whether they may do
 * what it asks for, in one round trip.
 *
 * The call is verified as if it had come here: its time is near, its nonce is new on all nodes, and
 * whatever decides its meaning is signed. Only ACS3 is taken, which signs the body too.
 */
import { AuthenticateAnswer } from '@grantlog/client/shapes'
import { arnOf, type Caller, type CallScene } from '@grantlog/engine'
import { requestContext, type Verdict } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { isEngineError } from '../rpc/errors.js'
import type { Fault } from '../rpc/faults.js'
import { noteAccess } from '../rpc/note-allowed.js'
import { contextOfCaller, type Scene } from '../rpc/scene.js'
import type { ReceivedCall } from '../signature/call.js'
import { parseParameters } from '../signature/parameters.js'
import type { Verifier } from '../signature/verify.js'
import { member, type RouteAbout } from './about.js'
import { AuthenticateBody, readAuthenticateBody } from './authenticate-body.js'
import { type Problem, problemMembers, problemOf, type ReadFault } from './problem.js'
import type { ReadAnswer, Route } from './route.js'

const ACS3 = 'ACS3-HMAC-SHA256 '

const ABOUT: RouteAbout = {
  path: '/v1/authenticate',
  does:
    'Says who signed a call that another service received and, where it is asked, whether they may do ' +
    'something. The call is signed with ACS3-HMAC-SHA256 and an AccessKey of the same account; its ' +
    'nonce counts as used afterwards.',
  permission: {
    action: 'grantlog:AuthenticateCalls',
    resource: 'acs:grantlog:*:<uid>:authentication',
  },
  query: [],
  body: [
    member.needed('method', 'upper-case letters, at most 16', 'The method of the call.'),
    member.needed('path', 'at most 8192 characters', 'Its path as it was received, without query.'),
    member.needed('query', 'at most 65536 characters', 'Its query as it was received, or empty.'),
    member.needed(
      'headers',
      'an object of at most 128 lower-case names with texts',
      'Its headers; those that are signed are enough.',
    ),
    member.needed(
      'bodyDigest',
      'a SHA-256 in lower-case hex',
      'Of the body that the service received, not the one that a header tells.',
    ),
    member.optional(
      'decide',
      'an object with action, resource (one or a list) and context, as for POST /v1/decide',
      'What the signer wants to do. `acs:CurrentTime` and `acs:PrincipalARN` are known here.',
    ),
  ],
  shapes: { answer: AuthenticateAnswer, body: AuthenticateBody },
  answer: {
    principal:
      'Who signed it: `type`, `accountId`, the immutable `id`, `arn`, `accessKeyId`; null when that is ' +
      'not proven.',
    problem: 'Why it is not proven, as a call of that kind to grantlog would be refused; or null.',
    decision: 'Where it was asked for: `allowed`, `outcome` and `unit`; or null.',
    position: 'The last position of the log that this node had applied: the grants decided on.',
    applied: 'The same.',
  },
  example: {
    method: 'GET',
    path: '/orders',
    query: '',
    headers: { host: 'orders.example.com' },
    bodyDigest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  },
}

const FORM_TYPE = 'application/x-www-form-urlencoded'

/** The call as its service received it, but for its body, which stayed there. */
const receivedCall = (body: AuthenticateBody): E.Either<Fault | ReadFault, ReceivedCall> => {
  const { method, path, headers, bodyDigest } = body
  const query = parseParameters(body.query)
  if (E.isLeft(query)) return query
  const parameters = query.right
  const { authorization = '' } = headers
  if (authorization === '' && !parameters.has('Signature')) return E.left({ type: 'CallUnsigned' })
  if (!authorization.startsWith(ACS3)) return E.left({ type: 'CallSignedOtherwise' })
  const isForm = headers['content-type']?.trim().toLowerCase().startsWith(FORM_TYPE) === true
  const call = { method, path, query: parameters, parameters, headers, isForm }
  return E.right({ ...call, body: '', bodyDigest })
}

const idOf = (caller: Caller): string => {
  switch (caller.type) {
    case 'Root':
      return caller.accountId
    case 'User':
      return caller.userId
    case 'Session':
      return caller.roleId
  }
}

const principalMembers = (caller: Caller) => {
  const { type, accountId, accessKeyId } = caller
  const principal = { type, accountId, id: idOf(caller), arn: arnOf(caller), accessKeyId }
  if (caller.type !== 'Session') return principal
  const { sessionId, sourceIdentity } = caller
  return { ...principal, sessionId, ...(sourceIdentity === undefined ? {} : { sourceIdentity }) }
}

/** The grants of this moment decide, as for a call of the signer's own, and it is on record so. */
const decisionOf = async (
  scene: Scene,
  caller: Caller,
  { decide }: AuthenticateBody,
): Promise<E.Either<Fault, Verdict | null>> => {
  if (decide === undefined) return E.right(null)
  const { action, resource, context = {} } = decide
  const [head, ...tail] = typeof resource === 'string' ? [resource] : resource
  if (head === undefined) return E.right(null)
  const { engine } = scene
  // What is known here is not for the service to say.
  const known = contextOfCaller(caller, engine.clock.now())
  const asked = {
    action,
    resources: [head, ...tail],
    context: new Map([...requestContext(context), ...known]),
  } as const
  const judged = await engine.authorize({ caller, ...asked })()
  if (E.isLeft(judged)) return judged
  const { decision, position } = judged.right
  const { outcome } = decision
  const came =
    outcome === 'Allow'
      ? ({ outcome: 'Allowed', code: '', position } as const)
      : ({ outcome: 'Denied', code: outcome, position } as const)
  noteAccess({ ...scene, caller }, asked, came)
  return E.right(decision)
}

const answerOf = (
  { engine }: Scene,
  caller: Caller | null,
  problem: Problem | null,
  verdict: Verdict | null,
): ReadAnswer => {
  const { applied } = engine.status()
  const decision = verdict && { allowed: verdict.outcome === 'Allow', ...verdict }
  const principal = caller && principalMembers(caller)
  const told = problem && problemMembers(problem)
  const body = { principal, problem: told, decision, position: applied, applied }
  return { position: applied, body }
}

/** From where the call came is known to the service alone. */
const sceneWithin = ({ circumstances: { requestId, traceparent } }: Scene): CallScene => ({
  requestId,
  ...(traceparent === undefined ? {} : { traceparent }),
})

const authenticate = async (
  scene: Scene,
  body: AuthenticateBody,
  verifier: Verifier,
): Promise<E.Either<Fault | ReadFault, ReadAnswer>> => {
  const unproven = (fault: Fault | ReadFault) =>
    E.right(answerOf(scene, null, problemOf(fault), null))
  const call = receivedCall(body)
  if (E.isLeft(call)) return unproven(call.left)
  // What the service then does may change something: no other node takes the nonce again.
  const verified = await verifier(call.right, 'command', () => sceneWithin(scene))()
  if (E.isLeft(verified)) return isEngineError(verified.left) ? verified : unproven(verified.left)
  const { caller } = verified.right
  if (caller.accountId !== scene.caller.accountId) return unproven({ type: 'ForeignAccount' })
  const verdict = await decisionOf(scene, caller, body)
  return E.isLeft(verdict) ? verdict : E.right(answerOf(scene, caller, null, verdict.right))
}

const authenticateRoute: Route = {
  method: 'POST',
  about: ABOUT,
  prepare: (call, _, scene, verifier) => {
    const body = readAuthenticateBody(call, ABOUT.body ?? [])
    if (E.isLeft(body)) return body
    return E.right({
      action: 'grantlog:AuthenticateCalls',
      resource: `acs:grantlog:*:${scene.caller.accountId}:authentication`,
      onRecord: 'Denials',
      run: (): TE.TaskEither<Fault | ReadFault, ReadAnswer> => () =>
        authenticate(scene, body.right, verifier),
    })
  },
}

export const AUTHENTICATE_ROUTES: ReadonlyArray<Route> = [authenticateRoute]
