/**
 * docker-compose.yml: a valid file whose versions are pinned, whose processes accept their
 * settings, are kept small in rights, and of which nothing is open to the network.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as api from '@grantlog/api'
import { EVENT_BYTES_MAX } from '@grantlog/engine'
import * as relay from '@grantlog/relay'
import { type Settings, VERSION } from '@grantlog/server'
import * as stsWorker from '@grantlog/sts-worker'
import type * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ROOT, textOf } from './source-files.js'

type Service = {
  readonly image?: string
  readonly build?: string
  readonly command?: ReadonlyArray<string>
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: ReadonlyArray<string>
  readonly volumes?: ReadonlyArray<string>
  readonly healthcheck?: { readonly test?: ReadonlyArray<string>; readonly retries?: number }
  readonly depends_on?: Readonly<Record<string, { readonly condition?: string }>>
  readonly init?: boolean
  readonly read_only?: boolean
  readonly tmpfs?: ReadonlyArray<string>
  readonly cap_drop?: ReadonlyArray<string>
  readonly security_opt?: ReadonlyArray<string>
  readonly pull_policy?: string
  readonly stop_grace_period?: string
  readonly restart?: string
}

/** What a service may say here. Compose refuses a file with a misspelt member. */
const MEMBERS: ReadonlySet<string> = new Set([
  ...['image', 'build', 'pull_policy', 'command', 'environment', 'ports', 'volumes', 'tmpfs'],
  ...['healthcheck', 'depends_on', 'init', 'restart', 'stop_grace_period'],
  ...['read_only', 'cap_drop', 'security_opt'],
])

const compose = parse(textOf('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
}
const services = Object.entries(compose.services)
const ours = services.filter(([, { build }]) => build !== undefined)

const PROGRAMS: Readonly<
  Record<
    string,
    {
      readonly SETTINGS: Settings
      readonly readConfiguration: (args: ReadonlyArray<string>) => E.Either<unknown, unknown>
    }
  >
> = { api, 'sts-worker': stsWorker, relay }

/** The services about which the question is not answered with yes. */
const without = (
  question: (service: Service) => boolean,
  among: ReadonlyArray<readonly [string, Service]> = services,
): ReadonlyArray<string> => among.flatMap(([name, service]) => (question(service) ? [] : [name]))

const mainOf = ({ command = [] }: Service): string => command.at(-1) ?? ''

const programOf = (service: Service): string => mainOf(service).split('/')[1] ?? ''

/** What the image and the file say to a process, as the flags that mean the same. */
const flagsOf = (service: Service): ReadonlyArray<string> => {
  const { SETTINGS = {} } = PROGRAMS[programOf(service)] ?? {}
  return Object.entries(service.environment ?? {}).flatMap(([variable, value]) => {
    const setting = Object.values(SETTINGS).find((known) => known.variable === variable)
    const [, flag = variable, argument] = /(--[a-z-]+)( <\w+>)?$/.exec(setting?.flag ?? '') ?? []
    return argument === undefined ? [flag] : [flag, value]
  })
}

describe('the compose file', () => {
  it('given its services, then they are the log, the bus and the processes of a cluster', () => {
    expect(services.map(([name]) => name)).toEqual([
      ...['eventstoredb', 'nats'],
      ...['api-1', 'api-2', 'sts-worker-1', 'sts-worker-2', 'relay'],
    ])
    expect(ours.map(([, service]) => programOf(service))).toEqual([
      ...['api', 'api', 'sts-worker', 'sts-worker', 'relay'],
    ])
  })

  it('given the rules of such files, then it keeps them, and where Compose is, it says so', () => {
    const faults = services.flatMap(([name, service]) => [
      ...Object.keys(service).filter((member) => !MEMBERS.has(member)),
      ...Object.entries(service.depends_on ?? {})
        .filter(([on, { condition }]) => !(on in compose.services) || condition === undefined)
        .map(([on]) => `${name} depends on ${on}`),
      ...Object.values(service.environment ?? {}).filter((value) => typeof value !== 'string'),
    ])
    expect(faults).toEqual([])
    const isThere = spawnSync('docker', ['compose', 'version']).status === 0
    const told = isThere
      ? spawnSync('docker', ['compose', 'config', '--quiet'], { cwd: ROOT, encoding: 'utf8' })
      : { status: 0, stderr: '' }
    expect(told).toMatchObject({ status: 0, stderr: '' })
  })

  it('given an image, then its tag names one release, and ours this one', () => {
    expect(without(({ image }) => /^[\w./-]+:\d+\.\d+\.\d+[\w.-]*$/.test(image ?? ''))).toEqual([])
    expect(without(({ image }) => image === `grantlog:${VERSION}`, ours)).toEqual([])
    expect(without(({ pull_policy }) => pull_policy === 'build', ours)).toEqual([])
  })

  it('given a service, then its health is asked for, by itself or by its image', () => {
    const asks = ({ build, healthcheck }: Service): boolean =>
      build === undefined
        ? (healthcheck?.test?.length ?? 0) > 1 && (healthcheck?.retries ?? 0) > 0
        : healthcheck === undefined && existsSync(join(ROOT, build, 'Dockerfile'))
    expect(without(asks)).toEqual([])
    expect(textOf('Dockerfile')).toMatch(/^HEALTHCHECK /m)
  })

  it('given a process, then it waits for healthy servers and comes back after a crash', () => {
    const healthy = { condition: 'service_healthy' }
    for (const [, { depends_on }] of ours)
      expect(depends_on).toEqual({ eventstoredb: healthy, nats: healthy })
    expect(without(({ restart }) => restart === 'unless-stopped')).toEqual([])
  })

  it('given a volume, then it is a named one that is declared, and none is declared for nobody', () => {
    const used = services.flatMap(([, { volumes = [] }]) => volumes.map((v) => v.split(':')[0]))
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(compose.volumes).toSorted())
  })

  it('given the api replicas, then they share the vault, and each process has views of its own', () => {
    const mounted = (folder: string): ReadonlyArray<string> =>
      ours.flatMap(([, { volumes = [] }]) => volumes.filter((v) => v.endsWith(`:${folder}`)))
    expect(mounted('/vault')).toEqual(['vault:/vault', 'vault:/vault'])
    expect(new Set(mounted('/data')).size).toBe(4)
    expect(mounted('/data')).toHaveLength(4)
  })

  it('given a port, then it is open on loopback only', () => {
    const closed = ({ ports = [] }: Service): boolean =>
      ports.every((port) => /^127\.0\.0\.1:\d+:\d+$/.test(port))
    expect(without(closed)).toEqual([])
  })

  it('given a service, then it has no more rights than it needs', () => {
    const isHumble = ({ cap_drop = [], security_opt = [] }: Service): boolean =>
      cap_drop.includes('ALL') && security_opt.includes('no-new-privileges:true')
    const isReadOnly = ({ read_only, tmpfs = [], init }: Service): boolean =>
      read_only === true && tmpfs.includes('/tmp') && init === true
    expect(without(isHumble)).toEqual([])
    expect(without(isReadOnly, ours)).toEqual([])
  })

  it('given a process, then the build makes what it runs', () => {
    const isMade = (service: Service): boolean =>
      mainOf(service) === `services/${programOf(service)}/dist/main.js` &&
      existsSync(join(ROOT, 'services', programOf(service), 'src/main.ts'))
    expect(without(isMade, ours)).toEqual([])
  })

  it('given the settings of a process, then it knows and accepts them', () => {
    for (const [, service] of ours) {
      const read = PROGRAMS[programOf(service)]?.readConfiguration(flagsOf(service))
      expect(read).toMatchObject({ right: { host: '0.0.0.0', allowRemote: true } })
    }
  })

  it('given the largest event, then EventStoreDB takes it with its envelope', () => {
    const limit = compose.services['eventstoredb']?.environment?.['EVENTSTORE_MAX_APPEND_SIZE']
    expect(Number(limit)).toBeGreaterThanOrEqual(2 * EVENT_BYTES_MAX)
  })

  it('given processes that count shards, then all count the same', () => {
    const counts = ours.flatMap(([, { environment }]) => environment?.['GRANTLOG_SHARDS'] ?? [])
    expect(counts).toHaveLength(4)
    expect(new Set(counts).size).toBe(1)
  })
})
