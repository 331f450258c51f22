/**
 * What both middlewares do: a signed call of somebody is shown to grantlog, which says who signed
 * it and whether they may do it.
 *
 * Deny on doubt: a call passes only when grantlog has proven its signer, and allowed it where that
 * was asked. When grantlog can't be asked the answer is 503.
 */
import { hash, randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import * as E from 'fp-ts/lib/Either.js'
import type { Client } from '../client.js'
import type { AskedDecision } from '../questions.js'
import type { AuthenticatedPrincipal } from '../shapes/authentication.js'
import type { Names } from '../sign.js'

export type GuardOptions<Request> = {
  readonly client: Pick<Client, 'authenticate'>
  /**
   * What this service is called in the `host` header. The header is signed: a call that was made to
   * another service, and is sent on by it, does not pass here.
   */
  readonly hosts: ReadonlyArray<string>
  /** What a request wants to do. Left out, or null: whoever proves who they are passes. */
  readonly decide?: (request: Request) => AskedDecision | null
  /** How long grantlog may take. Unit: milliseconds. */
  readonly timeoutMs?: number
}

/** A request as it came, with the bytes of its body. */
export type ReceivedRequest = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  readonly body: Uint8Array | string
  readonly remoteAddress: string
  readonly isSecure: boolean
}

export type Refusal = {
  readonly status: 400 | 401 | 403 | 503
  readonly code: string
  readonly detail: string
}

export type Guarded =
  | { readonly type: 'Passed'; readonly principal: AuthenticatedPrincipal }
  | { readonly type: 'Stopped'; readonly refusal: Refusal }

const TIMEOUT_MS_DEFAULT = 2_000

const SCHEME = 'ACS3-HMAC-SHA256'

const UNSIGNED = `The call carries no signature. It must be signed with an AccessKey, by ${SCHEME}.`

export const stopped = (status: Refusal['status'], code: string, detail: string): Guarded => ({
  type: 'Stopped',
  refusal: { status, code, detail },
})

/** Headers that count although a call need not name them as signed. */
const ALWAYS_SHOWN = ['authorization', 'content-type', 'x-acs-accesskey-id', 'x-acs-security-token']

/** Only what is signed is shown on: a cookie is nobody else's business. */
const shownHeaders = (headers: ReceivedRequest['headers']): Names => {
  const { authorization } = headers
  const signed = /SignedHeaders=([^,\s]+)/.exec(String(authorization ?? ''))?.[1] ?? ''
  const shown = [...ALWAYS_SHOWN, ...signed.toLowerCase().split(';')].flatMap((name) => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  return Object.fromEntries(shown)
}

/** What the service knows of a call that conditions ask for; what it is told counts first. */
const withCircumstances = (asked: AskedDecision, request: ReceivedRequest): AskedDecision => ({
  ...asked,
  context: {
    'acs:SourceIp': request.remoteAddress.replace(/^::ffff:(?=.*\.)/, ''),
    'acs:SecureTransport': String(request.isSecure),
    ...asked.context,
  },
})

export const guard = async <Request>(
  { client, hosts, decide, timeoutMs = TIMEOUT_MS_DEFAULT }: GuardOptions<Request>,
  request: Request,
  received: ReceivedRequest,
): Promise<Guarded> => {
  if (!hosts.includes(String(received.headers['host'])))
    return stopped(401, 'HostNotServed', 'The call was made to another host.')
  // Nobody need be asked who sent what nobody signed.
  if ((received.headers['authorization'] ?? '') === '')
    return stopped(401, 'MissingCredentials', UNSIGNED)
  const asked = decide?.(request) ?? null
  const [path = '/'] = received.url.split('?', 1)
  const answer = await client.authenticate(
    {
      method: received.method,
      path,
      query: received.url.slice(path.length + 1),
      headers: shownHeaders(received.headers),
      bodyDigest: hash('sha256', received.body, 'hex'),
      ...(asked === null ? {} : { decide: withCircumstances(asked, received) }),
    },
    { timeoutMs },
  )
  if (E.isLeft(answer))
    return stopped(503, 'ServiceUnavailable', 'Who calls, and what they may do, is not known now.')
  const { principal, problem, decision } = answer.right
  if (principal === null)
    return stopped(401, problem?.code ?? 'NotProven', problem?.detail ?? 'Who calls is not proven.')
  return asked === null || decision?.allowed === true
    ? { type: 'Passed', principal }
    : stopped(403, 'NoPermission', `You may not do ${asked.action} on ${String(asked.resource)}.`)
}

/** How a caller proves who they are, where a refusal says that this is missing or wrong. */
export const challengeOf = ({ status }: Refusal): Names =>
  status === 401 ? { 'www-authenticate': SCHEME } : {}

/** A refusal as problem details, with the members that the server's own have. */
export const problemText = ({ status, code, detail }: Refusal): string =>
  JSON.stringify({
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    code,
    detail,
    // Where the official clients look for it.
    message: detail,
    requestId: randomUUID().toUpperCase(),
  })
