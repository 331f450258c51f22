/**
 * The HTTP port of a process: what operators ask (`/livez`, `/readyz`, `/metrics`), and where calls
 * are served, RAM and STS on `/`, the read API under `/v1/`, AuthZEN under `/access/v1/` and access
 * tokens at `/oauth2/token`.
 *
 * It listens before anything else is opened, so that a taken port is found out before anything is
 * created; until the process serves, every other answer is 503.
 */
import { Readable } from 'node:stream'
import type { Logger } from '@grantlog/adapters/system'
import { NO_SPAN, type Span, type Tracing } from '@grantlog/engine'
import type { HttpRequest, HttpResponse } from '@grantlog/protocol'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { answerFault, answerNotFound, answerStarting } from './http-errors.js'
import type { HandlerName, Metrics } from './metrics.js'
import { type Origin, originOf, trusting } from './trusted-proxies.js'

/**
 * Everything of a call may stand in its URL, a SAML assertion of 250 KB too. Unit: bytes. Source:
 * signing reference.
 */
const HEADER_BYTES_MAX = 512 * 1024

/** Unit: bytes. Source: security design, limits. */
const BODY_BYTES_MAX = 1024 * 1024

type Handler = (request: HttpRequest) => Promise<HttpResponse>

/** Whether a process serves, with whatever else an operator wants to see. */
export type Status = { readonly ready: boolean; readonly reason?: string }

/** For how long the log may be silent before a process says that it is not ready. Milliseconds. */
const SILENCE_MS_MAX = 10_000

/** Why a process that only follows the log is not ready for lack of it; null while it is. */
export const reasonOfSilence = (msSilent: number): string | null =>
  msSilent <= SILENCE_MS_MAX
    ? null
    : `the log has not answered for ${Math.floor(msSilent / 1_000)} s`

/** What a process serves once it is open; one without calls serves its operators alone. */
export type Serving = {
  readonly status: () => Status
  readonly calls?: Readonly<Record<HandlerName, Handler>>
}

export type HttpPort = {
  /** Resolves with the port that was taken. */
  readonly listen: (host: string, port: number) => Promise<number>
  readonly serve: (serving: Serving) => void
  readonly stop: () => Promise<void>
}

const decoded = (
  request: FastifyRequest,
  { traceparent }: Span,
  { remoteAddress, secure }: Origin,
): HttpRequest => ({
  method: request.method,
  rawUrl: request.raw.url ?? '/',
  headers: request.raw.headers as HttpRequest['headers'],
  body: typeof request.body === 'string' || Buffer.isBuffer(request.body) ? request.body : '',
  remoteAddress,
  secure,
  ...(traceparent === undefined ? {} : { traceparent }),
})

export type HttpPortOptions = {
  readonly metrics: Metrics
  readonly tracing: Tracing
  readonly logger: Logger
  readonly onFault: (fault: unknown) => void
  /** As `trustedProxiesSetting` has them; nobody when left out. */
  readonly trustedProxies?: ReadonlyArray<string>
}

const ROUTES = { rpc: '/', v1: '/v1/*', oauth2: '/oauth2/*', authzen: '/access/v1/*' } as const

/** The span that stands for a request in the trace of its caller, or begins one. */
const requestSpan = (
  tracing: Tracing,
  handler: HandlerName,
  { method, headers }: FastifyRequest,
): Span => {
  if (!tracing.isOn) return NO_SPAN
  const { traceparent } = headers
  const parent = typeof traceparent === 'string' ? traceparent : undefined
  const fields = handler === 'rpc' ? { method, route: ROUTES.rpc } : { method }
  return tracing.start(`${method} ${ROUTES[handler]}`, { kind: 'Server', parent, fields })
}

/** How long a reader of lines may take none. Unit: milliseconds. */
const READER_SILENCE_MS_MAX = 30_000

/** Makes lines as they are taken; one who takes none holds nothing for long. */
const sendLines = (
  { raw: { socket } }: FastifyRequest,
  reply: FastifyReply,
  lines: AsyncIterable<string>,
): FastifyReply => {
  const giveUp = (): void => void socket.destroy()
  socket.setTimeout(READER_SILENCE_MS_MAX, giveUp)
  reply.raw.once('close', () => {
    socket.off('timeout', giveUp)
    socket.setTimeout(0)
  })
  return reply.send(Readable.from(lines, { objectMode: false }))
}

/** One line for each call; a command that was refused is worth telling by itself. */
const logCall = (
  { info, debug }: Logger,
  handler: HandlerName,
  { status, note }: HttpResponse,
  durationMs: number,
): void => {
  const { requestId, operation, isCommand, accountId, errorCode } = note
  const what = handler === 'rpc' ? { operation } : { route: operation }
  const fields = { requestId, ...what, status, errorCode, accountId, durationMs }
  if (isCommand && errorCode !== undefined) info('a command was refused', fields)
  else debug('a call was answered', fields)
}

const endSpan = (span: Span, handler: HandlerName, { status, note }: HttpResponse): void => {
  if (span === NO_SPAN) return
  const { requestId, operation, accountId, errorCode } = note
  const called =
    operation === undefined ? {} : handler === 'rpc' ? { operation } : { route: operation }
  const by = accountId === undefined ? {} : { accountId }
  const refused = errorCode === undefined ? {} : { errorCode }
  const fields = { requestId, status, ...called, ...by, ...refused }
  if (status >= 500) span.fail(fields)
  else span.end(fields)
}

export const httpPort = ({
  metrics,
  tracing,
  logger,
  onFault,
  trustedProxies = [],
}: HttpPortOptions): HttpPort => {
  let serving: Serving | undefined
  const isTrusting = trustedProxies.length > 0
  const app = Fastify({
    http: { maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: 10_000, requestTimeout: 30_000 },
    bodyLimit: BODY_BYTES_MAX,
    exposeHeadRoutes: true,
    forceCloseConnections: 'idle',
    trustProxy: isTrusting ? trusting(trustedProxies) : false,
  })
  // Bodies are handed on as they came: the bytes that are signed are the bytes that are used.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  const answer =
    (handler: HandlerName) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      if (serving === undefined) return answerStarting(request, reply)
      if (serving.calls === undefined) return answerNotFound(request, reply)
      const origin = originOf(request, isTrusting)
      const startedAt = performance.now()
      const span = requestSpan(tracing, handler, request)
      const call = decoded(request, span, origin)
      const response = await serving.calls[handler](call).catch((fault) => {
        span.fail({ status: 500 })
        throw fault
      })
      const durationMs = performance.now() - startedAt
      metrics.countRequest(handler, response.status, durationMs / 1_000)
      endSpan(span, handler, response)
      logCall(logger, handler, response, durationMs)
      reply.code(response.status).headers(response.headers)
      for (const cookie of response.cookies ?? []) reply.header('set-cookie', cookie)
      return response.lines === undefined
        ? reply.send(response.body)
        : sendLines(request, reply, response.lines)
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
    handler: HandlerName,
  ) => (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  serving: () => Serving | undefined,
): void => {
  app.get('/livez', (_request, reply) => reply.type('text/plain').send('ok\n'))
  app.get('/readyz', (_request, reply) => {
    const status = serving()?.status() ?? { ready: false, reason: 'the server is starting' }
    return reply.code(status.ready ? 200 : 503).send(status)
  })
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  )
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']
  app.route({ method: methods, url: '/', handler: answer('rpc') })
  for (const url of ['/v1', '/v1/*']) app.route({ method: methods, url, handler: answer('v1') })
  app.route({ method: methods, url: '/oauth2/*', handler: answer('oauth2') })
  for (const url of ['/access/v1/*', '/.well-known/authzen-configuration'])
    app.route({ method: methods, url, handler: answer('authzen') })
}
