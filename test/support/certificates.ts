/** Certificates for a test, made by openssl: an authority, and what it certifies. */
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Certified = {
  /** PEM. */
  readonly key: string
  readonly certificate: string
  /** SHA-1, as providers are registered with it. */
  readonly fingerprint: string
}

const openssl = (cwd: string, ...args: ReadonlyArray<string>): void => {
  execFileSync('openssl', args, { cwd, stdio: 'pipe' })
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'] as const

const certifiedIn = (folder: string, name: string): Certified => {
  const certificate = readFileSync(join(folder, `${name}.pem`), 'utf8')
  const { fingerprint } = new X509Certificate(certificate)
  return {
    key: readFileSync(join(folder, `${name}.key`), 'utf8'),
    certificate,
    fingerprint: fingerprint.replaceAll(':', '').toLowerCase(),
  }
}

/** An authority, a server's certificate by it for this machine, and one that nobody vouches for. */
export const makeCertificates = () => {
  const folder = mkdtempSync(join(tmpdir(), 'grantlog-certificates-'))
  try {
    const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
    writeFileSync(join(folder, 'names'), `${names}\n`)
    const self = ['req', '-x509', ...KEY, '-days', '2']
    openssl(folder, ...self, '-subj', '/CN=authority', '-keyout', 'ca.key', '-out', 'ca.pem')
    const alone = ['-subj', '/CN=localhost', '-addext', names]
    openssl(folder, ...self, ...alone, '-keyout', 'alone.key', '-out', 'alone.pem')
    const request = ['req', '-new', ...KEY, '-subj', '/CN=localhost']
    openssl(folder, ...request, '-keyout', 'server.key', '-out', 'server.csr')
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names']
    const signing = ['x509', '-req', '-in', 'server.csr', ...by, '-days', '2']
    openssl(folder, ...signing, '-out', 'server.pem')
    return {
      authority: certifiedIn(folder, 'ca'),
      server: certifiedIn(folder, 'server'),
      alone: certifiedIn(folder, 'alone'),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A certificate of an RSA key that signs assertions. */
export const makeSigner = (bits = 2048): Certified => {
  const folder = mkdtempSync(join(tmpdir(), 'grantlog-signer-'))
  try {
    const rsa = ['req', '-x509', '-newkey', `rsa:${bits}`, '-nodes', '-days', '2']
    openssl(folder, ...rsa, '-subj', '/CN=idp', '-keyout', 'idp.key', '-out', 'idp.pem')
    return certifiedIn(folder, 'idp')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
