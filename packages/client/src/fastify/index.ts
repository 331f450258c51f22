/**
 * A guard for Fastify: `app.addHook('preParsing', fastifyGuard(options))`, or the `preParsing` of
 * one route. It runs before the body is parsed, for it is the bytes that are signed.
 */
import { Readable } from 'node:stream'
import {
  challengeOf,
  type Guarded,
  type GuardOptions,
  guard,
  problemText,
  stopped,
} from '../guard/guard.js'
import type { AuthenticatedPrincipal } from '../shapes/authentication.js'

/** Of Fastify's request, reply and hook, what is used here. */
export type FastifyRequestLike = {
  readonly method: string
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  readonly raw: { readonly url?: string | undefined }
  readonly ip: string
  readonly protocol: string
}
export type FastifyReplyLike = {
  readonly code: (status: number) => FastifyReplyLike
  readonly type: (contentType: string) => FastifyReplyLike
  readonly header: (name: string, value: string) => unknown
  readonly send: (payload: string) => unknown
}

export type FastifyGuardOptions<Request extends FastifyRequestLike> = GuardOptions<Request> & {
  /** The largest body that is read. Unit: bytes. */
  readonly bodyBytesMax?: number
}

const BODY_BYTES_MAX_DEFAULT = 1024 * 1024

const principals = new WeakMap<object, AuthenticatedPrincipal>()

/** Who signed a request that passed the guard; undefined for one that did not. */
export const principalOf = (request: object): AuthenticatedPrincipal | undefined =>
  principals.get(request)

/** Null when it is longer than it may be. */
const readBody = async (payload: AsyncIterable<unknown>, max: number): Promise<Buffer | null> => {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of payload) {
    const buffer = Buffer.from(piece as Uint8Array)
    bytes += buffer.length
    if (bytes > max) return null
    pieces.push(buffer)
  }
  return Buffer.concat(pieces)
}

const judge = async <Request extends FastifyRequestLike>(
  options: FastifyGuardOptions<Request>,
  request: Request,
  body: Buffer | null,
): Promise<Guarded> => {
  if (body === null) return stopped(400, 'RequestTooLarge', 'The body is too long.')
  const { method, headers, ip: remoteAddress, protocol } = request
  const url = request.raw.url ?? '/'
  const isSecure = protocol === 'https'
  return guard(options, request, { method, url, headers, body, remoteAddress, isSecure })
}

export const fastifyGuard =
  <Request extends FastifyRequestLike>(options: FastifyGuardOptions<Request>) =>
  async (
    request: Request,
    reply: FastifyReplyLike,
    payload: AsyncIterable<unknown>,
  ): Promise<Readable | undefined> => {
    const body = await readBody(payload, options.bodyBytesMax ?? BODY_BYTES_MAX_DEFAULT)
    const judged = await judge(options, request, body)
    switch (judged.type) {
      case 'Passed': {
        principals.set(request, judged.principal)
        const again = Readable.from(body === null || body.length === 0 ? [] : [body])
        // Fastify compares what it reads with what the client announced.
        return Object.assign(again, { receivedEncodedLength: body?.length ?? 0 })
      }
      case 'Stopped': {
        const { refusal } = judged
        for (const [name, value] of Object.entries(challengeOf(refusal))) reply.header(name, value)
        reply.code(refusal.status).type('application/problem+json').send(problemText(refusal))
        return undefined
      }
    }
  }
