/** Hints and issue requests over a real server: they arrive, or they cost time and nothing else. */
import { createConnection } from 'node:net'
import { type NatsLinkEvent, natsHints, natsIssueRequests, natsLink } from '@grantlog/adapters/nats'
import { announcing, heeding } from '@grantlog/engine'
import { inMemoryLog, withHintFaults } from '@grantlog/engine/testing'
import { describe, expect, it } from 'vitest'
import {
  again,
  append,
  closeLater,
  IMPATIENT,
  line,
  server,
  stranger,
  until,
} from './conversation.js'

const SESSION = 'a'.repeat(32)

const heardOn = async (url: string, onEvent?: (event: NatsLinkEvent) => void) => {
  const link = await line(url, onEvent)
  const heard: number[] = []
  natsHints(link).listen((position) => heard.push(position))
  await link.connection()?.flush()
  return { link, heard }
}

describe('hints', () => {
  it('given many announcements at once, then the newest arrives, and few are sent', async () => {
    const { url } = await server()
    const { heard } = await heardOn(url)
    const { announce } = natsHints(await line(url))
    for (let position = 1; position <= 1_000; position++) announce(position)
    announce(3)
    await until(() => heard.at(-1) === 1_000)
    expect(heard).toEqual([1, 1_000])
  })

  it('given a server that is away, then announcing returns, and hints flow once it is there', async () => {
    const first = await server()
    const listener = await heardOn(first.url)
    const speaker = await line(first.url)
    const { announce } = natsHints(speaker)
    announce(1)
    await until(() => listener.heard.length === 1)
    await first.kill()
    await until(() => !speaker.status().isUp && !listener.link.status().isUp)
    announce(2)
    await again(first)
    await until(() => speaker.status().isUp && listener.link.status().isUp)
    await listener.link.connection()?.flush()
    announce(3)
    await until(() => listener.heard.includes(3))
    expect(listener.heard).toEqual([1, 3])
  })

  it('given no server at the start, then a line waits for nothing, and listens once there is one', async () => {
    const gone = await server()
    await gone.kill()
    const link = natsLink({ servers: [gone.url] })
    closeLater(link.close)
    const heard: number[] = []
    const hints = natsHints(link)
    hints.listen((position) => heard.push(position))
    hints.announce(1)
    expect(link.connection()).toBeNull()
    await again(gone)
    await until(() => link.status().isUp)
    hints.announce(2)
    await until(() => heard.length > 0)
    expect(heard).toEqual([2])
  })

  it('given every hint lost, then whoever follows the log gets each event once and in order', async () => {
    const { url } = await server()
    const lost = withHintFaults(natsHints(await line(url)), { seed: 1, lostPercent: 100 })
    const heedful = heeding(announcing(inMemoryLog(), lost), lost)
    closeLater(async () => heedful.stop())
    const read: number[] = []
    const following = heedful.log.subscribe(0, {
      onEvents: async (events) => void read.push(...events.map(({ position }) => position)),
      onFailure: ({ type }) => expect.unreachable(type),
    })
    closeLater(following.stop)
    await append(heedful.log, 1, 50)
    await until(() => read.length >= 50)
    expect(read).toEqual(Array.from({ length: 50 }, (_, n) => n + 1))
  })

  it('given messages that are no hints, then each is counted and dropped', async () => {
    const { url } = await server()
    const events: string[] = []
    const { link, heard } = await heardOn(url, ({ type }) => events.push(type))
    const nc = await stranger(url)
    const bad = [
      '',
      'null',
      '{}',
      '{"position":-1}',
      '{"position":1.5}',
      '{"position":"7"}',
      '{"position":9007199254740993}',
      `{"position":1,"more":"${'x'.repeat(600)}"}`,
      Buffer.from([0xff, 0xfe]),
    ]
    for (const text of bad) nc.publish('_grantlog.hint', text)
    nc.publish('_grantlog.hint', '{"position":7}')
    await until(() => heard.length > 0)
    expect(heard).toEqual([7])
    expect(link.status().dropped).toBe(bad.length)
    expect(events.filter((type) => type === 'MessageDropped')).toHaveLength(bad.length)
  })

  it('given a listener that throws, then it is told, and the others go on hearing', async () => {
    const { url } = await server()
    const events: string[] = []
    const { link, heard } = await heardOn(url, ({ type }) => events.push(type))
    natsHints(link).listen(() => {
      throw new Error('told to fail')
    })
    natsHints(link).announce(1)
    await until(() => heard.length > 0 && events.includes('ListenerFailed'))
    natsHints(link).announce(2)
    await until(() => heard.length > 1)
    expect(heard).toEqual([1, 2])
  })

  it('given a listener that never reads, then the server drops it and the others hear on', async () => {
    const { url, port } = await server({ configuration: IMPATIENT })
    const { heard } = await heardOn(url)
    const nc = await stranger(url)
    const deaf = createConnection({ host: '127.0.0.1', port })
    closeLater(async () => deaf.destroy())
    let isGone = false
    deaf.on('error', () => undefined)
    deaf.on('close', () => {
      isGone = true
    })
    await new Promise<void>((resolve) => deaf.once('connect', resolve))
    deaf.write('CONNECT {"verbose":false}\r\nSUB > 1\r\nPING\r\n')
    await new Promise<void>((resolve) => deaf.on('data', (d) => /PONG/.test(`${d}`) && resolve()))
    deaf.pause()
    for (let n = 0; n < 40; n++) {
      nc.publish('noise', Buffer.alloc(500_000))
      await nc.flush()
    }
    natsHints(await line(url)).announce(9)
    await until(() => heard.length > 0)
    expect(heard).toEqual([9])
    deaf.resume()
    await until(() => isGone)
  })

  it('given a subscription that was stopped, then nothing is heard any more', async () => {
    const { url } = await server()
    const { link, heard } = await heardOn(url)
    const late: number[] = []
    await natsHints(link)
      .listen((position) => late.push(position))
      .stop()
    natsHints(link).announce(5)
    await until(() => heard.length > 0)
    expect(late).toEqual([])
  })
})

describe('issue requests', () => {
  const question = { shard: 3, sessionId: SESSION, position: 41 }

  it('given two workers of a shard and one of another, then one of the two answers', async () => {
    const { url } = await server()
    const asked: string[] = []
    const serve = async (name: string, shard: number) => {
      const link = await line(url)
      natsIssueRequests(link).serve(shard, async (request) => {
        expect(request).toEqual(question)
        asked.push(name)
        return 42
      })
      await link.connection()?.flush()
    }
    await serve('one', 3)
    await serve('two', 3)
    await serve('other', 4)
    const { request } = natsIssueRequests(await line(url))
    const answers = await Promise.all(Array.from({ length: 20 }, () => request(question)))
    expect(answers).toEqual(Array.from({ length: 20 }, () => 42))
    expect(asked).toHaveLength(20)
    expect(new Set(asked)).toEqual(new Set(['one', 'two']))
  })

  it('given no worker, a late, a failing or a mute one, or no server, then the answer is null', async () => {
    const started = await server()
    const asking = await line(started.url)
    const { request } = natsIssueRequests(asking, { timeoutMs: 150 })
    expect(await request(question)).toBeNull()
    const worker = natsIssueRequests(await line(started.url))
    worker.serve(3, async () => {
      throw new Error('told to fail')
    })
    worker.serve(5, () => new Promise((resolve) => setTimeout(() => resolve(1), 400)))
    worker.serve(6, async () => null)
    const nc = await stranger(started.url)
    nc.subscribe('_grantlog.sts.7.issue', { callback: (_, message) => message.respond('{"no":1}') })
    await nc.flush()
    for (const shard of [3, 5, 6, 7]) expect(await request({ ...question, shard })).toBeNull()
    expect(asking.status().dropped).toBe(1)
    await started.kill()
    await until(() => !asking.status().isUp)
    expect(await request(question)).toBeNull()
  })

  it('given questions that are none, then they are counted, dropped and not answered', async () => {
    const { url } = await server()
    const link = await line(url)
    const asked: unknown[] = []
    natsIssueRequests(link).serve(3, async (request) => {
      asked.push(request)
      return 1
    })
    await link.connection()?.flush()
    const nc = await stranger(url)
    const bad = [
      { ...question, shard: 4 },
      { ...question, sessionId: 'A'.repeat(32) },
      { ...question, position: null },
      { ...question, secret: 'x'.repeat(600) },
      'text',
    ]
    for (const text of bad) nc.publish('_grantlog.sts.3.issue', JSON.stringify(text))
    const answer = await nc.request('_grantlog.sts.3.issue', JSON.stringify(question))
    expect(answer.string()).toBe('{"position":1}')
    expect(asked).toEqual([question])
    expect(link.status().dropped).toBe(bad.length)
  })

  it('given a stop, then what is in hand is answered first', async () => {
    const { url } = await server()
    const worker = await line(url)
    let finish: (position: number) => void = () => undefined
    let isAsked = false
    const serving = natsIssueRequests(worker).serve(3, () => {
      isAsked = true
      return new Promise((resolve) => {
        finish = resolve
      })
    })
    await worker.connection()?.flush()
    const answer = natsIssueRequests(await line(url)).request(question)
    await until(() => isAsked)
    const stopped = serving.stop()
    finish(77)
    await stopped
    expect(await answer).toBe(77)
  })
})
