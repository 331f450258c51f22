/**
 * A whole server without a socket, for tests: a real engine on a log in memory, and a client that
 * signs.
 */
import { createHmac, hash } from 'node:crypto'
import { manualClock, seededIds } from '@grantlog/adapters/system'
import { accessKeyRef, inMemoryVault } from '@grantlog/adapters/vault'
import {
  type AccessKeyId,
  type AccessRecord,
  type AccountId,
  DEFAULT_QUOTAS,
  type SecretRef,
} from '@grantlog/domain'
import { type Engine, type EventLog, openEngine } from '@grantlog/engine'
import { inMemoryLog, inMemoryViewStore } from '@grantlog/engine/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { DEFAULT_PROTOCOL_SETTINGS, type HttpRequest, type HttpResponse } from '../http.js'
import { rpcHandler } from '../rpc/handle.js'
import { PRODUCT_VERSIONS } from '../rpc/operation.js'
import { inMemoryNonces } from '../signature/nonces.js'
import { encodePercent } from '../signature/percent.js'
import { stringToSignV1 } from '../signature/v1.js'
import { readApiHandler } from '../v1/handle.js'

export const START = Date.parse('2026-01-02T03:04:05Z')
export const ACCOUNT = '1234567890123456' as AccountId

export type Credentials = {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}

type Names = Readonly<Record<string, string>>

export type Answered = {
  readonly status: number
  readonly headers: Names
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any
}

const ROOT: Credentials = {
  accessKeyId: 'LTAI5tTestKeyId000000001',
  accessKeySecret: 'TestSecret00000000000000000001',
}

const openAccount = async (engine: Engine): Promise<void> => {
  const { accessKeyId, accessKeySecret } = ROOT
  const ref = accessKeyRef(ACCOUNT, accessKeyId)
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

const timestampOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** Signs a call as the current clients do: everything in the query and in signed headers. */
export const signAcs3 = (
  credentials: Credentials,
  options: {
    readonly action: string
    readonly version: string
    readonly query?: Names
    readonly headers?: Names
    readonly nonce: string
    readonly now: number
    readonly method?: string
    readonly path?: string
    readonly body?: string
  },
): HttpRequest => {
  const { method = 'POST', path = '/', body = '' } = options
  const query = Object.entries(options.query ?? {})
    .map(([name, value]) => `${encodePercent(name)}=${encodePercent(value)}`)
    .sort()
    .join('&')
  const { securityToken: token, accessKeyId } = credentials
  const headers: Record<string, string> = {
    host: '127.0.0.1:8899',
    'x-acs-action': options.action,
    'x-acs-version': options.version,
    'x-acs-date': timestampOf(options.now),
    'x-acs-signature-nonce': options.nonce,
    'x-acs-content-sha256': hash('sha256', body, 'hex'),
    ...(token === undefined
      ? {}
      : { 'x-acs-accesskey-id': accessKeyId, 'x-acs-security-token': token }),
  }
  const names = Object.keys(headers).sort()
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('')
  const digest = headers['x-acs-content-sha256']
  const canonical = `${method}\n${path}\n${query}\n${lines}\n${names.join(';')}\n${digest}`
  const text = `ACS3-HMAC-SHA256\n${hash('sha256', canonical, 'hex')}`
  const signature = createHmac('sha256', credentials.accessKeySecret).update(text).digest('hex')
  const authorization =
    `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names.join(';')},` +
    `Signature=${signature}`
  const rawUrl = query === '' ? path : `${path}?${query}`
  return {
    method,
    rawUrl,
    headers: { ...headers, authorization, ...options.headers },
    body,
    remoteAddress: '::ffff:10.1.2.3',
    secure: false,
  }
}

/** Signs a call as the older clients do. */
export const signV1 = (
  credentials: Credentials,
  parameters: Names,
  options: { readonly method: 'GET' | 'POST'; readonly nonce: string; readonly now: number },
): HttpRequest => {
  const all = new Map(
    Object.entries({
      AccessKeyId: credentials.accessKeyId,
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      SignatureNonce: options.nonce,
      Timestamp: timestampOf(options.now),
      ...(credentials.securityToken === undefined
        ? {}
        : { SecurityToken: credentials.securityToken }),
      ...parameters,
    }),
  )
  const text = stringToSignV1(options.method, '/', all)
  const key = `${credentials.accessKeySecret}&`
  all.set('Signature', createHmac('sha1', key).update(text).digest('base64'))
  const encoded = [...all].map(([name, value]) => `${name}=${encodePercent(value)}`).join('&')
  const isGet = options.method === 'GET'
  return {
    method: options.method,
    rawUrl: isGet ? `/?${encoded}` : '/',
    headers: {
      host: '127.0.0.1:8899',
      ...(isGet ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    body: isGet ? '' : Buffer.from(encoded),
    remoteAddress: '10.1.2.3',
    secure: false,
  }
}

const answered = ({ status, headers, body }: HttpResponse): Answered => ({
  status,
  headers,
  body: headers['content-type']?.includes('json') ? JSON.parse(body) : body,
})

/** A server with one account. Its clock stands still until it is moved. */
export const openServer = async () => {
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
    vault: await inMemoryVault({ clock }),
    clock,
    ids: seededIds(1),
    quotas: DEFAULT_QUOTAS,
    onStopped: () => undefined,
  })
  if (E.isLeft(opened)) throw new Error(opened.left.type)
  const engine = opened.right
  await openAccount(engine)
  const nonces = inMemoryNonces({ startedAt: START })
  const environment = { engine, nonces, settings: DEFAULT_PROTOCOL_SETTINGS }
  const rpc = rpcHandler(environment)
  const readApi = readApiHandler(environment)
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
  ): Promise<Answered> => {
    const product = action === 'AssumeRole' || action === 'GetCallerIdentity' ? 'Sts' : 'Ram'
    const version = PRODUCT_VERSIONS[product]
    const now = clock.now()
    return send(signAcs3(as, { action, version, query, headers, nonce: nextNonce(), now }))
  }
  const read = async (
    target: { readonly path: string; readonly query?: Names; readonly body?: unknown },
    as: Credentials = ROOT,
  ): Promise<Answered> => {
    const { path, query = {}, body } = target
    const request = signAcs3(as, {
      action: 'Read',
      version: 'v1',
      method: body === undefined ? 'GET' : 'POST',
      path,
      query,
      body: body === undefined ? '' : JSON.stringify(body),
      nonce: nextNonce(),
      now: clock.now(),
    })
    return answered(await readApi(request))
  }
  /** A user with a key, and with such policies attached. */
  const makeUser = async (
    userName: string,
    policies: ReadonlyArray<string> = [],
  ): Promise<Credentials> => {
    await call('CreateUser', { UserName: userName })
    for (const policy of policies)
      await call('AttachPolicyToUser', {
        PolicyType: 'System',
        PolicyName: policy,
        UserName: userName,
      })
    const { body } = await call('CreateAccessKey', { UserName: userName })
    const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = body.AccessKey
    return { accessKeyId, accessKeySecret }
  }
  /** The access records so far, in order. */
  const records = async (): Promise<ReadonlyArray<AccessRecord>> => {
    const events = await log.readAll({ after: 0, limit: 1000 })()
    if (E.isLeft(events)) throw new Error(events.left.type)
    return events.right
      .filter(({ type }) => type === 'AccessRecorded')
      .flatMap(({ data }) => JSON.parse(data).records)
  }
  return {
    clock,
    engine,
    log,
    faults,
    records,
    send,
    call,
    read,
    readApi,
    makeUser,
    nextNonce,
    root: ROOT,
  }
}

export type TestServer = Awaited<ReturnType<typeof openServer>>
