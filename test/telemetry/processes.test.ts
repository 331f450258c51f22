/**
 * One call through several processes: an engine, an STS worker and a relay, each with tracing of
 * its own, on one log. What each does with the events of the call leads back to it.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { seededIds, systemClock } from '@grantlog/adapters/system'
import { type OpenTracing, openTracing } from '@grantlog/adapters/telemetry'
import { inMemoryVault } from '@grantlog/adapters/vault'
import { type AccountCommand, type AccountId, DEFAULT_QUOTAS, type UserId } from '@grantlog/domain'
import {
  type Circumstances,
  type Engine,
  NO_METER,
  type Observer,
  openEngine,
  openStsWorkers,
  type StoredEvent,
  startRelay,
} from '@grantlog/engine'
import { inMemoryFeed, inMemoryLog, inMemoryViewStore } from '@grantlog/engine/testing'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Collector, KIND, startCollector } from '../support/collector.js'

const ACCOUNT = '1234567890123456' as AccountId
const ROLE = 'operator'

/** From here the packages resolve as they do for a service. */
const SERVER = fileURLToPath(new URL('../../services/standalone', import.meta.url))

const right = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}

const tracings: OpenTracing[] = []
const stops: Array<() => Promise<void>> = []
let collector: Collector
let session: ReadonlyArray<StoredEvent>

const observed = async (service: string): Promise<Observer & { tracing: OpenTracing }> => {
  const tracing = await openTracing({
    endpoint: collector.url,
    service,
    version: '1',
    onCollector: () => undefined,
  })
  tracings.push(tracing)
  return { meter: NO_METER, tracing }
}

let requests = 0
const circumstances = (traceparent?: string): Circumstances => {
  requests += 1
  return {
    commandId: `command-${requests}`,
    requestId: `request-${requests}`,
    actor: { accountId: ACCOUNT, principalType: 'Root', principalId: ACCOUNT, arn: 'root' },
    ...(traceparent === undefined ? {} : { traceparent }),
  }
}

/** An account with a user that may assume a role. */
const populate = async (engine: Engine): Promise<void> => {
  const trust = {
    Version: '1',
    Statement: [
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { RAM: [`acs:ram::${ACCOUNT}:root`] },
      },
    ],
  }
  const accessKeyId = engine.ids.accessKeyId()
  const commands = [
    { type: 'OpenAccount', accountId: ACCOUNT, rootAccessKey: { accessKeyId, secretRef: 'ref' } },
    { type: 'CreateUser', userId: '200000000000000001', userName: 'alice' },
    {
      type: 'CreateRole',
      roleId: '300000000000000001',
      roleName: ROLE,
      trustPolicy: JSON.stringify(trust),
      maxSessionDuration: 3_600,
    },
    {
      type: 'AttachPolicy',
      policyType: 'System',
      policyName: 'AliyunSTSAssumeRoleAccess',
      target: { type: 'User', userName: 'alice' },
    },
  ]
  for (const command of commands)
    right(await engine.execute(ACCOUNT, command as AccountCommand, circumstances())())
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** All that the log holds. */
const everything = async (log: ReturnType<typeof inMemoryLog>) =>
  right(await log.readAll({ after: 0, limit: 1_000 })())

const CALLER = {
  type: 'User',
  accountId: ACCOUNT,
  userId: '200000000000000001' as UserId,
  userName: 'alice',
  accessKeyId: 'LTAI5tTestKeyId000000001',
} as const

/** One AssumeRole with all three at work; then each of them sends what it has. */
const assumeRole = async (): Promise<void> => {
  const log = inMemoryLog({ clock: systemClock })
  const common = { log, clock: systemClock, onStopped: () => undefined }
  const front = await observed('api')
  const ids = seededIds(1)
  const vault = await inMemoryVault({ clock: systemClock })
  const engine = right(
    await openEngine({
      ...common,
      ids,
      vault,
      viewStore: inMemoryViewStore(),
      quotas: DEFAULT_QUOTAS,
      cluster: { onAssumed: () => undefined },
      observer: front,
    }),
  )
  stops.push(engine.stop)
  await populate(engine)
  const worker = await observed('sts-worker')
  const workers = right(
    await openStsWorkers({
      ...common,
      ids: seededIds(2),
      viewStore: inMemoryViewStore(),
      shards: 1,
      own: [0],
      observer: worker,
    }),
  )
  stops.push(workers.stop)
  const copying = await observed('relay')
  const relay = startRelay({ ...common, feed: inMemoryFeed(), observer: copying })
  stops.push(relay.stop)

  const request = front.tracing.start('POST /', { kind: 'Server' })
  const asked = { roleAccountId: ACCOUNT, roleName: ROLE, sessionName: 'night-shift' }
  const at = circumstances(request.traceparent)
  right(await engine.assumeRole(asked, CALLER, new Map(), at)())
  request.end()
  session = (await everything(log)).slice(-2)
  const [, issued] = session
  await until(() => relay.status().published === issued?.position)
  await until(() => workers.applied() === issued?.position)
  for (const stop of stops.splice(0)) await stop()
  for (const tracing of tracings.splice(0)) await tracing.stop()
}

beforeAll(async () => {
  collector = await startCollector()
  await assumeRole()
})
afterAll(() => collector.stop())

const spanOf = (service: string, name: string) => {
  const found = collector.spans().filter((span) => span.service === service && span.name === name)
  if (found[0] === undefined) throw new Error(`${service} has sent no ${name}`)
  return found[0]
}

describe('a call through three processes', () => {
  it('given the worker, then it issues within the trace of the call', () => {
    const request = spanOf('api', 'POST /')
    const issue = spanOf('sts-worker', 'sts.issue')
    expect([issue.traceId, issue.parentSpanId]).toEqual([request.traceId, request.spanId])
    const append = spanOf('sts-worker', 'append')
    expect([append.traceId, append.parentSpanId]).toEqual([issue.traceId, issue.spanId])
  })

  it('given the events, then they name the spans that made them', () => {
    const request = spanOf('api', 'POST /')
    const issue = spanOf('sts-worker', 'sts.issue')
    const told = session.map(({ type, metadata }) => [type, JSON.parse(metadata).traceparent])
    expect(told).toEqual([
      ['RoleAssumed', `00-${request.traceId}-${request.spanId}-01`],
      ['CredentialIssued', `00-${request.traceId}-${issue.spanId}-01`],
    ])
  })

  it('given views and relay, then what they do by themselves is linked to the call', () => {
    const request = spanOf('api', 'POST /')
    const issue = spanOf('sts-worker', 'sts.issue')
    for (const [service, name, kind] of [
      ['api', 'views.apply', KIND.Consumer],
      ['sts-worker', 'views.apply', KIND.Consumer],
      ['relay', 'relay.publish', KIND.Producer],
    ] as const) {
      const own = collector.spans().filter((span) => span.service === service && span.name === name)
      const links = own.flatMap((span) => span.links)
      expect([service, links.toSorted()]).toEqual([
        service,
        [request.spanId, issue.spanId].toSorted(),
      ])
      expect(own.every((span) => span.kind === kind && span.parentSpanId === '')).toBe(true)
      expect(own.every((span) => span.traceId !== request.traceId)).toBe(true)
    }
  })
})

describe('a collector that is away', () => {
  it('given spans, then it is told once that it went, and nothing waits for it', async () => {
    const gone = await startCollector()
    await gone.stop()
    const told: Array<readonly [boolean, string]> = []
    const tracing = await openTracing({
      endpoint: gone.url,
      service: 'api',
      version: '1',
      onCollector: (isThere, detail) => told.push([isThere, detail]),
    })
    for (let n = 0; n < 1_500; n += 1) tracing.start('append', {}).end()
    await tracing.stop()
    expect(told.map(([isThere]) => isThere)).toEqual([false])
  })
})

describe('a process without a collector', () => {
  it('given its front, then the libraries of tracing are not loaded', async () => {
    const script = `
      import { createRequire } from 'node:module'
      import { openFront, nothingOpened } from '@grantlog/server'
      import { createLogger } from '@grantlog/adapters/system'
      const told = { logger: createLogger({ level: 'silent' }), onFault: () => {} }
      const opened = nothingOpened(told.onFault)
      const loaded = () =>
        Object.keys(createRequire(import.meta.url).cache).filter((path) => /sdk-trace|otlp/.test(path))
      await openFront('grantlog', { otlp: null }, told, opened)
      const before = loaded().length
      await openFront('grantlog', { otlp: 'http://127.0.0.1:9' }, told, opened)
      console.log(before, loaded().length > 0)
      await opened.closeAll()
    `
    const args = ['--input-type=module', '--eval', script]
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: SERVER })
    expect(stdout).toBe('0 true\n')
  })
})
