/**
 * The one verifier: it alone turns a request into a caller, by its signature or, where that is
 * taken, by its access token or the cookie of a console.
 *
 * The order of its checks is the order in which callers see them fail: what the signature needs is
 * present, the time is near, the key exists and is active, the token opens, the signature is right,
 * and the nonce is new: here, and for a call that may change something on the other nodes too.
 * Where it is known whose credential is refused, that is on record before it is answered.
 */
import { hash, timingSafeEqual } from 'node:crypto'
import type {
  Caller,
  CallScene,
  Engine,
  EngineError,
  NonceClaims,
  NotSignedIn,
  SigningSecret,
} from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { callerOfAccessToken } from './access-token.js'
import { canonicalRequestAcs3, isBodyAsDeclared, presentedAcs3, stringToSignAcs3 } from './acs3.js'
import { type ReceivedCall, schemeOf } from './call.js'
import { consoleTokenOf, isFromOwnPage, isJson } from './console-cookie.js'
import type { PageFault, SignatureFault } from './faults.js'
import { identify } from './identify.js'
import type { NonceStore } from './nonces.js'
import type { Presented } from './presented.js'
import { proofBy, refuseUse, unproven } from './refused-use.js'
import { isWithinWindow, parseTimestamp } from './timestamp.js'
import { presentedV1, stringToSignV1 } from './v1.js'

export type VerifierEnvironment = {
  readonly engine: Engine
  readonly nonces: NonceStore
  /** Absent where this is the only node. */
  readonly shared?: SharedNonces
  /** Under which address pages of a console are served, where that is known. */
  readonly settings?: { readonly publicUrl?: string }
}

/**
 * Nonces that all nodes share. When they can't be asked, a call may `proceed`, since the log alone
 * keeps a command from being done twice, or be refused.
 */
export type SharedNonces = {
  readonly claims: NonceClaims
  readonly whenUnavailable: 'proceed' | 'refuse'
}

export type Verified = {
  readonly caller: Caller
  /**
   * UUID made of the key and the nonce: the same signed call is the same command everywhere. A
   * call with a token has none, and is a command of its own each time.
   */
  readonly commandId: string
  /** Of one who signed in to a console: whether with a code. A key says nothing of it. */
  readonly mfaPresent?: boolean
}

type ReadProof = Presented & {
  /** Absent for V1. */
  readonly signedHeaders?: ReadonlyArray<string>
}

/** Why the cookie of a console is not taken. */
type CookieFault = NotSignedIn | PageFault

type Verification<Fault = never> = TE.TaskEither<SignatureFault | EngineError | Fault, Verified>

/** Tells who calls, or why that cannot be said. A left is never a caller. */
export type Verifier<Fault = never> = (
  call: ReceivedCall,
  kind: 'command' | 'question',
  /** For the record of a credential that is refused. */
  scene: () => CallScene,
) => Verification<Fault>

/** By the signature, an access token or the cookie of a console, whichever the call carries. */
export const verifyAnyProof = (environment: VerifierEnvironment): Verifier<CookieFault> => {
  const bySignature = verify(environment)
  const { engine, settings } = environment
  return (call, kind, scene) => {
    const scheme = schemeOf(call)
    if (scheme === 'Bearer') return verifyToken(engine, call, scene)
    if (scheme !== 'Anonymous' || call.parameters.has('AccessKeyId'))
      return bySignature(call, kind, scene)
    const token = consoleTokenOf(call.headers)
    return token === undefined
      ? async () => E.left({ type: 'CredentialsMissing' })
      : verifyConsole(engine, token, call, settings)
  }
}

/** A cookie comes along by itself: where something may change the page must be one of ours. */
const verifyConsole =
  (
    engine: Engine,
    token: string,
    { method, headers, remoteAddress }: ReceivedCall,
    settings: VerifierEnvironment['settings'],
  ): Verification<CookieFault> =>
  async () => {
    if (method !== 'GET' && !isFromOwnPage(headers, settings))
      return E.left({ type: 'ForeignOrigin' })
    if (method !== 'GET' && !isJson(headers)) return E.left({ type: 'JsonNeeded' })
    const found = await engine.consoleSession(token, remoteAddress ?? '')()
    if (E.isLeft(found)) return found
    const { caller, mfaPresent } = found.right
    return E.right({ caller, commandId: engine.ids.uuid(), mfaPresent })
  }

const verifyToken =
  (engine: Engine, call: ReceivedCall, scene: () => CallScene): Verification =>
  async () => {
    const fresh = await engine.fresh()()
    if (E.isLeft(fresh)) return fresh
    const found = await callerOfAccessToken(engine, call)
    if (E.isLeft(found)) {
      const shown = { proof: 'AccessToken', scene, isUntold: false } as const
      return refuseUse(engine, found.left, shown)
    }
    const caller = found.right
    if (caller.type !== 'Session') engine.noteKeyUse(caller.accountId, caller.accessKeyId)
    return E.right({ caller, commandId: engine.ids.uuid() })
  }

/** By the signature alone. */
export const verify =
  ({ engine, nonces, shared }: VerifierEnvironment): Verifier =>
  (call, kind, scene) =>
  async () => {
    const proof = readProof(call)
    if (E.isLeft(proof)) return proof
    const { timestamp, accessKeyId, nonce } = proof.right
    const signedAt = parseTimestamp(timestamp)
    const now = engine.clock.now()
    if (signedAt === null) return E.left({ type: 'TimestampMalformed' })
    if (!isWithinWindow(signedAt, now)) return E.left({ type: 'TimestampOutOfWindow' })

    // A key or a session may have been ended meanwhile, by another node.
    const fresh = await engine.fresh()()
    if (E.isLeft(fresh)) return fresh
    const claim = await identify(engine, proof.right)
    if (E.isLeft(claim)) {
      const { left: refusal } = claim
      const isRight = (secret: SigningSecret) =>
        E.isRight(checkSignature(call, proof.right, secret))
      const isUntold = refusal.fault.type === 'AccessKeyUnknown'
      return refuseUse(engine, refusal, { proof: proofBy(refusal, isRight), scene, isUntold })
    }
    const signature = checkSignature(call, proof.right, claim.right.secret)
    if (E.isLeft(signature)) {
      const shown = { proof: 'Wrong', scene, isUntold: false } as const
      return refuseUse(engine, unproven(claim.right.caller, signature.left), shown)
    }

    const seen = nonces.use(accessKeyId, nonce, signedAt, now)
    if (seen === 'used') return E.left({ type: 'NonceUsed' })
    if (seen === 'full') return E.left({ type: 'NoncesFull' })
    const commandId = commandIdOf(accessKeyId, nonce)
    const fault = kind === 'command' ? await claimAmongNodes(shared, commandId) : null
    if (fault !== null) return E.left(fault)
    const { caller } = claim.right
    if (caller.type !== 'Session') engine.noteKeyUse(caller.accountId, accessKeyId)
    return E.right({ caller, commandId })
  }

/** A UUID of version 8: 122 bits of SHA-256. The length goes first, so no two pairs read alike. */
const commandIdOf = (accessKeyId: string, nonce: string): string => {
  const hex = hash('sha256', `${accessKeyId.length}:${accessKeyId}${nonce}`, 'hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  const head = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}`
  return `${head}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Null when no other node had the nonce, or when that can't be said and need not be. */
const claimAmongNodes = async (
  shared: SharedNonces | undefined,
  commandId: string,
): Promise<SignatureFault | null> => {
  if (shared === undefined) return null
  const answer = await shared.claims.claim(commandId)
  if (answer === 'taken') return { type: 'NonceUsed' }
  return answer === 'unavailable' && shared.whenUnavailable === 'refuse'
    ? { type: 'NoncesUnavailable' }
    : null
}

const readProof = (call: ReceivedCall): E.Either<SignatureFault, ReadProof> => {
  switch (schemeOf(call)) {
    case 'ACS3':
      return presentedAcs3(call)
    case 'V1':
      return presentedV1(call)
    case 'Bearer':
      return E.left({ type: 'SignatureMethodNotSupported' })
    case 'Anonymous':
      return E.left({
        type: 'SignatureParameterMissing',
        name: call.parameters.has('AccessKeyId') ? 'Signature' : 'AccessKeyId',
      })
  }
}

/** Compares in constant time. The texts in the fault are made of what was received. */
export const checkSignature = (
  call: ReceivedCall,
  proof: ReadProof,
  secret: SigningSecret,
): E.Either<SignatureFault, void> => {
  if (proof.signedHeaders === undefined) {
    const stringToSign = stringToSignV1(call.method, call.path, call.parameters)
    return isSameText(secret.signV1(stringToSign), proof.signature)
      ? E.right(undefined)
      : E.left({ type: 'SignatureMismatch', stringToSign })
  }
  const canonicalRequest = canonicalRequestAcs3(call, proof.signedHeaders)
  const stringToSign = stringToSignAcs3(canonicalRequest)
  const matches = isSameText(secret.signAcs3(stringToSign), proof.signature)
  return matches && isBodyAsDeclared(call)
    ? E.right(undefined)
    : E.left({ type: 'SignatureMismatch', stringToSign, canonicalRequest })
}

const isSameText = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}
