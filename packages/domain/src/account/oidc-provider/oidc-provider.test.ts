/** What can become of an OIDC provider. */
import { describe, expect, it } from 'vitest'
import { ProviderName } from '../../names.js'
import { known, providerIdOf, sampleAccountId, specify } from '../../testing/index.js'
import { accountDecider } from '../decider.js'
import { ProviderDescription } from '../limits.js'
import { DEFAULT_QUOTAS } from '../quotas.js'
import {
  ClientId,
  ClientIds,
  Fingerprint,
  Fingerprints,
  IssuanceLimit,
  IssuerUrl,
} from './limits.js'

const given = specify(
  accountDecider({
    ...DEFAULT_QUOTAS,
    oidcProvidersPerAccount: 2,
    clientIdsPerOIDCProvider: 2,
    fingerprintsPerOIDCProvider: 2,
  }),
)
const ci = known(ProviderName, 'ci')
const corp = known(ProviderName, 'corp')
const providerId = providerIdOf(1)
const app = known(ClientId, 'app')
const web = known(ClientId, 'web')
const sha1 = known(Fingerprint, 'a'.repeat(40))
const sha256 = known(Fingerprint, 'b'.repeat(64))
const note = known(ProviderDescription, 'builds')
const opened = { type: 'AccountCreated', accountId: sampleAccountId } as const
const provider = {
  providerId,
  providerName: ci,
  issuerUrl: known(IssuerUrl, 'https://issuer.example/ci'),
  clientIds: known(ClientIds, [app]),
  fingerprints: known(Fingerprints, [sha1]),
  issuanceLimitHours: known(IssuanceLimit, 12),
}
const created = { type: 'OIDCProviderCreated', ...provider } as const
const corpCreated = { ...created, providerId: providerIdOf(2), providerName: corp } as const
const deleted = { type: 'OIDCProviderDeleted', providerId, providerName: ci } as const
const updated = { type: 'OIDCProviderUpdated', providerId } as const
const absent = { type: 'OIDCProviderNotFound', providerName: ci } as const

describe('CreateOIDCProvider', () => {
  const create = { type: 'CreateOIDCProvider', ...provider, description: note } as const
  const third = { ...create, providerId: providerIdOf(3) } as const

  it('given no such provider, then it is created', () => {
    given(opened)
      .when(create)
      .thenEmits({ ...created, description: note })
  })
  it('given one of that name in a full account, then the name is what is refused', () => {
    const providerName = known(ProviderName, 'CI')
    given(opened, created, corpCreated)
      .when({ ...third, providerName })
      .thenRefused({ type: 'OIDCProviderAlreadyExists', providerName })
  })
  it('given another provider with that id, then it is refused', () => {
    given(opened, created)
      .when({ ...create, providerName: corp })
      .thenRefused({ type: 'OIDCProviderAlreadyExists', providerName: corp })
  })
  it('given a full account, then it is refused', () => {
    given(opened, created, corpCreated)
      .when({ ...third, providerName: known(ProviderName, 'third') })
      .thenRefused({ type: 'OIDCProviderLimitExceeded', limit: 2 })
  })
  it('given too many clients or fingerprints, then it is refused', () => {
    given(opened)
      .when({ ...create, clientIds: known(ClientIds, ['a', 'b', 'c']) })
      .thenRefused({ type: 'ClientIdLimitExceeded', providerName: ci, limit: 2 })
    const fingerprints = known(
      Fingerprints,
      ['1', '2', '3'].map((digit) => digit.repeat(40)),
    )
    given(opened)
      .when({ ...create, fingerprints })
      .thenRefused({ type: 'FingerprintLimitExceeded', providerName: ci, limit: 2 })
  })
  it('given the same provider, then nothing changes', () => {
    given(opened, created).when(create).thenUnchanged()
  })
})

describe('UpdateOIDCProvider', () => {
  const update = { type: 'UpdateOIDCProvider', providerName: ci } as const

  it('given the provider, then only what changes is recorded', () => {
    given(opened, created)
      .when({ ...update, newClientIds: known(ClientIds, []), newDescription: note })
      .thenEmits({ ...updated, clientIds: [], description: note })
    given(opened, created)
      .when({ ...update, newIssuanceLimitHours: known(IssuanceLimit, 1) })
      .thenEmits({ ...updated, issuanceLimitHours: 1 })
  })
  it('given no such provider, or too many clients, then it is refused', () => {
    given(opened).when(update).thenRefused(absent)
    given(opened, created)
      .when({ ...update, newClientIds: known(ClientIds, ['a', 'b', 'c']) })
      .thenRefused({ type: 'ClientIdLimitExceeded', providerName: ci, limit: 2 })
  })
  it('given what is asked already, then nothing changes', () => {
    given(opened, created)
      .when({ ...update, newClientIds: known(ClientIds, [app]) })
      .thenUnchanged()
  })
})

describe('DeleteOIDCProvider', () => {
  const remove = { type: 'DeleteOIDCProvider', providerName: ci } as const

  it('given the provider, then it is deleted, and its name is free', () => {
    given(opened, created).when(remove).thenEmits(deleted)
    given(opened, created, deleted)
      .when({ type: 'CreateOIDCProvider', ...provider, providerId: providerIdOf(4) })
      .thenEmits({ ...created, providerId: providerIdOf(4) })
  })
  it('given no such provider, then it is refused', () => {
    given(opened).when(remove).thenRefused(absent)
    given(opened, created, deleted).when(remove).thenRefused(absent)
  })
})

describe('AddClientIdToOIDCProvider', () => {
  const add = { type: 'AddClientIdToOIDCProvider', providerName: ci, clientId: web } as const

  it('given the provider, then it accepts one more client', () => {
    given(opened, created)
      .when(add)
      .thenEmits({ ...updated, clientIds: [app, web] })
  })
  it('given no such provider, or a full one, then it is refused', () => {
    given(opened).when(add).thenRefused(absent)
    given(opened, created, { ...updated, clientIds: ['a', 'b'] })
      .when(add)
      .thenRefused({ type: 'ClientIdLimitExceeded', providerName: ci, limit: 2 })
  })
  it('given the client already, then nothing changes', () => {
    given(opened, created, { ...updated, clientIds: ['a', 'web'] })
      .when(add)
      .thenUnchanged()
  })
})

describe('RemoveClientIdFromOIDCProvider', () => {
  const remove = {
    type: 'RemoveClientIdFromOIDCProvider',
    providerName: ci,
    clientId: app,
  } as const

  it('given the client, then it is accepted no longer', () => {
    given(opened, created)
      .when(remove)
      .thenEmits({ ...updated, clientIds: [] })
  })
  it('given no such provider or no such client, then it is refused', () => {
    given(opened).when(remove).thenRefused(absent)
    given(opened, created)
      .when({ ...remove, clientId: web })
      .thenRefused({ type: 'ClientIdNotFound', providerName: ci, clientId: web })
  })
})

describe('AddFingerprintToOIDCProvider', () => {
  const add = {
    type: 'AddFingerprintToOIDCProvider',
    providerName: ci,
    fingerprint: sha256,
  } as const

  it('given the provider, then it accepts one more certificate', () => {
    given(opened, created)
      .when(add)
      .thenEmits({ ...updated, fingerprints: [sha1, sha256] })
  })
  it('given no such provider, or a full one, then it is refused', () => {
    given(opened).when(add).thenRefused(absent)
    given(opened, created, { ...updated, fingerprints: [sha1, 'c'.repeat(40)] })
      .when(add)
      .thenRefused({ type: 'FingerprintLimitExceeded', providerName: ci, limit: 2 })
  })
  it('given the fingerprint already, then nothing changes', () => {
    given(opened, created)
      .when({ ...add, fingerprint: sha1 })
      .thenUnchanged()
  })
})

describe('RemoveFingerprintFromOIDCProvider', () => {
  const remove = {
    type: 'RemoveFingerprintFromOIDCProvider',
    providerName: ci,
    fingerprint: sha1,
  } as const

  it('given the fingerprint, then it is accepted no longer', () => {
    given(opened, created)
      .when(remove)
      .thenEmits({ ...updated, fingerprints: [] })
  })
  it('given no such provider or no such fingerprint, then it is refused', () => {
    given(opened).when(remove).thenRefused(absent)
    given(opened, created)
      .when({ ...remove, fingerprint: sha256 })
      .thenRefused({ type: 'FingerprintNotFound', providerName: ci, fingerprint: sha256 })
  })
})

describe('IssuerUrl', () => {
  it.each([
    'https://issuer.example',
    'https://issuer.example/',
    'https://id.example:8443/a/b_c~1.2',
    'https://127.0.0.1:9000',
  ])('given %s, then it is one', (url) => {
    expect(IssuerUrl.is(url)).toBe(true)
  })
  it.each([
    'http://issuer.example',
    'https://user@issuer.example',
    'https://issuer.example?x=1',
    'https://issuer.example#x',
    'https://issuer.example/a/../b',
    'https://issuer.example/%2e%2e/b',
    'https://issuer.example//b',
    'https://ISSUER.example',
    'https://issuer.example:0',
    'https://',
    `https://issuer.example/${'a'.repeat(255)}`,
  ])('given %s, then it is none', (url) => {
    expect(IssuerUrl.is(url)).toBe(false)
  })
})
