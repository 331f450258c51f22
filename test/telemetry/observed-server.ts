/**
 * The standalone process under observation: everything that it writes is kept, and every call to
 * it is signed here, so that a test knows each secret, signature and token there was.
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PRODUCT_VERSIONS } from '@grantlog/protocol'
import { type Credentials, type Names, signAcs3 } from '../protocol/signing.js'

const main = fileURLToPath(new URL('../../services/standalone/dist/main.js', import.meta.url))

export type Called = {
  readonly status: number
  readonly requestId: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any
}

export type ObservedServer = {
  readonly root: Credentials & { readonly accountId: string }
  readonly call: (
    as: Credentials,
    action: string,
    query?: Names,
    headers?: Names,
  ) => Promise<Called>
  readonly read: (as: Credentials, path: string) => Promise<Called>
  readonly metrics: () => Promise<string>
  /** Everything on standard output and standard error so far. */
  readonly written: () => string
  /** Every signature that was sent. */
  readonly signatures: ReadonlyArray<string>
  /** Stops it cleanly; its exit code. */
  readonly stop: () => Promise<number | null>
}

const until = async (isSo: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 1_200; tries += 1) {
    if (isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('it did not come to be')
}

const send = (url: string, method: string, headers: Names): Promise<Called> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () => {
        const body = JSON.parse(text)
        const requestId = body.RequestId ?? body.requestId ?? ''
        resolve({ status: answer.statusCode ?? 0, requestId, body })
      })
    })
    sent.on('error', reject)
    sent.end()
  })

export const startObserved = async (flags: ReadonlyArray<string>): Promise<ObservedServer> => {
  const directory = mkdtempSync(join(tmpdir(), 'grantlog-observed-'))
  const file = join(directory, 'root.json')
  const place = ['--port', '0', '--data', join(directory, 'data'), '--root-credentials', file]
  const child = spawn(process.execPath, [main, ...place, ...flags])
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      written += chunk
    })
  await until(() => written.includes('"serving"'))
  const endpoint = /at (http:\/\/127\.0\.0\.1:\d+)/.exec(written)?.[1] ?? ''
  const signatures: string[] = []

  const signed = (as: Credentials, how: Parameters<typeof signAcs3>[1]): Promise<Called> => {
    const { method, rawUrl, headers } = signAcs3(as, how)
    signatures.push(/Signature=(\w+)/.exec(headers['authorization'] ?? '')?.[1] ?? '')
    return send(`${endpoint}${rawUrl}`, method, headers as Names)
  }
  return {
    root: JSON.parse(readFileSync(file, 'utf8')),
    call: (as, action, query = {}, headers = {}) => {
      const version = PRODUCT_VERSIONS[action === 'AssumeRole' ? 'Sts' : 'Ram']
      const how = { action, version, query, headers, nonce: randomUUID(), now: Date.now() }
      return signed(as, how)
    },
    read: (as, path) =>
      signed(as, {
        action: 'Read',
        version: 'v1',
        method: 'GET',
        path,
        nonce: randomUUID(),
        now: Date.now(),
      }),
    metrics: async () => (await fetch(`${endpoint}/metrics`)).text(),
    written: () => written,
    signatures,
    stop: async () => {
      child.kill('SIGTERM')
      const code = await ended
      rmSync(directory, { recursive: true, force: true })
      return code
    },
  }
}
