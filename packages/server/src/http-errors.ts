/**
 * Errors that the HTTP port answers by itself, before any protocol takes a call: on the paths of
 * the read API, of AuthZEN and of access tokens as problem details (RFC 9457), elsewhere in the
 * envelope that clients of RAM know.
 */
import { randomUUID } from 'node:crypto'
import { problemResponse } from '@grantlog/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** How much of a path is repeated. Unit: characters. */
const PATH_CHARACTERS_MAX = 128

type HttpError = { readonly status: number; readonly code: string; readonly message: string }

/** Paths whose clients read problem details. */
const OF_PROBLEMS = /^\/(?:v1|access|oauth2)(?:[/?]|$)/

const answer = (
  request: FastifyRequest,
  reply: FastifyReply,
  { status, code, message }: HttpError,
): FastifyReply => {
  const requestId = randomUUID().toUpperCase()
  if (OF_PROBLEMS.test(request.url)) {
    const { headers, body } = problemResponse({ status, code, detail: message }, requestId)
    return reply.code(status).headers(headers).send(body)
  }
  const { host = '' } = request.headers
  const envelope = { RequestId: requestId, HostId: host, Code: code, Message: message }
  return reply.code(status).type('application/json;charset=utf-8').send(JSON.stringify(envelope))
}

export const answerStarting = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  answer(request, reply.header('retry-after', '1'), {
    status: 503,
    code: 'ServiceUnavailable',
    message: 'The server is starting.',
  })

/** Names the path and what there is instead. */
export const answerNotFound = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const [path = ''] = request.url.split('?')
  return answer(request, reply, {
    status: 404,
    code: 'InvalidAction.NotFound',
    message:
      `There is nothing at ${request.method} ${path.slice(0, PATH_CHARACTERS_MAX)}. ` +
      'RAM and STS are at /, the read API is at /v1/, AuthZEN at /access/v1/, access tokens are at ' +
      '/oauth2/token, and GET answers at /livez, /readyz, /metrics.',
  })
}

/** What went wrong before a handler answered; what is the server's own fault is not shown. */
export const answerFault = (
  request: FastifyRequest,
  reply: FastifyReply,
  fault: { readonly statusCode?: number; readonly message: string },
): FastifyReply => {
  // A content type that can't be read is as wrong as one that a protocol does not take.
  const status = fault.statusCode === 415 ? 400 : (fault.statusCode ?? 500)
  if (status >= 500)
    return answer(request, reply, {
      status,
      code: 'InternalError',
      message: 'An internal error occurred.',
    })
  const code = status === 413 ? 'RequestTooLarge' : 'InvalidRequest'
  return answer(request, reply, { status, code, message: fault.message })
}
