/**
 * A guard for Express: `app.use(express.json({ verify: keepBody }), expressGuard(options))`. The
 * bytes of the body are signed, so the parser before the guard keeps them; a call whose body was
 * not kept does not pass.
 */
import {
  challengeOf,
  type Guarded,
  type GuardOptions,
  guard,
  problemText,
  stopped,
} from '../guard/guard.js'
import type { AuthenticatedPrincipal } from '../shapes/authentication.js'

/** Of Express' request and response, what is used here. */
export type ExpressRequestLike = {
  readonly method: string
  readonly originalUrl: string
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  readonly ip?: string | undefined
  readonly secure: boolean
}
export type ExpressResponseLike = {
  readonly status: (status: number) => ExpressResponseLike
  readonly type: (contentType: string) => ExpressResponseLike
  readonly header: (name: string, value: string) => unknown
  readonly send: (text: string) => unknown
}

const principals = new WeakMap<object, AuthenticatedPrincipal>()
const bodies = new WeakMap<object, Uint8Array>()

/** Who signed a request that passed the guard; undefined for one that did not. */
export const principalOf = (request: object): AuthenticatedPrincipal | undefined =>
  principals.get(request)

/** For `verify` of a body parser: keeps the bytes until the guard has looked at them. */
export const keepBody = (request: object, _response: unknown, body: Uint8Array): void => {
  bodies.set(request, body)
}

const hasBody = ({ headers }: ExpressRequestLike): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

const judge = async <Request extends ExpressRequestLike>(
  options: GuardOptions<Request>,
  request: Request,
): Promise<Guarded> => {
  const body = bodies.get(request)
  bodies.delete(request)
  const { method, headers, originalUrl: url, ip: remoteAddress = '', secure: isSecure } = request
  // A parser unpacks a body before it hands it on, and it is the packed one that is signed.
  const isPacked = (headers['content-encoding'] ?? 'identity') !== 'identity'
  if (hasBody(request) && (body === undefined || isPacked))
    return stopped(400, 'BodyNotKept', 'A body of this kind is not taken here.')
  const received = { method, url, headers, body: body ?? '', remoteAddress, isSecure }
  return guard(options, request, received)
}

export const expressGuard =
  <Request extends ExpressRequestLike>(options: GuardOptions<Request>) =>
  async (request: Request, response: ExpressResponseLike, next: () => void): Promise<void> => {
    const judged = await judge(options, request)
    switch (judged.type) {
      case 'Passed':
        principals.set(request, judged.principal)
        return next()
      case 'Stopped': {
        const { refusal } = judged
        for (const [name, value] of Object.entries(challengeOf(refusal)))
          response.header(name, value)
        response.status(refusal.status).type('application/problem+json').send(problemText(refusal))
      }
    }
  }
