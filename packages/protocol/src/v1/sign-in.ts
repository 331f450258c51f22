/**
 * Signing in to a console over HTTP: steps with JSON bodies, and at last a cookie.
 *
 * These calls are not signed, so all of them must come from a page of this server or from no page
 * at all, and who is often wrong has to wait. What is wrong is counted for good by the engine.
 */
import type { Engine, EngineError, NotSignedIn, SignInScene, SignInStep } from '@grantlog/engine'
import { accountOfPrincipalName, principalNameParts } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type * as t from 'io-ts'
import type { HttpRequest, HttpResponse, ProtocolSettings } from '../http.js'
import type { Fault } from '../rpc/faults.js'
import { otpauthUrl, qrCodePng } from '../rpc/qr-code.js'
import { callScene } from '../rpc/scene.js'
import type { ReceivedCall } from '../signature/call.js'
import {
  clearedCookie,
  consoleCookie,
  consoleTokenOf,
  isFromOwnPage,
  isJson,
  isOwnOrigin,
  mfaTicketCookie,
  mfaTicketOf,
} from '../signature/console-cookie.js'
import type { RouteAbout } from './about.js'
import { readBody } from './json-body.js'
import { isoText } from './moment.js'
import { problemOf, problemResponse, type ReadFault } from './problem.js'
import {
  CodeBody,
  MFADeviceBody,
  NewPasswordBody,
  SIGN_IN,
  SIGN_IN_CODE,
  SIGN_IN_MFA_DEVICE,
  SIGN_IN_PASSWORD,
  SIGN_IN_ROUTES,
  SIGN_OUT,
  SIGNED_IN,
  SignInBody,
} from './sign-in-abouts.js'
import { type Admitted, signInThrottles } from './sign-in-throttles.js'

type Answered = {
  readonly body: object
  readonly cookies?: ReadonlyArray<string>
  readonly accountId?: string
}
type Outcome = E.Either<Fault | ReadFault, Answered>

export type SignInRoute = (typeof SIGN_IN_ROUTES)[number]

/** The one route that a call is for; undefined when its path is none of these. */
export const signInRouteOf = ({
  method,
  path,
}: Pick<ReceivedCall, 'method' | 'path'>): E.Either<ReadFault, SignInRoute> | undefined => {
  const route = SIGN_IN_ROUTES.find(({ about }) => about.path === path)
  if (route === undefined) return undefined
  return route.method === method
    ? E.right(route)
    : E.left({ type: 'RouteMethodNotAllowed', allowed: route.method })
}

const stepAnswer = async (step: SignInStep, now: number): Promise<Answered> => {
  if (step.type !== 'SignedIn') {
    const next = { step: step.type, ticket: step.ticket }
    if (step.type !== 'MFADeviceRequired') return { body: next }
    const { seed, accountId, userName } = step
    const picture = await qrCodePng(otpauthUrl(accountId, userName, seed))
    return { body: { ...next, base32StringSeed: seed, qrCodePNG: picture } }
  }
  const { accountId, userId, userName, mfaPresent, expiresAt, token, mfaTicket } = step
  const secondsUntil = (end: number): number => Math.max(0, Math.floor((end - now) / 1000))
  const who = { accountId, userId, userName, mfaPresent, expiresAt: isoText(expiresAt) }
  const until = mfaTicket && { mfaTicketUntil: isoText(mfaTicket.expiresAt) }
  const session = consoleCookie(token, secondsUntil(expiresAt))
  return {
    accountId,
    cookies:
      mfaTicket === undefined
        ? [session]
        : [session, mfaTicketCookie(mfaTicket.token, secondsUntil(mfaTicket.expiresAt))],
    body: { step: step.type, ...who, ...until },
  }
}

/** Faults that guesses lead to: whoever makes them has to wait. */
const GUESSES: ReadonlySet<string> = new Set([
  'SignInRefused',
  'CodeRefused',
  'TicketRefused',
  'AddressNotAllowed',
])

export type SignInEnvironment = { readonly engine: Engine; readonly settings: ProtocolSettings }

export const signInHandler = ({ engine, settings }: SignInEnvironment) => {
  const throttles = signInThrottles()
  const { directory } = engine.views

  /** Runs a step, unless it has to wait. */
  const counted = async (
    admitted: Admitted,
    step: TE.TaskEither<Fault | ReadFault, SignInStep>,
  ): Promise<Outcome> => {
    if (admitted.type === 'Held')
      return E.left({ type: 'TooManyAttempts', retryAfterMs: admitted.retryAfterMs })
    const done = await step()
    if (E.isRight(done) || !GUESSES.has(done.left.type)) admitted.forgive(E.isRight(done))
    return E.isLeft(done) ? done : E.right(await stepAnswer(done.right, engine.clock.now()))
  }

  /** However its domain is spelt, it is the same user that is guessed at. */
  const withPassword = (
    name: string,
    { sourceIp }: SignInScene,
    step: TE.TaskEither<Fault | ReadFault, SignInStep>,
  ): Promise<Outcome> => {
    const accountId = accountOfPrincipalName(directory, name)
    const { name: userName = name } = principalNameParts(name) ?? {}
    const user = (accountId === undefined ? name : `${accountId} ${userName}`).toLowerCase()
    return counted(throttles.password(user, sourceIp, engine.clock.now()), step)
  }

  /** What is no ticket is refused as cheaply as it was made up, and counts against nobody. */
  const withTicket = (
    ticket: string,
    { sourceIp }: SignInScene,
    step: TE.TaskEither<Fault | ReadFault, SignInStep>,
  ): Promise<Outcome> => {
    const holder = engine.ticketHolder(ticket)
    return holder === null
      ? Promise.resolve(E.left({ type: 'TicketRefused' }))
      : counted(throttles.ticket(holder, sourceIp, engine.clock.now()), step)
  }

  const bodyOf = <A>(call: ReceivedCall, { body }: RouteAbout, codec: t.Type<A, unknown>) =>
    readBody(call, body ?? [], codec)

  const post = async (
    route: SignInRoute,
    call: ReceivedCall,
    scene: SignInScene,
  ): Promise<Outcome> => {
    switch (route) {
      case SIGN_IN: {
        const body = bodyOf(call, route.about, SignInBody)
        if (E.isLeft(body)) return body
        const { userPrincipalName: name, password, withCode = false } = body.right
        const mfaTicket = withCode ? undefined : mfaTicketOf(call.headers)
        return withPassword(name, scene, engine.signIn(name, password, scene, mfaTicket))
      }
      case SIGN_IN_CODE: {
        const body = bodyOf(call, route.about, CodeBody)
        if (E.isLeft(body)) return body
        const { ticket, code, saveMFATicket } = body.right
        return withTicket(ticket, scene, engine.giveCode(ticket, code, scene, saveMFATicket))
      }
      case SIGN_IN_MFA_DEVICE: {
        const body = bodyOf(call, route.about, MFADeviceBody)
        if (E.isLeft(body)) return body
        const { ticket, saveMFATicket } = body.right
        const codes = [body.right.authenticationCode1, body.right.authenticationCode2] as const
        return withTicket(ticket, scene, engine.enrolDevice(ticket, codes, scene, saveMFATicket))
      }
      case SIGN_IN_PASSWORD: {
        const body = bodyOf(call, route.about, NewPasswordBody)
        if (E.isLeft(body)) return body
        const { ticket, newPassword } = body.right
        return withTicket(ticket, scene, engine.giveNewPassword(ticket, newPassword, scene))
      }
      default:
        return signOut(call, scene)
    }
  }

  const signOut = async (call: ReceivedCall, scene: SignInScene): Promise<Outcome> => {
    const token = consoleTokenOf(call.headers)
    const ended: E.Either<NotSignedIn | EngineError, unknown> =
      token === undefined ? E.left({ type: 'NotSignedIn' }) : await engine.signOut(token, scene)()
    if (E.isLeft(ended) && ended.left.type !== 'NotSignedIn') return E.left(ended.left)
    return E.right({ body: { signedOut: E.isRight(ended) }, cookies: [clearedCookie()] })
  }

  const session = async (call: ReceivedCall): Promise<Outcome> => {
    const token = consoleTokenOf(call.headers)
    if (token === undefined) return E.left({ type: 'NotSignedIn' })
    const found = await engine.consoleSession(token, call.remoteAddress ?? '')()
    if (E.isLeft(found)) return found
    const { caller, mfaPresent, expiresAt } = found.right
    const { accountId, userId, userName } = caller
    const body = { accountId, userId, userName, mfaPresent, expiresAt: isoText(expiresAt) }
    return E.right({ accountId, body })
  }

  const answer = async (
    route: SignInRoute,
    request: HttpRequest,
    call: ReceivedCall,
    requestId: string,
  ): Promise<Outcome> => {
    if (route === SIGNED_IN) return session(call)
    // What a cookie alone can end, a page of this server must surely ask for.
    const isOwn = route === SIGN_OUT ? isFromOwnPage : isOwnOrigin
    if (!isOwn(call.headers, settings)) return E.left({ type: 'ForeignOrigin' })
    if (!isJson(call.headers)) return E.left({ type: 'JsonNeeded' })
    return post(route, call, callScene(request, requestId))
  }

  return async (
    route: SignInRoute,
    request: HttpRequest,
    call: ReceivedCall,
    requestId: string,
  ): Promise<HttpResponse> => {
    const done = await answer(route, request, call, requestId)
    const note = { requestId, isCommand: route === SIGN_OUT, operation: route.about.path }
    if (E.isLeft(done)) {
      const problem = problemOf(done.left)
      const { code: errorCode } = problem
      return { ...problemResponse(problem, requestId), note: { ...note, errorCode } }
    }
    const { body, cookies, accountId } = done.right
    return {
      status: 200,
      headers: {
        'content-type': 'application/json;charset=utf-8',
        'cache-control': 'no-store',
      },
      body: JSON.stringify(body),
      ...(cookies && { cookies }),
      note: accountId === undefined ? note : { ...note, accountId },
    }
  }
}
