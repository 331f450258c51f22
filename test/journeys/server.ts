/**
 * A standalone server for a journey: on a free loopback port, with a data folder of its own that
 * goes when it stops, and with a clock that the test sets. Client and server share this process,
 * so both see the same moved time.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_QUOTAS, type Quotas } from '@grantlog/domain'
import { type Standalone, startStandalone } from '@grantlog/standalone'
import * as E from 'fp-ts/lib/Either.js'
import type { Keys } from './official-clients.js'

export type Journey = {
  readonly endpoint: string
  readonly accountId: string
  readonly root: Keys
  readonly standalone: Standalone
  readonly directory: string
  /** Stops the server and starts it again on the same data. */
  readonly restart: () => Promise<Journey>
  readonly end: () => Promise<void>
}

type Options = { readonly quotas: Quotas; readonly trustedProxies: ReadonlyArray<string> }

const startOn = async (directory: string, options: Options): Promise<Journey> => {
  const credentialsFile = join(directory, 'root.json')
  const started = await startStandalone({
    host: '127.0.0.1',
    port: 0,
    data: join(directory, 'data'),
    rootCredentials: credentialsFile,
    logLevel: 'silent',
    // The least work that is allowed, for the sake of time.
    passwordMemory: 19,
    passwordPasses: 2,
    ...options,
  })
  if (E.isLeft(started)) throw new Error(started.left.sentence)
  if ((statSync(credentialsFile).mode & 0o777) !== 0o600) throw new Error('root.json is not 0600')
  const { accountId, accessKeyId, accessKeySecret } = JSON.parse(
    readFileSync(credentialsFile, 'utf8'),
  )
  const standalone = started.right
  return {
    endpoint: standalone.endpoint,
    accountId,
    root: { accessKeyId, accessKeySecret },
    standalone,
    directory,
    restart: async () => {
      await standalone.stop()
      return startOn(directory, options)
    },
    end: async () => {
      await standalone.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export const startJourney = (
  quotas: Partial<Quotas> = {},
  trustedProxies: ReadonlyArray<string> = [],
): Promise<Journey> =>
  startOn(mkdtempSync(join(tmpdir(), 'grantlog-journey-')), {
    quotas: { ...DEFAULT_QUOTAS, ...quotas },
    trustedProxies,
  })
