/** What the NATS tests share: a server, lines to it, events, and waiting for something to be so. */
import { type NatsLink, type NatsLinkEvent, natsLink } from '@grantlog/adapters/nats'
import type { EventLog, NewEvent, StoredEvent } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { connect, type NatsConnection } from 'nats'
import { afterEach } from 'vitest'
import { type NatsServer, startNatsServer } from '../support/nats-server.mjs'

const closers: Array<() => Promise<unknown>> = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Closes something at the end of the test, the last opened first. */
export const closeLater = (close: () => Promise<unknown>): void => void closers.push(close)

export const server = async (
  options: Partial<Parameters<typeof startNatsServer>[0]> = {},
): Promise<NatsServer> => {
  const started = await startNatsServer({ jetstream: true, ...options })
  closeLater(started.stop)
  return started
}

/** A server that lets go of a client sooner when it does not read. */
export const IMPATIENT = 'max_pending: 1048576\nwrite_deadline: "300ms"'

/** The same server again, after a kill. */
export const again = ({ port, directory }: NatsServer): Promise<NatsServer> =>
  server({ port, directory })

export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** A line that is up. */
export const line = async (
  url: string,
  onEvent: (event: NatsLinkEvent) => void = () => undefined,
): Promise<NatsLink> => {
  const link = natsLink({ servers: [url], onEvent })
  closeLater(link.close)
  await until(() => link.status().isUp)
  return link
}

/** A client that is not grantlog. */
export const stranger = async (url: string): Promise<NatsConnection> => {
  const nc = await connect({ servers: url })
  closeLater(() => nc.close())
  return nc
}

export const event = (n: number, data = `{"userId":"2000000000000000${n}"}`): NewEvent => ({
  id: `00000000-0000-5000-8000-${String(n).padStart(12, '0')}`,
  type: 'UserDeleted',
  schemaVersion: 1,
  data,
  metadata: '{}',
})

export const ACCOUNT_STREAM = 'account-1234567890123456'

export const append = async (log: EventLog, from: number, to: number): Promise<void> => {
  for (let n = from; n <= to; n++) {
    const appended = await log.append(ACCOUNT_STREAM, 'any', [event(n)])()
    if (E.isLeft(appended)) throw new Error(appended.left.type)
  }
}

/** Events as a log gives them back, at positions with holes between them. */
export const stored = (from: number, to: number): ReadonlyArray<StoredEvent> =>
  Array.from({ length: to - from + 1 }, (_, index) => {
    const n = from + index
    const place = { stream: ACCOUNT_STREAM, revision: n - 1, position: n * 10 }
    return { ...event(n), ...place, recordedAt: 1_700_000_000_000 }
  })
