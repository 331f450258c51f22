/**
 * `POST /oauth2/token`: OAuth 2.0 client credentials, where an AccessKey is the client.
 *
 * Whoever shows the secret of a key gets a token that stands for the key for a short while.
 * Invariant: a token is on record before it is answered, and so is that a key was refused, as often
 * as that is told.
 */
import { timingSafeEqual } from 'node:crypto'
import type { UseProof } from '@grantlog/domain'
import {
  type Caller,
  type CallScene,
  type Engine,
  type EngineError,
  ISSUE_TOKEN,
  judgedCaller,
  type SigningSecret,
} from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import type { HttpRequest, HttpResponse, ProtocolSettings } from '../http.js'
import { addressSealer, callScene, notesOf, sceneOf } from '../rpc/scene.js'
import { issueAccessToken } from '../signature/access-token.js'
import { type ReceivedCall, receiveCall } from '../signature/call.js'
import type { SignatureFault } from '../signature/faults.js'
import { identify } from '../signature/identify.js'
import { proofBy, type Refusal, refuseUse, unproven } from '../signature/refused-use.js'
import { type Attempts, countedAttempts, networkOf } from './attempts.js'
import { type PresentedClient, presentedClient } from './client.js'
import type { TokenAnswer } from './described.js'
import { oauthAnswer, oauthErrorOf, type TokenFault } from './faults.js'
import { TOKEN_PATH } from './token-path.js'

/** Unit: bytes. A security token may be 10,240 characters long. */
const TOKEN_BODY_BYTES_MAX = 32 * 1024

export type OauthEnvironment = {
  readonly engine: Engine
  readonly settings: ProtocolSettings
}

const readClient = (call: ReceivedCall): E.Either<TokenFault, PresentedClient> => {
  const malformed = (description: string): E.Either<TokenFault, never> =>
    E.left({ type: 'RequestMalformed', description })
  if (call.method !== 'POST') return E.left({ type: 'PostNeeded' })
  if (call.query.size > 0) return malformed('Everything must stand in the form, not in the URL.')
  if (!call.isForm) return malformed('The body must be application/x-www-form-urlencoded.')
  const grantType = call.parameters.get('grant_type')
  if (!grantType) return malformed('grant_type is missing.')
  if (grantType !== 'client_credentials') return E.left({ type: 'GrantTypeUnsupported' })
  if ((call.parameters.get('scope') ?? '') !== '') return E.left({ type: 'ScopeUnknown' })
  return presentedClient(call)
}

const CHALLENGE = 'grantlog/client-secret'

/**
 * Compares what both make of one text, in constant time: the kept secret is never in clear here.
 */
const isSecretOf = (engine: Engine, shown: string, kept: SigningSecret): boolean => {
  const [one, other] = [engine.vault.temporarySigningSecret(shown), kept].map((secret) =>
    Buffer.from(secret.signAcs3(CHALLENGE)),
  )
  return one !== undefined && other !== undefined && timingSafeEqual(one, other)
}

/** Whose secret was shown, or why that is nobody's. */
const authenticate = async (
  engine: Engine,
  attempts: Attempts,
  client: PresentedClient,
  scene: CallScene & { readonly sourceIp: string },
): Promise<E.Either<TokenFault, Caller>> => {
  const fresh = await engine.fresh()()
  if (E.isLeft(fresh)) return E.left({ type: 'NotTaken', cause: fresh.left })
  const isRight = (kept: SigningSecret) => isSecretOf(engine, client.secret, kept)
  // Which of the faults of a client it was is never told, so all of them take as long.
  const refuse = async (refusal: Refusal, proof: UseProof | Promise<UseProof>) =>
    E.mapLeft(faultOf)(
      await refuseUse(engine, refusal, { proof, scene: () => scene, isUntold: true }),
    )
  const claim = await identify(engine, client)
  if (E.isLeft(claim)) return refuse(claim.left, proofBy(claim.left, isRight))
  const now = engine.clock.now()
  const who = `${networkOf(scene.sourceIp)} ${client.accessKeyId}`
  const retryAfterMs = attempts.waitFor(who, now)
  if (retryAfterMs > 0) return E.left({ type: 'TooManyWrongSecrets', retryAfterMs })
  const { caller, secret } = claim.right
  if (isRight(secret)) return E.right(caller)
  attempts.failed(who, now)
  return refuse(unproven(caller, SECRET_WRONG), 'Wrong')
}

/** Faults of what the client showed; whatever else it is, the call was not taken. */
const CLIENT_FAULTS: ReadonlySet<string> = new Set<SignatureFault['type']>([
  'AccessKeyUnknown',
  'AccessKeyInactive',
  'SecurityTokenMissing',
  'SecurityTokenMalformed',
  'SecurityTokenExpired',
  'SecurityTokenMismatch',
  'SignatureMismatch',
])

/** A secret that is shown is compared by what is signed with it. */
const SECRET_WRONG: SignatureFault = { type: 'SignatureMismatch', stringToSign: CHALLENGE }

const faultOf = (cause: SignatureFault | EngineError): TokenFault =>
  CLIENT_FAULTS.has(cause.type) ? { type: 'ClientRefused' } : { type: 'NotTaken', cause }

/** Takes every call to the token endpoint. */
export const oauthHandler = ({
  engine,
  settings,
}: OauthEnvironment): ((request: HttpRequest) => Promise<HttpResponse>) => {
  const attempts = countedAttempts()
  const scenes = sceneOf(engine, addressSealer(engine))

  const give = async (
    request: HttpRequest,
    requestId: string,
  ): Promise<E.Either<TokenFault, { readonly caller: Caller; readonly body: TokenAnswer }>> => {
    const received = receiveCall(request, settings, TOKEN_BODY_BYTES_MAX)
    if (E.isLeft(received)) return E.left({ type: 'NotTaken', cause: received.left })
    const client = readClient(received.right)
    if (E.isLeft(client)) return client
    const known = await authenticate(engine, attempts, client.right, callScene(request, requestId))
    if (E.isLeft(known)) return known
    const caller = known.right
    const notes = notesOf(request)
    const verified = { caller, commandId: engine.ids.uuid() }
    const scene = await scenes(request, verified, requestId, E.isRight(notes) ? notes.right : {})
    if (E.isLeft(scene)) return E.left({ type: 'NotTaken', cause: scene.left })
    const { text, expiresAt } = issueAccessToken(engine, caller)
    const recorded = await engine.recordAccess(
      caller.accountId,
      {
        ...judgedCaller(caller),
        requestId,
        action: ISSUE_TOKEN,
        resources: [`acs:grantlog:*:${caller.accountId}:token/${caller.accessKeyId}`],
        outcome: 'Allowed',
        code: '',
        position: engine.status().applied,
      },
      scene.right.circumstances,
    )()
    if (E.isLeft(recorded)) return E.left({ type: 'NotTaken', cause: recorded.left })
    if (caller.type !== 'Session') engine.noteKeyUse(caller.accountId, caller.accessKeyId)
    const seconds = Math.floor((expiresAt - engine.clock.now()) / 1000)
    const body = { access_token: text, token_type: 'Bearer', expires_in: seconds } as const
    return E.right({ caller, body })
  }

  return async (request) => {
    const requestId = engine.ids.requestId()
    const note = { requestId, isCommand: false, operation: TOKEN_PATH }
    const given = await give(request, requestId)
    if (E.isRight(given)) {
      const { caller, body } = given.right
      return { ...oauthAnswer(200, body), note: { ...note, accountId: caller.accountId } }
    }
    const { status, error, description, headers } = oauthErrorOf(given.left)
    const answer = oauthAnswer(status, { error, error_description: description }, headers)
    return { ...answer, note: { ...note, errorCode: error } }
  }
}
