/**
 * A running server with identity providers around it: real issuers over TLS, a SAML provider that
 * signs, and the official clients. Its clock can be put forward.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_QUOTAS } from '@grantlog/domain'
import { startStandalone } from '@grantlog/standalone'
import * as E from 'fp-ts/lib/Either.js'
import { CLIENT_KINDS, type Keys, type OfficialClient } from '../journeys/official-clients.js'
import { makeCertificates, makeSigner } from '../support/certificates.js'
import { startIssuers } from '../support/issuer.js'

export const connect = (endpoint: string, keys: Keys): OfficialClient => {
  const [typed] = CLIENT_KINDS
  if (typed === undefined) throw new Error('there is no client')
  return typed.connect(endpoint, keys)
}

/** The code that a call is refused with, and the status beside it. */
export const refusal = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call
  } catch (error) {
    const { code, statusCode } = error as { readonly code?: string; readonly statusCode?: number }
    return `${statusCode} ${code ?? String(error)}`
  }
  throw new Error('the call was answered, not refused')
}

export const startFederation = async ({ insideIssuers = true } = {}) => {
  const certificates = makeCertificates()
  const directory = mkdtempSync(join(tmpdir(), 'grantlog-federation-'))
  const issuersCa = join(directory, 'authority.pem')
  writeFileSync(issuersCa, certificates.authority.certificate)
  const credentialsFile = join(directory, 'root.json')
  const ahead = { ms: 0 }
  const started = await startStandalone(
    {
      host: '127.0.0.1',
      port: 0,
      data: join(directory, 'data'),
      rootCredentials: credentialsFile,
      logLevel: 'silent',
      quotas: { ...DEFAULT_QUOTAS, oidcProvidersPerAccount: 30, samlProvidersPerAccount: 30 },
      insideIssuers,
      issuersCa,
    },
    { clock: { now: () => Date.now() + ahead.ms } },
  )
  if (E.isLeft(started)) throw new Error(started.left.sentence)
  const { endpoint, engine, stop } = started.right
  const { accountId, accessKeyId, accessKeySecret } = JSON.parse(
    readFileSync(credentialsFile, 'utf8'),
  )
  const issuers = await startIssuers(certificates.server)
  return {
    endpoint,
    engine,
    accountId: String(accountId),
    root: connect(endpoint, { accessKeyId, accessKeySecret }),
    connect: (keys: Keys) => connect(endpoint, keys),
    certificates,
    signer: makeSigner(),
    issuers,
    ahead,
    end: async () => {
      await stop()
      await issuers.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export type Federation = Awaited<ReturnType<typeof startFederation>>

/** A role that trusts such a provider under such conditions. */
export const trusting = (
  provider: string,
  conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): string =>
  JSON.stringify({
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Federated: [provider] },
        ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
      },
    ],
  })
