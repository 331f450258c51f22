/** AssumeRoleWithOIDC with good tokens of issuers that are wrong in one way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Issuer, makeKey, startIssuers } from '../support/issuer.js'
import { type Federation, refusal, startFederation, trusting } from './federation.js'
import { failed, oidcCalls, type Parameters } from './oidc-calls.js'

let world: Federation
const key = makeKey('key-1')

beforeAll(async () => {
  world = await startFederation()
}, 30_000)
afterAll(() => world.end())

/** What a token of the issuer is refused with, where it is registered in such words. */
const asked = async (
  one: Federation,
  name: string,
  issuer: Issuer,
  more: Parameters = {},
): Promise<string> => {
  const calls = oidcCalls(one)
  await calls.makeProvider(name, issuer, more)
  const OIDCProviderArn = calls.providerArn(name)
  await calls.makeRole(name, trusting(OIDCProviderArn))
  const OIDCToken = calls.token(issuer, key)
  return refusal(calls.assume({ OIDCProviderArn, OIDCToken, RoleArn: calls.roleArn(name) }))
}

describe('bad issuers', () => {
  const json = (value: unknown) => ({ status: 200, body: JSON.stringify(value) })
  const well = '.well-known/openid-configuration'
  const broken = failed('OIDCToken.IssuerConfigurationBroken')
  type Spoil = (one: Issuer) => void
  const ISSUERS: ReadonlyArray<readonly [string, Spoil, Parameters, string]> = [
    [
      'with another certificate',
      () => {},
      { Fingerprints: 'a'.repeat(40) },
      failed('OIDCToken.PublicKeyFingerprintMismatch'),
    ],
    [
      'without a fingerprint',
      () => {},
      { Fingerprints: '' },
      failed('OIDCToken.PublicKeyFingerprintMismatch'),
    ],
    [
      'that names another',
      (one) => {
        one.discovery = { issuer: 'https://evil.example' }
      },
      {},
      broken,
    ],
    [
      'that names no keys',
      (one) => {
        one.discovery = { jwks_uri: undefined }
      },
      {},
      broken,
    ],
    [
      'whose keys are not behind https',
      (one) => {
        one.discovery = { jwks_uri: one.url.replace('https', 'http') }
      },
      {},
      broken,
    ],
    [
      'that redirects',
      (one) => {
        one.answers = { [well]: { status: 302, headers: { location: `${one.url}/x` }, body: '' } }
      },
      {},
      broken,
    ],
    [
      'whose keys redirect',
      (one) => {
        one.answers = {
          keys: { status: 302, headers: { location: 'https://localhost/keys' }, body: '' },
        }
      },
      {},
      broken,
    ],
    [
      'that is not found',
      (one) => {
        one.answers = { [well]: { status: 404, body: '{}' } }
      },
      {},
      broken,
    ],
    [
      'that says no JSON',
      (one) => {
        one.answers = { [well]: { status: 200, body: '<html>' } }
      },
      {},
      broken,
    ],
    [
      'that says too much',
      (one) => {
        one.answers = { [well]: { status: 200, body: `"${'x'.repeat(1_048_577)}"` } }
      },
      {},
      broken,
    ],
    [
      'with a key set that is none',
      (one) => {
        one.answers = { keys: json({ keys: 'many' }) }
      },
      {},
      broken,
    ],
    [
      'with too many keys',
      (one) => {
        one.answers = { keys: json({ keys: Array.from({ length: 101 }, () => key.jwk) }) }
      },
      {},
      broken,
    ],
    [
      'whose key is a secret',
      (one) => {
        one.answers = { keys: json({ keys: [{ kty: 'oct', kid: 'key-1', k: 'AAAA' }] }) }
      },
      {},
      failed('OIDCToken.InvalidSignature'),
    ],
    [
      'without keys',
      (one) => {
        one.keys = []
      },
      {},
      failed('OIDCToken.InvalidSignature'),
    ],
  ]
  it.each(ISSUERS.map(([what, spoil, more, code], index) => ({ what, spoil, more, code, index })))(
    'given an issuer $what, when AssumeRoleWithOIDC, then $code',
    async ({ spoil, more, code, index }) => {
      const name = `bad-${index}`
      const one = world.issuers.issuer(name, [key])
      spoil(one)
      expect(await asked(world, name, one, more)).toBe(code)
    },
  )
})

describe('issuers that take their time', () => {
  const drip = { status: 200, body: ' ', isEndless: true } as const
  /** The official client does not wait as long as the server does. */
  const waitFor = async (name: string, answers: Issuer['answers']): Promise<string> => {
    const calls = oidcCalls(world)
    const issuer = world.issuers.issuer(name, [key])
    issuer.answers = answers
    await calls.makeProvider(name, issuer)
    await calls.makeRole(name, trusting(calls.providerArn(name)))
    const { body } = await calls.post({
      Action: 'AssumeRoleWithOIDC',
      Version: '2015-04-01',
      OIDCProviderArn: calls.providerArn(name),
      RoleArn: calls.roleArn(name),
      RoleSessionName: 'build-17',
      OIDCToken: calls.token(issuer, key),
      Format: 'JSON',
    })
    return body.Code
  }
  it('given answers that never end, when AssumeRoleWithOIDC, then IssuerConfigurationBroken in the end', async () => {
    const codes = [
      waitFor('slow', { '.well-known/openid-configuration': drip }),
      waitFor('slow-keys', { keys: drip }),
    ]
    const broken = 'AuthenticationFail.OIDCToken.IssuerConfigurationBroken'
    expect(await Promise.all(codes)).toEqual([broken, broken])
  }, 30_000)
})

describe('issuers that may not be asked', () => {
  it('given an issuer inside, when AssumeRoleWithOIDC, then IssuerConfigurationBroken', async () => {
    const outside = await startFederation({ insideIssuers: false })
    const inner = outside.issuers.issuer('inside', [key])
    expect(await asked(outside, 'inside', inner)).toBe(
      failed('OIDCToken.IssuerConfigurationBroken'),
    )
    expect(inner.asked).toBe(0)
    await outside.end()
  })
  it('given an unproved server, when AssumeRoleWithOIDC, then HttpsUrlInvalid', async () => {
    const alone = await startIssuers(world.certificates.alone)
    const one = alone.issuer('alone', [key])
    expect(await asked(world, 'alone', one)).toBe(failed('OIDCToken.HttpsUrlInvalid'))
    expect(one.asked).toBe(0)
    await alone.stop()
  })
})
