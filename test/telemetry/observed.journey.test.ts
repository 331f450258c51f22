/**
 * The real server, watched from outside while it serves a story: spans, metrics and log lines are
 * there, fit together, and hold nothing that is secret or personal.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Credentials } from '../protocol/signing.js'
import { type CollectedSpan, type Collector, KIND, startCollector } from '../support/collector.js'
import { type Called, type ObservedServer, startObserved } from './observed-server.js'

const CALLER = '00f067aa0ba902b7'
const CREATING = '4bf92f3577b34da6a3ce929d0e0e4736'
const ASSUMING = '5bf92f3577b34da6a3ce929d0e0e4737'
const UNRECORDED = '6bf92f3577b34da6a3ce929d0e0e4738'
const traceparent = (traceId: string, flags = '01') => ({
  traceparent: `00-${traceId}-${CALLER}-${flags}`,
})

const PERSONAL = {
  DisplayName: 'Canary McPersonal',
  Email: 'canary.person@example.com',
  MobilePhone: '86-18600008888',
  Comments: 'the canary sings at night',
}
const TRUST = (accountId: string): string =>
  JSON.stringify({
    Version: '1',
    Statement: [
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { RAM: [`acs:ram::${accountId}:root`] },
      },
    ],
  })

let collector: Collector
let metrics: string
let written: string
let created: Called
let denied: Called
let assumed: Called
let secrets: ReadonlyArray<string>
let exitCode: number | null

/** A user is made, assumes a role, is refused, and what he did is read. */
const story = async ({ call, read, root, signatures }: ObservedServer): Promise<void> => {
  created = await call(
    root,
    'CreateUser',
    { UserName: 'canaryuser', ...PERSONAL },
    traceparent(CREATING),
  )
  await call(root, 'CreateUser', { UserName: 'canarytwo' }, traceparent(UNRECORDED, '00'))
  const key = (await call(root, 'CreateAccessKey', { UserName: 'canaryuser' })).body.AccessKey
  const user: Credentials = { accessKeyId: key.AccessKeyId, accessKeySecret: key.AccessKeySecret }
  await call(root, 'AttachPolicyToUser', {
    PolicyType: 'System',
    PolicyName: 'AliyunSTSAssumeRoleAccess',
    UserName: 'canaryuser',
  })
  const role = { RoleName: 'canaryrole', AssumeRolePolicyDocument: TRUST(root.accountId) }
  const { RoleName, Arn } = (await call(root, 'CreateRole', role)).body.Role
  const session = { RoleArn: Arn, RoleSessionName: 'canarysession' }
  assumed = await call(user, 'AssumeRole', session, traceparent(ASSUMING))
  const { AccessKeyId, AccessKeySecret, SecurityToken } = assumed.body.Credentials
  const temporary = {
    accessKeyId: AccessKeyId,
    accessKeySecret: AccessKeySecret,
    securityToken: SecurityToken,
  }
  await call(temporary, 'GetRole', { RoleName })
  denied = await call(user, 'CreateUser', { UserName: 'canarythree' })
  await call({ ...user, accessKeySecret: 'a'.repeat(30) }, 'ListUsers')
  await read(root, `/v1/accounts/${root.accountId}/events`)
  secrets = [
    root.accessKeySecret,
    user.accessKeySecret,
    temporary.accessKeySecret,
    temporary.securityToken,
    'canary',
    'Canary',
    PERSONAL.MobilePhone,
    ...signatures,
  ]
}

beforeAll(async () => {
  collector = await startCollector()
  const server = await startObserved(['--otlp', collector.url, '--log-level', 'debug'])
  await story(server)
  metrics = await server.metrics()
  exitCode = await server.stop()
  written = server.written()
})
afterAll(() => collector.stop())

const inTrace = (traceId: string, name: string): ReadonlyArray<CollectedSpan> =>
  collector.spans().filter((span) => span.traceId === traceId && span.name === name)

const only = (traceId: string, name: string): CollectedSpan => {
  const [span, ...others] = inTrace(traceId, name)
  if (span === undefined || others.length > 0)
    throw new Error(`there are ${others.length + 1} spans ${name}`)
  return span
}

/** Of the metrics page. */
const shown = (line: string): number => {
  const found = metrics.split('\n').find((text) => text.startsWith(`${line} `))
  if (found === undefined) throw new Error(`no ${line} in\n${metrics}`)
  return Number(found.slice(line.length + 1))
}

describe('the spans', () => {
  it('given a command with a trace, then its parts hang together from the request on', () => {
    expect(exitCode).toBe(0)
    const request = only(CREATING, 'POST /')
    expect([request.parentSpanId, request.kind]).toEqual([CALLER, KIND.Server])
    expect(request.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/',
      'http.response.status_code': 200,
      'grantlog.operation': 'CreateUser',
      'grantlog.request_id': created.requestId,
      'grantlog.account_id': expect.stringMatching(/^\d{16}$/),
    })
    for (const part of ['decide', 'append', 'views.wait'])
      expect([part, only(CREATING, part).parentSpanId]).toEqual([part, request.spanId])
    expect(only(CREATING, 'append').attributes).toMatchObject({
      'grantlog.stream_kind': 'account',
      'grantlog.outcome': 'Stored',
    })
  })

  it('given its event, then the views that apply it are linked to the request', () => {
    const request = only(CREATING, 'POST /')
    const applied = collector
      .spans()
      .filter(({ name, links }) => name === 'views.apply' && links.includes(request.spanId))
    expect(applied.map(({ kind }) => kind)).toEqual([KIND.Consumer])
  })

  it('given AssumeRole, then the credential is issued within the trace of its call', () => {
    const request = only(ASSUMING, 'POST /')
    const issue = only(ASSUMING, 'sts.issue')
    expect([request.parentSpanId, issue.parentSpanId]).toEqual([CALLER, request.spanId])
    expect(only(ASSUMING, 'views.wait').parentSpanId).toBe(request.spanId)
    const appends = inTrace(ASSUMING, 'append').map(({ parentSpanId, attributes }) => [
      parentSpanId,
      attributes['grantlog.stream_kind'],
    ])
    expect(appends).toHaveLength(2)
    expect(appends).toContainEqual([request.spanId, 'sessions'])
    expect(appends).toContainEqual([issue.spanId, 'credentials'])
  })

  it('given a caller that does not record its trace, then nothing of it is sent', () => {
    expect(collector.spans().filter(({ traceId }) => traceId === UNRECORDED)).toEqual([])
  })

  it('given a refusal, then its span has the code and is no fault', () => {
    const refused = collector
      .spans()
      .find(({ attributes }) => attributes['grantlog.request_id'] === denied.requestId)
    expect(refused?.attributes).toMatchObject({
      'http.response.status_code': 403,
      'error.type': 'NoPermission',
    })
    expect(refused?.isFault).toBe(false)
  })
})

describe('the metrics', () => {
  it('given the story, then they count what happened in it', () => {
    expect(shown('grantlog_commands_total{command="CreateUser",outcome="Changed"}')).toBe(2)
    expect(shown('grantlog_commands_total{command="AssumeRole",outcome="Changed"}')).toBe(1)
    expect(shown('grantlog_decisions_total{outcome="ImplicitDeny"}')).toBe(2)
    expect(shown('grantlog_decisions_total{outcome="Allow"}')).toBeGreaterThan(5)
    expect(shown('grantlog_decisions_total{outcome="ViewsBehind"}')).toBe(0)
    const appends = 'grantlog_append_duration_seconds_count'
    expect(shown(`${appends}{kind="sessions",outcome="Stored"}`)).toBe(1)
    expect(shown(`${appends}{kind="credentials",outcome="Stored"}`)).toBe(1)
    expect(shown(`${appends}{kind="account",outcome="Stored"}`)).toBe(6)
    expect(shown('grantlog_sts_issued_total')).toBe(1)
    expect(shown('grantlog_sts_issue_duration_seconds_sum')).toBeLessThan(60)
    expect(shown('grantlog_sts_expired_total')).toBe(0)
    expect(shown('grantlog_commands_waiting')).toBe(0)
    expect(shown('grantlog_http_requests_total{handler="rpc",status="200"}')).toBe(6)
  })

  it('given each view, then its place and its lag are told', () => {
    const head = shown('grantlog_log_head_position')
    expect(head).toBeGreaterThan(8)
    for (const view of ['directory', 'grants', 'credentials', 'history', 'usage', 'recording']) {
      expect(shown(`grantlog_view_position{view="${view}"}`)).toBe(head)
      expect(shown(`grantlog_view_lag_events{view="${view}"}`)).toBe(0)
      expect(shown(`grantlog_view_lag_seconds{view="${view}"}`)).toBe(0)
      expect(shown(`grantlog_view_stored_position{view="${view}"}`)).toBeLessThanOrEqual(head)
    }
  })
})

describe('the log', () => {
  const lines = (): ReadonlyArray<Readonly<Record<string, unknown>>> =>
    written
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))

  it('given a call, then one line at debug tells of it by its request id', () => {
    const told = lines().filter(({ requestId }) => requestId === created.requestId)
    expect(told).toEqual([
      {
        level: 'debug',
        time: expect.any(String),
        requestId: created.requestId,
        operation: 'CreateUser',
        status: 200,
        accountId: expect.stringMatching(/^\d{16}$/),
        durationMs: expect.any(Number),
        msg: 'a call was answered',
      },
    ])
    const read = lines().filter(({ route }) => route === '/v1/accounts/{accountId}/events')
    expect(read).toMatchObject([{ msg: 'a call was answered', status: 200 }])
  })

  it('given a refused command, then its line is at info and has the code', () => {
    const [told] = lines().filter(({ requestId }) => requestId === denied.requestId)
    expect(told).toMatchObject({
      level: 'info',
      operation: 'CreateUser',
      status: 403,
      errorCode: 'NoPermission',
    })
  })

  it('given everything that is written, then no field was left out of a line', () => {
    expect(written).not.toContain('fieldsLeftOut')
  })
})

describe('what is secret or personal', () => {
  it('given log, metrics and spans, then none of it is there', () => {
    const everything = [written, metrics, collector.received()].join('\n')
    expect(everything).toContain(assumed.requestId)
    expect(secrets.length).toBeGreaterThan(15)
    expect(secrets.filter((secret) => secret === '' || everything.includes(secret))).toEqual([])
  })
})
