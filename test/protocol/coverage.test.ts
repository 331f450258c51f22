/** What answers about recorded access claim to know, and when they may not. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, START, type TestServer } from './server.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
  server.clock.advance(1_000)
  await server.makeUser('alice')
})
afterEach(() => server.engine.stop())

const setting = `/v1/accounts/${ACCOUNT}/access-recording`
const record = (recording: string) => server.read({ path: setting, body: { recording } })

/** All is recorded, and the answers are about what came since. */
const recordAll = async (): Promise<string> => {
  await record('All')
  server.clock.advance(1_000)
  return new Date(START + 2_000).toISOString()
}
const answers = async (since: string, to?: string) => {
  const window = to === undefined ? { from: since } : { from: since, to }
  const replayed = await server.read({ path: '/v1/replay', body: window })
  const unused = await server.read({ path: '/v1/unused', query: { since } })
  return { replayed: replayed.body.coverage, unused: unused.body }
}

describe('coverage, while the account is followed by a decision point', () => {
  it('given all is recorded and nobody follows, then every decision counts as known', async () => {
    const { replayed, unused } = await answers(await recordAll())
    expect(replayed).toMatchObject({ isWhole: true, doubts: [] })
    expect(unused).toMatchObject({ isCertain: true, coverage: { isWhole: true } })
  })

  it('given the feed was read, then decisions may have been made elsewhere', async () => {
    const since = await recordAll()
    expect((await server.read({ path: '/v1/feed' })).status).toBe(200)
    const doubted = { isWhole: false, doubts: ['DecidedElsewhere'] }
    const { replayed, unused } = await answers(since)
    expect(replayed).toMatchObject(doubted)
    expect(unused).toMatchObject({ isCertain: false, coverage: doubted })
  })

  it('given it was read shortly before the window, then it may have decided in it', async () => {
    const since = await recordAll()
    await server.read({ path: '/v1/feed' })
    server.clock.advance(599_000)
    const minutes = (count: number) => new Date(Date.parse(since) + count * 60_000).toISOString()
    expect((await answers(minutes(9))).unused).toMatchObject({ isCertain: false })
    server.clock.advance(600_000)
    expect((await answers(minutes(19))).unused).toMatchObject({ isCertain: true })
    expect((await answers(since, minutes(1))).replayed).toMatchObject({ isWhole: false })
  })

  it('given one who may not follow, then its denied reads raise no doubt', async () => {
    const since = await recordAll()
    const bob = await server.makeUser('bob')
    expect((await server.read({ path: '/v1/feed' }, bob)).status).toBe(403)
    expect((await answers(since)).unused).toMatchObject({ isCertain: true })
  })
})
