/**
 * A whole server without a socket, for tests: a real engine on a log in memory, and a client that
 * signs.
 */
import { manualClock, seededIds } from '@grantlog/adapters/system'
import { inMemoryVault, PASSWORD_WORK_FLOOR } from '@grantlog/adapters/vault'
import {
  type AccessKeyId,
  AccessRecorded,
  type AccessRecordV1,
  type AccountId,
  DEFAULT_QUOTAS,
  type SecretRef,
} from '@grantlog/domain'
import { known } from '@grantlog/domain/testing'
import { type Engine, type EventLog, openEngine, secretRefOf } from '@grantlog/engine'
import { inMemoryLog, inMemoryViewStore } from '@grantlog/engine/testing'
import {
  DEFAULT_PROTOCOL_SETTINGS,
  type HttpRequest,
  type HttpResponse,
  inMemoryNonces,
  oauthHandler,
  PRODUCT_VERSIONS,
  readApiHandler,
  rpcHandler,
} from '@grantlog/protocol'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { expectPromised } from './promised.js'
import { type Credentials, type Names, signAcs3 } from './signing.js'

export const START = Date.parse('2026-01-02T03:04:05Z')
export const ACCOUNT = '1234567890123456' as AccountId

export type Answered = {
  readonly status: number
  readonly headers: Names
  readonly cookies?: ReadonlyArray<string>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any
}

const ROOT: Credentials = {
  accessKeyId: 'LTAI5tTestKeyId000000001',
  accessKeySecret: 'TestSecret00000000000000000001',
}

const openAccount = async (engine: Engine): Promise<void> => {
  const { accessKeyId, accessKeySecret } = ROOT
  const ref = secretRefOf(ACCOUNT, accessKeyId)
  await engine.vault.putAccessKeySecret(ref, { accountId: ACCOUNT, accessKeyId }, accessKeySecret)()
  const opened = await engine.execute(
    ACCOUNT,
    {
      type: 'OpenAccount',
      accountId: ACCOUNT,
      rootAccessKey: { accessKeyId: accessKeyId as AccessKeyId, secretRef: ref as SecretRef },
    },
    {
      commandId: 'open',
      requestId: 'open',
      actor: {
        accountId: ACCOUNT,
        principalType: 'System',
        principalId: 'test',
        arn: `acs:ram::${ACCOUNT}:root`,
      },
    },
  )()
  if (E.isLeft(opened)) throw new Error(opened.left.type)
}

const answered = ({ status, headers, body, cookies = [] }: HttpResponse): Answered => ({
  status,
  headers,
  cookies,
  body: headers['content-type']?.includes('json') ? JSON.parse(body) : body,
})

const linesOf = async (pieces: AsyncIterable<string>): Promise<ReadonlyArray<unknown>> => {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** An engine with one account, on a log that can be told to fail. Its clock stands still. */
const startEngine = async () => {
  const clock = manualClock(START)
  const faults = { isFailing: false }
  const kept = inMemoryLog({ clock })
  const log: EventLog = {
    ...kept,
    append: (stream, expected, events) =>
      faults.isFailing
        ? TE.left({ type: 'LogFailed', detail: 'told to fail' })
        : kept.append(stream, expected, events),
  }
  const opened = await openEngine({
    log,
    viewStore: inMemoryViewStore(),
    // The least work that is allowed, for the sake of time.
    vault: await inMemoryVault({ clock, passwordWork: PASSWORD_WORK_FLOOR }),
    clock,
    ids: seededIds(1, clock.now),
    quotas: DEFAULT_QUOTAS,
    onStopped: () => undefined,
  })
  if (E.isLeft(opened)) throw new Error(opened.left.type)
  const engine = opened.right
  await openAccount(engine)
  return { clock, faults, log, engine }
}

/** What a batch says of each call, without who and when. */
const recordsOf = ({ records, questions, answers, requestIds }: AccessRecorded) =>
  records.position.map((position, index): AccessRecordV1 => {
    const question = questions[records.question[index] ?? -1]
    const answer = answers[records.answer[index] ?? -1]
    const requestId = requestIds[records.request[index] ?? -1]
    if (question === undefined || answer === undefined || requestId === undefined)
      throw new Error('a place that is not there')
    const { action, resources } = question
    return { requestId, action, resources, ...answer, position }
  })

type Started = Awaited<ReturnType<typeof startEngine>>

type Browsed = {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly remoteAddress?: string
}

/** Sends signed calls to both protocols, each with a nonce of its own. */
const clientOf = ({ clock, engine }: Started) => {
  const nonces = inMemoryNonces({ startedAt: START })
  const environment = { engine, nonces, settings: DEFAULT_PROTOCOL_SETTINGS }
  const rpc = rpcHandler(environment)
  const readApi = readApiHandler(environment)
  const oauth = oauthHandler(environment)
  let nonce = 0
  const nextNonce = (): string => {
    nonce += 1
    return `nonce-${nonce}`
  }

  const send = async (request: HttpRequest): Promise<Answered> => answered(await rpc(request))
  const call = (
    action: string,
    query: Names = {},
    as: Credentials = ROOT,
    headers: Names = {},
    among: 'Ram' | 'Ims' = 'Ram',
  ): Promise<Answered> => {
    const product = action === 'AssumeRole' || action === 'GetCallerIdentity' ? 'Sts' : among
    const version = PRODUCT_VERSIONS[product]
    const now = clock.now()
    return send(signAcs3(as, { action, version, query, headers, nonce: nextNonce(), now }))
  }
  const read = async (
    target: {
      readonly path: string
      readonly query?: Names
      readonly body?: unknown
      readonly headers?: Names
    },
    as: Credentials = ROOT,
  ): Promise<Answered> => {
    const { path, query = {}, body, headers = {} } = target
    const method = body === undefined ? 'GET' : 'POST'
    const request = signAcs3(as, {
      action: 'Read',
      version: 'v1',
      method,
      path,
      query,
      headers,
      body: body === undefined ? '' : JSON.stringify(body),
      nonce: nextNonce(),
      now: clock.now(),
    })
    const response = await readApi(request)
    const { status, headers: told, lines } = response
    if (lines !== undefined) return { status, headers: told, body: await linesOf(lines) }
    const got = answered(response)
    if (got.status === 200 && typeof got.body === 'object') expectPromised(method, path, got.body)
    return got
  }
  const readUnsigned = async (rawUrl: string): Promise<Answered> => {
    const unsigned = { headers: {}, body: '', remoteAddress: '127.0.0.1', secure: false }
    return answered(await readApi({ method: 'GET', rawUrl, ...unsigned }))
  }
  /** A form to the token endpoint. */
  const askToken = async (form: Names, headers: Names = {}): Promise<Answered> =>
    answered(
      await oauth({
        method: 'POST',
        rawUrl: '/oauth2/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(form).toString(),
        remoteAddress: '10.1.2.3',
        secure: false,
      }),
    )
  /** An access token for such credentials. */
  const tokenFor = async (as: Credentials): Promise<string> => {
    const { body } = await askToken({
      grant_type: 'client_credentials',
      client_id: as.accessKeyId,
      client_secret: as.accessKeySecret,
      ...(as.securityToken === undefined ? {} : { security_token: as.securityToken }),
    })
    return body.access_token
  }
  const bearing = (token: string, request: Partial<HttpRequest>): HttpRequest => ({
    method: 'GET',
    rawUrl: '/v1/',
    body: '',
    remoteAddress: '10.1.2.3',
    secure: false,
    ...request,
    headers: { authorization: `Bearer ${token}`, ...request.headers },
  })
  const readBearing = async (token: string, request: Partial<HttpRequest>): Promise<Answered> =>
    answered(await readApi(bearing(token, request)))
  /** A call of a page, without a signature. */
  const browse = async (
    rawUrl: string,
    { body, headers = {}, remoteAddress = '10.1.2.3' }: Browsed = {},
  ): Promise<Answered> =>
    answered(
      await readApi({
        method: body === undefined ? 'GET' : 'POST',
        rawUrl,
        headers: {
          host: 'iam.example',
          'content-type': 'application/json',
          ...(body !== undefined && { origin: 'https://iam.example' }),
          ...headers,
        },
        body: body === undefined ? '' : JSON.stringify(body),
        remoteAddress,
        secure: true,
      }),
    )
  return {
    browse,
    send,
    call,
    read,
    readUnsigned,
    nextNonce,
    askToken,
    tokenFor,
    bearing,
    readBearing,
  }
}

/** A server with one account and its client. */
export const openServer = async () => {
  const started = await startEngine()
  const client = clientOf(started)
  /** A user with a key, and with such policies attached. */
  const makeUser = async (
    userName: string,
    policies: ReadonlyArray<string> = [],
  ): Promise<Credentials> => {
    await client.call('CreateUser', { UserName: userName })
    for (const policy of policies)
      await client.call('AttachPolicyToUser', {
        PolicyType: 'System',
        PolicyName: policy,
        UserName: userName,
      })
    const { body } = await client.call('CreateAccessKey', { UserName: userName })
    const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = body.AccessKey
    return { accessKeyId, accessKeySecret }
  }
  /** The access records so far, in order. */
  const records = async (): Promise<ReadonlyArray<AccessRecordV1>> => {
    const events = await started.log.readAll({ after: 0, limit: 1000 })()
    if (E.isLeft(events)) throw new Error(events.left.type)
    return events.right
      .filter(({ type }) => type === 'AccessRecorded')
      .flatMap(({ type, data }) => recordsOf(known(AccessRecorded, { type, ...JSON.parse(data) })))
  }
  return { ...started, ...client, records, makeUser, root: ROOT }
}

export type TestServer = Awaited<ReturnType<typeof openServer>>
