/**
 * What every event log must do, as a suite that runs against any of them.
 *
 * A log may already hold events of others: each case keeps to streams of its own.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock, EventLog } from '../ports.js'
import { appendContract } from './log-contract-append.js'
import { type LogTraits, ok, refused, stream, texts } from './log-contract-cases.js'
import { repetitionContract } from './log-contract-repetition.js'
import { subscriptionContract } from './log-contract-subscription.js'

/**
 * Makes a log for one case; the suite closes it. A log that has a clock of its own ignores the one
 * given.
 */
export type MakeLog = (options: { readonly clock: Clock }) => Promise<EventLog>

/**
 * Registers the suite. `traits` are those of a log that this process alone writes, when left out.
 */
export const logContract = (
  name: string,
  makeLog: MakeLog,
  traits: LogTraits = { gapless: true },
): void => {
  describe(`${name} as an event log`, () => {
    let log: EventLog
    let now = 1_700_000_000_000
    const current = (): EventLog => log

    beforeEach(async () => {
      now = 1_700_000_000_000
      log = await makeLog({ clock: { now: () => now } })
    })
    afterEach(() => log.close())

    appendContract(current, traits)
    repetitionContract(current)
    subscriptionContract(current, traits)
    readingCases(current)

    it('given a clock that steps back, then recordedAt never decreases', async () => {
      const name = stream()
      const before = await ok(log.append(name, 'any', texts('a')))
      now -= 60_000
      const after = await ok(log.append(name, 'any', texts('b')))
      expect(after.recordedAt).toBeGreaterThanOrEqual(before.recordedAt)
      const read = await ok(log.readStream(name, { limit: 10 }))
      expect(read.map((event) => event.recordedAt)).toEqual([before.recordedAt, after.recordedAt])
    })

    it('given a closed log, then nothing is appended and nothing is read', async () => {
      await log.close()
      expect((await refused(log.append(stream(), 'any', texts('a')))).type).toBe('LogUnavailable')
      expect((await refused(log.head())).type).toBe('LogUnavailable')
    })
  })
}

const readingCases = (current: () => EventLog): void => {
  it('given a stream, then `from` is inclusive and counts revisions', async () => {
    const name = stream()
    await ok(current().append(name, 'no-stream', texts('a', 'b', 'c', 'd')))
    const from = (options: { from?: number; limit: number; backwards?: boolean }) =>
      ok(current().readStream(name, options)).then((page) => page.map(({ data }) => data))

    expect(await from({ limit: 10 })).toEqual(['"a"', '"b"', '"c"', '"d"'])
    expect(await from({ from: 1, limit: 2 })).toEqual(['"b"', '"c"'])
    expect(await from({ from: 4, limit: 2 })).toEqual([])
    expect(await from({ limit: 2, backwards: true })).toEqual(['"d"', '"c"'])
    expect(await from({ from: 1, limit: 5, backwards: true })).toEqual(['"b"', '"a"'])
  })

  it('given a stream that is not there, then it reads as empty', async () => {
    expect(await ok(current().readStream(stream(), { limit: 10 }))).toEqual([])
    const backwards = { limit: 10, backwards: true }
    expect(await ok(current().readStream(stream(), backwards))).toEqual([])
  })

  it('given an event, then it comes back whole', async () => {
    const name = stream()
    const [event] = texts('größe 日本 \u{1f511}')
    const before = await ok(current().head())
    const { revision, position, recordedAt } = await ok(
      current().append(name, 'any', event === undefined ? [] : [event]),
    )
    const stored = { ...event, stream: name, revision, position, recordedAt }
    expect(await ok(current().readStream(name, { limit: 1 }))).toEqual([stored])
    expect(await ok(current().readAll({ after: before, limit: 1 }))).toEqual([stored])
  })

  it('given a position, then `after` is exclusive and a limit is kept', async () => {
    const name = stream()
    const before = await ok(current().head())
    const first = await ok(current().append(name, 'any', texts('a')))
    await ok(current().append(name, 'any', texts('b', 'c')))
    const after = (position: number, limit: number) =>
      ok(current().readAll({ after: position, limit })).then((page) =>
        page.filter((event) => event.stream === name).map(({ data }) => data),
      )
    expect(await after(before, 100)).toEqual(['"a"', '"b"', '"c"'])
    expect(await after(first.position, 100)).toEqual(['"b"', '"c"'])
    expect((await after(first.position, 1)).length).toBeLessThanOrEqual(1)
    expect(await after(await ok(current().head()), 100)).toEqual([])
  })

  it('given a prefix that was read, then later appends never change it', async () => {
    const name = stream()
    await ok(current().append(name, 'any', texts('a', 'b', 'c')))
    const before = await ok(current().readStream(name, { limit: 100 }))
    await ok(current().append(name, 'any', texts('d')))
    await ok(current().append(stream(), 'any', texts('x')))
    const after = await ok(current().readStream(name, { limit: 100 }))
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.length).toBe(4)
  })
}
