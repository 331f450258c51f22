/** Identity providers of others, as a process is configured to meet them. */
import { readFileSync } from 'node:fs'
import { openFederation } from '@grantlog/adapters/federation'
import type { Federation } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import type { Opened } from './starting.js'

export type FederationSettings = {
  /** OIDC issuers may be at loopback and private addresses. */
  readonly insideIssuers?: boolean
  /** A file of certificates of authorities beside those of the system. */
  readonly issuersCa?: string | null
}

/** Fails with a sentence when the file of certificates cannot be read. */
export const openFederating = (
  { insideIssuers = false, issuersCa = null }: FederationSettings,
  opened: Opened,
): E.Either<string, Federation> => {
  const ca = issuersCa === null ? E.right(undefined) : readCertificates(issuersCa)
  if (E.isLeft(ca)) return ca
  const federation = openFederation({
    isInside: insideIssuers,
    ...(ca.right === undefined ? {} : { ca: ca.right }),
  })
  opened.add(federation.close)
  return E.right(federation)
}

const readCertificates = (file: string): E.Either<string, string> => {
  try {
    const text = readFileSync(file, 'utf8')
    return text.includes('-----BEGIN CERTIFICATE-----')
      ? E.right(text)
      : E.left(`The file ${file} holds no certificate.`)
  } catch {
    return E.left(`The file ${file} of the issuers' authorities can't be read.`)
  }
}
