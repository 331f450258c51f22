/** docker-compose.yml: versions pinned, health asked, data kept, nothing open to the network. */
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { textOf } from './source-files.js'

type Service = {
  readonly image?: string
  readonly ports?: ReadonlyArray<string>
  readonly volumes?: ReadonlyArray<string>
  readonly healthcheck?: { readonly test?: ReadonlyArray<string>; readonly retries?: number }
  readonly privileged?: boolean
  readonly network_mode?: string
}

const compose = parse(textOf('docker-compose.yml')) as {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
}
const services = Object.entries(compose.services)

/** The services about which the question is not answered with yes. */
const without = (question: (service: Service) => boolean): ReadonlyArray<string> =>
  services.flatMap(([name, service]) => (question(service) ? [] : [name]))

describe('the compose file', () => {
  it('given its services, then they are the log and the bus of a cluster', () => {
    expect(services.map(([name]) => name)).toEqual(['eventstoredb', 'nats'])
  })

  it('given an image, then its tag names one release', () => {
    expect(without(({ image }) => /^[\w./-]+:\d+\.\d+\.\d+[\w.-]*$/.test(image ?? ''))).toEqual([])
  })

  it('given a service, then its health is asked for', () => {
    const asks = ({ healthcheck }: Service): boolean =>
      (healthcheck?.test?.length ?? 0) > 1 && (healthcheck?.retries ?? 0) > 0
    expect(without(asks)).toEqual([])
  })

  it('given a volume, then it is a named one that is declared', () => {
    const kept = ({ volumes = [] }: Service): boolean =>
      volumes.length > 0 &&
      volumes.every((v) => Object.hasOwn(compose.volumes, v.split(':')[0] ?? ''))
    expect(without(kept)).toEqual([])
  })

  it('given a port, then it is open on loopback only', () => {
    const closed = ({ ports = [], network_mode, privileged }: Service): boolean =>
      ports.every((port) => /^127\.0\.0\.1:\d+:\d+$/.test(port)) &&
      network_mode === undefined &&
      privileged !== true
    expect(without(closed)).toEqual([])
  })
})
