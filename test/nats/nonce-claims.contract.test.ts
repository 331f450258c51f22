/** Claims of nonces in a real JetStream: each once, over nodes, crashes and restarts. */
import { readFileSync } from 'node:fs'
import { natsLink, natsNonceClaims } from '@grantlog/adapters/nats'
import { describe, expect, it } from 'vitest'
import { again, closeLater, line, server, stranger, until } from './conversation.js'

describe('claims of nonces', () => {
  it('given many nodes that claim at once, then each nonce is claimed by one of them', async () => {
    const { url } = await server()
    const nodes = [await line(url), await line(url), await line(url)].map((link) =>
      natsNonceClaims(link, { timeoutMs: 5_000 }),
    )
    const nonces = Array.from({ length: 200 }, (_, n) => `nonce-${n}`)
    const answers = await Promise.all(
      nonces.map((nonce) => Promise.all(nodes.map(({ claim }) => claim(nonce)))),
    )
    const sorted = answers.map((list) => [...list].sort())
    expect(sorted).toEqual(nonces.map(() => ['claimed', 'taken', 'taken']))
  })

  it('given a server that is killed, then it is unavailable, and remembers once it is back', async () => {
    const started = await server()
    const link = await line(started.url)
    const { claim } = natsNonceClaims(link, { timeoutMs: 5_000 })
    expect(await claim('a')).toBe('claimed')
    await started.kill()
    await until(() => !link.status().isUp)
    expect(await claim('b')).toBe('unavailable')
    await again(started)
    await until(() => link.status().isUp)
    expect(await claim('a')).toBe('taken')
    expect(await claim('b')).toBe('claimed')
  })

  it('given a server that hangs, then a claim is given up', async () => {
    const started = await server()
    const { claim } = natsNonceClaims(await line(started.url), { timeoutMs: 100 })
    expect(await claim('a')).toBe('claimed')
    process.kill(started.pid, 'SIGSTOP')
    await until(() => /\) T /.test(readFileSync(`/proc/${started.pid}/stat`, 'utf8')))
    expect(await claim('b')).toBe('unavailable')
    process.kill(started.pid, 'SIGCONT')
    await until(async () => (await claim('c')) === 'claimed')
  })

  it('given no JetStream, or no server at all, then it is unavailable', async () => {
    const plain = await server({ jetstream: false })
    expect(await natsNonceClaims(await line(plain.url)).claim('a')).toBe('unavailable')
    await plain.kill()
    const link = natsLink({ servers: [plain.url] })
    closeLater(link.close)
    expect(await natsNonceClaims(link).claim('a')).toBe('unavailable')
  })

  it('given a claim, then nobody takes it back, and it outlives every signature', async () => {
    const { url } = await server()
    await natsNonceClaims(await line(url)).claim('a')
    const { streams } = await (await stranger(url)).jetstreamManager()
    await expect(streams.purge('GRANTLOG_NONCES')).rejects.toThrow('stream purge not permitted')
    const { config } = await streams.info('GRANTLOG_NONCES')
    const signatureNanos = 30 * 60 * 1e9
    expect(config.duplicate_window).toBeGreaterThan(signatureNanos)
    expect(config.max_age).toBeGreaterThan(signatureNanos)
    expect(config.discard).toBe('new')
  })
})
