/**
 * The HTTP port: RAM and STS on `/`, the read API under `/v1/`, and what operators ask (`/livez`,
 * `/readyz`, `/metrics`).
 *
 * It listens before the data folder is opened, so that a taken port is found out before anything
 * is created; until the engine serves, every other answer is 503.
 */
import type { Engine } from '@grantlog/engine'
import type { HttpRequest, HttpResponse } from '@grantlog/protocol'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { answerFault, answerNotFound, answerStarting } from './http-errors.js'
import { type Metrics, standaloneMetrics } from './metrics.js'

/**
 * Everything of a call may stand in its URL, a SAML assertion of 250 KB too. Unit: bytes. Source:
 * signing reference.
 */
const HEADER_BYTES_MAX = 512 * 1024

/** Unit: bytes. Source: security design, limits. */
const BODY_BYTES_MAX = 1024 * 1024

type Handler = (request: HttpRequest) => Promise<HttpResponse>

/** What the server serves once the engine is open. */
export type Serving = { readonly engine: Engine; readonly rpc: Handler; readonly readApi: Handler }

export type HttpServer = {
  /** Resolves with the port that was taken. */
  readonly listen: (host: string, port: number) => Promise<number>
  readonly serve: (serving: Serving) => void
  readonly stop: () => Promise<void>
}

const decoded = (request: FastifyRequest): HttpRequest => ({
  method: request.method,
  rawUrl: request.raw.url ?? '/',
  headers: request.raw.headers as HttpRequest['headers'],
  body: typeof request.body === 'string' || Buffer.isBuffer(request.body) ? request.body : '',
  remoteAddress: request.raw.socket.remoteAddress ?? '',
  secure: false,
})

export const httpServer = (onFault: (fault: unknown) => void): HttpServer => {
  let serving: Serving | undefined
  const metrics = standaloneMetrics(() => serving?.engine)
  const app = Fastify({
    http: { maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: 10_000, requestTimeout: 30_000 },
    bodyLimit: BODY_BYTES_MAX,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
  })
  // Bodies are handed on as they came: the bytes that are signed are the bytes that are used.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  const answer =
    (handler: 'rpc' | 'v1', choose: (serving: Serving) => Handler) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      if (serving === undefined) return answerStarting(request, reply)
      const startedAt = performance.now()
      const response = await choose(serving)(decoded(request))
      metrics.countRequest(handler, response.status, (performance.now() - startedAt) / 1_000)
      return reply.code(response.status).headers(response.headers).send(response.body)
    }
  addRoutes(app, metrics, answer, () => serving)
  app.setNotFoundHandler(answerNotFound)
  app.setErrorHandler((fault: { statusCode?: number; message: string }, request, reply) => {
    if ((fault.statusCode ?? 500) >= 500) onFault(fault)
    return answerFault(request, reply, fault)
  })

  return {
    listen: async (host, port) => {
      await app.listen({ host, port })
      const address = app.server.address()
      return typeof address === 'object' && address !== null ? address.port : port
    },
    serve: (now) => {
      serving = now
    },
    stop: () => app.close(),
  }
}

const addRoutes = (
  app: FastifyInstance,
  metrics: Metrics,
  answer: (
    handler: 'rpc' | 'v1',
    choose: (serving: Serving) => Handler,
  ) => (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  serving: () => Serving | undefined,
): void => {
  app.get('/livez', (_request, reply) => reply.type('text/plain').send('ok\n'))
  app.get('/readyz', (_request, reply) => {
    const status = serving()?.engine.status() ?? { ready: false, reason: 'the server is starting' }
    return reply.code(status.ready ? 200 : 503).send(status)
  })
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  )
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']
  app.route({ method: methods, url: '/', handler: answer('rpc', ({ rpc }) => rpc) })
  for (const url of ['/v1', '/v1/*'])
    app.route({ method: methods, url, handler: answer('v1', ({ readApi }) => readApi) })
}
