/**
 * The feed in a real JetStream: every event once, in order, whatever dies in between and whoever
 * publishes beside.
 */
import { createConnection } from 'node:net'
import { type CloudEvent, decodeCloudEvent, FEED_STREAM, natsFeed } from '@grantlog/adapters/nats'
import { type Feed, type FeedMark, startRelay } from '@grantlog/engine'
import { inMemoryLog } from '@grantlog/engine/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  again,
  append,
  closeLater,
  event,
  IMPATIENT,
  line,
  server,
  stored,
  stranger,
  until,
} from './conversation.js'

const NOTHING: FeedMark = { events: 0, position: 0 }

const last = async (feed: Feed) => {
  const answer = await feed.lastPublished()()
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}

const publish = async (feed: Feed, from: number, to: number, after: FeedMark) => {
  const answer = await feed.publish(stored(from, to), after)()
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}

type Kept = { readonly subject: string; readonly body: CloudEvent }

/** Everything that the stream holds, in order. */
const kept = async (url: string): Promise<ReadonlyArray<Kept>> => {
  const nc = await stranger(url)
  const { streams } = await nc.jetstreamManager()
  const { first_seq, last_seq } = (await streams.info(FEED_STREAM)).state
  const messages: Kept[] = []
  for (let seq = first_seq; seq <= last_seq; seq++) {
    const message = await streams.getMessage(FEED_STREAM, { seq })
    const body = decodeCloudEvent(message.data)
    if (body === null) throw new Error(message.string())
    messages.push({ subject: message.subject, body })
  }
  return messages
}

const chain = (messages: ReadonlyArray<Kept>) =>
  messages.map(({ body }) => [body.previousposition, body.position].map(Number))

/** Positions from 1 without holes, each with the one before. */
const wholeChain = (events: number) => Array.from({ length: events }, (_, n) => [n, n + 1])

const relayOn = async (url: string, log: Parameters<typeof startRelay>[0]['log']) => {
  const stops: string[] = []
  const feed = natsFeed(await line(url))
  const relay = startRelay({
    log,
    feed,
    clock: { now: () => 1 },
    onStopped: (reason) => stops.push(reason),
  })
  closeLater(relay.stop)
  return { relay, stops }
}

describe('the feed', () => {
  it('given events, then each is a CloudEvent under its subject, and the end is read back', async () => {
    const { url } = await server()
    const feed = natsFeed(await line(url))
    expect(await last(feed)).toEqual({ type: 'Nothing' })
    expect(await publish(feed, 1, 2, NOTHING)).toEqual({ events: 2, position: 20 })
    expect(await last(feed)).toEqual({
      type: 'Event',
      mark: { events: 2, position: 20 },
      id: event(2).id,
      previousPosition: 10,
    })
    expect((await kept(url))[1]).toEqual({
      subject: 'grantlog.1234567890123456.user.UserDeleted',
      body: {
        specversion: '1.0',
        id: event(2).id,
        source: '/grantlog/account-1234567890123456',
        type: 'grantlog.UserDeleted',
        subject: 'user/20000000000000002',
        time: '2023-11-14T22:13:20.000Z',
        account: '1234567890123456',
        stream: 'account-1234567890123456',
        revision: '1',
        position: '20',
        previousposition: '10',
        schemaversion: 1,
        datacontenttype: 'application/json',
        data: { userId: '20000000000000002' },
      },
    })
  })

  it('given many events, then many are on their way at once, and the order stays', async () => {
    const { url } = await server()
    const feed = natsFeed(await line(url))
    expect(await publish(feed, 1, 1_000, NOTHING)).toEqual({ events: 1_000, position: 10_000 })
    const positions = (await kept(url)).map(({ body }) => Number(body.position))
    expect(positions).toEqual(stored(1, 1_000).map(({ position }) => position))
  })

  it('given an end that is not the end, then nothing is added, before and after ids are forgotten', async () => {
    const { url } = await server()
    const feed = natsFeed(await line(url), { ageMsMax: 200 })
    const mark = await publish(feed, 1, 3, NOTHING)
    for (let round = 0; round < 2; round++) {
      expect(await feed.publish(stored(4, 5), NOTHING)()).toEqual(E.left({ type: 'FeedMoved' }))
      const ahead = { events: 9, position: 90 }
      expect(await feed.publish(stored(4, 5), ahead)()).toEqual(E.left({ type: 'FeedMoved' }))
      await until(async () => (await last(feed)).type === 'Expired')
    }
    expect(await last(feed)).toEqual({ type: 'Expired', events: 3 })
    expect(await publish(feed, 4, 4, mark)).toEqual({ events: 4, position: 40 })
  })

  it('given an event that does not fit, then it goes out without its data and says so', async () => {
    const { url } = await server({ configuration: 'max_payload: 8192' })
    const feed = natsFeed(await line(url))
    const [small, big, after] = stored(1, 3)
    if (small === undefined || big === undefined || after === undefined) throw new Error()
    const events = [small, { ...big, data: JSON.stringify({ document: 'x'.repeat(9_000) }) }, after]
    expect(E.isRight(await feed.publish(events, NOTHING)())).toBe(true)
    const bodies = (await kept(url)).map(({ body }) => body)
    expect(bodies.map(({ dataomitted }) => dataomitted)).toEqual([undefined, true, undefined])
    expect(bodies.map(({ data }) => data === undefined)).toEqual([false, true, false])
  })

  it('given strange events, then each has a subject of four parts', async () => {
    const { url } = await server()
    const feed = natsFeed(await line(url))
    const [one, two, three] = stored(1, 3)
    if (one === undefined || two === undefined || three === undefined) throw new Error()
    const events = [
      { ...one, type: 'Not.Known >' },
      { ...two, stream: 'credentials-0', type: 'CredentialExpired', data: '{"accountId":"12345"}' },
      { ...three, stream: 'elsewhere', data: 'no JSON' },
    ]
    expect(E.isRight(await feed.publish(events, NOTHING)())).toBe(true)
    const messages = await kept(url)
    expect(messages.map(({ subject }) => subject)).toEqual([
      'grantlog.1234567890123456.unknown.unknown',
      'grantlog.12345.session.CredentialExpired',
      'grantlog.unknown.user.UserDeleted',
    ])
    expect(messages[2]?.body.dataomitted).toBe(true)
  })

  it('given what is in the stream, then nobody deletes or purges it', async () => {
    const { url } = await server()
    await publish(natsFeed(await line(url)), 1, 2, NOTHING)
    const { streams } = await (await stranger(url)).jetstreamManager()
    await expect(streams.deleteMessage(FEED_STREAM, 1)).rejects.toThrow(
      'message delete not permitted',
    )
    await expect(streams.purge(FEED_STREAM)).rejects.toThrow('stream purge not permitted')
  })

  it('given internal messages, then the stream catches none of them', async () => {
    const { url } = await server()
    const feed = natsFeed(await line(url))
    await last(feed)
    const nc = await stranger(url)
    for (const subject of ['_grantlog.hint', '_grantlog.sts.0.issue', '_grantlog.nonce'])
      nc.publish(subject, '{}')
    await nc.flush()
    expect(await last(feed)).toEqual({ type: 'Nothing' })
  })

  it('given a message that somebody else put there, then the feed is not believed', async () => {
    const { url } = await server()
    const feed = natsFeed(await line(url))
    await last(feed)
    await (await stranger(url)).jetstream().publish('grantlog.1.2.3', 'hello')
    expect(await feed.lastPublished()()).toEqual(
      E.left({ type: 'FeedForeign', detail: 'message 1 is not one of grantlog' }),
    )
  })

  it('given no JetStream or no server, then it is unavailable', async () => {
    const started = await server({ jetstream: false })
    const link = await line(started.url)
    const feed = natsFeed(link)
    expect(await feed.lastPublished()()).toMatchObject({ left: { type: 'FeedUnavailable' } })
    await started.kill()
    await until(() => !link.status().isUp)
    expect(await feed.publish(stored(1, 1), NOTHING)()).toEqual(
      E.left({ type: 'FeedUnavailable', detail: 'not connected' }),
    )
  })

  it('given other limits, then the stream that is there takes them', async () => {
    const { url } = await server()
    await publish(natsFeed(await line(url)), 1, 1, NOTHING)
    const feed = natsFeed(await line(url), { ageMsMax: 3_600_000, bytesMax: 1_000_000 })
    expect((await last(feed)).type).toBe('Event')
    const { config } = await (await (await stranger(url)).jetstreamManager()).streams.info(
      FEED_STREAM,
    )
    expect([config.max_age, config.max_bytes]).toEqual([3_600_000_000_000, 1_000_000])
  })
})

describe('the relay into JetStream', () => {
  it('given a server that is killed again and again, then each event is there once, in order', async () => {
    const log = inMemoryLog()
    let running = await server()
    const { url } = running
    const { relay, stops } = await relayOn(url, log)
    let written = 0
    for (let round = 0; round < 3; round++) {
      await append(log, written + 1, written + 700)
      written += 700
      const before = relay.status().published
      await until(() => relay.status().published > before)
      await running.kill()
      await append(log, written + 1, written + 50)
      written += 50
      running = await again(running)
    }
    await until(() => relay.status().published === written)
    expect(chain(await kept(url))).toEqual(wholeChain(written))
    expect(stops).toEqual([])
  })

  it('given two relays at once, then each event is there once, in order', async () => {
    const log = inMemoryLog()
    const { url } = await server()
    const relays = [await relayOn(url, log), await relayOn(url, log)]
    for (let n = 0; n < 20; n++) {
      await append(log, n * 40 + 1, n * 40 + 40)
      await new Promise((resolve) => setTimeout(resolve, n % 4))
    }
    await until(() => relays.every(({ relay }) => relay.status().published === 800))
    expect(chain(await kept(url))).toEqual(wholeChain(800))
    expect(relays.flatMap(({ stops }) => stops)).toEqual([])
  })

  it('given a relay that dies after a publish, then the next goes on behind it', async () => {
    const log = inMemoryLog()
    const { url } = await server()
    await append(log, 1, 9)
    const events = await log.readAll({ after: 0, limit: 5 })()
    if (E.isLeft(events)) throw new Error(events.left.type)
    // The first relay knew nothing of its success: no checkpoint beside the feed exists.
    expect(E.isRight(await natsFeed(await line(url)).publish(events.right, NOTHING)())).toBe(true)
    const { relay } = await relayOn(url, log)
    await until(() => relay.status().published === 9)
    expect(chain(await kept(url))).toEqual(wholeChain(9))
  })

  it('given a subscriber that never reads, then the server lets it go, and the relay goes on', async () => {
    const log = inMemoryLog()
    const { url, port } = await server({ configuration: IMPATIENT })
    const deaf = createConnection({ host: '127.0.0.1', port })
    closeLater(async () => deaf.destroy())
    deaf.on('error', () => undefined)
    deaf.write('CONNECT {"verbose":false}\r\nSUB grantlog.> 1\r\nPING\r\n')
    await new Promise<void>((resolve) => deaf.on('data', (d) => /PONG/.test(`${d}`) && resolve()))
    deaf.pause()
    const data = JSON.stringify({ userId: '200000000000000001', more: 'x'.repeat(200_000) })
    for (let n = 1; n <= 60; n++) await log.append('account-12345', 'any', [event(n, data)])()
    const { relay } = await relayOn(url, log)
    await until(() => relay.status().published === 60)
    expect(chain(await kept(url))).toEqual(wholeChain(60))
  })

  it('given a feed of another log, then the relay stops and leaves it alone', async () => {
    const { url } = await server()
    await publish(natsFeed(await line(url)), 7, 8, NOTHING)
    const log = inMemoryLog()
    await append(log, 1, 90)
    const { stops } = await relayOn(url, log)
    await until(() => stops.length > 0)
    expect(stops[0]).toContain('which the log does not have there')
    expect(await kept(url)).toHaveLength(2)
  })
})
