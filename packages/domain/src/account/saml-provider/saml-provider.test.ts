/** What can become of a SAML provider. */
import { describe, it } from 'vitest'
import { ProviderName } from '../../names.js'
import { known, providerIdOf, sampleAccountId, specify } from '../../testing/index.js'
import { accountDecider } from '../decider.js'
import { ProviderDescription } from '../limits.js'
import { DEFAULT_QUOTAS } from '../quotas.js'

const given = specify(accountDecider({ ...DEFAULT_QUOTAS, samlProvidersPerAccount: 2 }))
const corp = known(ProviderName, 'corp')
const note = known(ProviderDescription, 'staff')
const providerId = providerIdOf(1)
const metadata = { document: 'PEE+', entityId: 'https://idp.example', certificates: ['AAAA'] }
const other = { ...metadata, document: 'PEI+', certificates: ['BBBB'] }
const opened = { type: 'AccountCreated', accountId: sampleAccountId } as const
const created = { type: 'SAMLProviderCreated', providerId, providerName: corp, metadata } as const
const second = {
  ...created,
  providerId: providerIdOf(2),
  providerName: known(ProviderName, 'partners'),
} as const
const oidcOfThatName = {
  type: 'OIDCProviderCreated',
  providerId: providerIdOf(9),
  providerName: corp,
  issuerUrl: 'https://issuer.example',
  clientIds: [],
  fingerprints: [],
  issuanceLimitHours: 12,
} as const
const deleted = { type: 'SAMLProviderDeleted', providerId, providerName: corp } as const
const absent = { type: 'SAMLProviderNotFound', providerName: corp } as const

describe('CreateSAMLProvider', () => {
  const create = {
    type: 'CreateSAMLProvider',
    providerId,
    providerName: corp,
    metadata,
    description: note,
  } as const

  it('given no such provider, then it is created, also beside an OIDC provider of its name', () => {
    given(opened)
      .when(create)
      .thenEmits({ ...created, description: note })
    given(opened, oidcOfThatName)
      .when(create)
      .thenEmits({ ...created, description: note })
  })
  it('given one of that name in a full account, then the name is what is refused', () => {
    const providerName = known(ProviderName, 'CORP')
    given(opened, created, second)
      .when({ ...create, providerId: providerIdOf(3), providerName })
      .thenRefused({ type: 'SAMLProviderAlreadyExists', providerName })
  })
  it('given a full account, then it is refused', () => {
    const providerName = known(ProviderName, 'third')
    given(opened, created, second)
      .when({ ...create, providerId: providerIdOf(3), providerName })
      .thenRefused({ type: 'SAMLProviderLimitExceeded', limit: 2 })
  })
  it('given the same provider, then nothing changes', () => {
    given(opened, created).when(create).thenUnchanged()
  })
})

describe('UpdateSAMLProvider', () => {
  const update = { type: 'UpdateSAMLProvider', providerName: corp } as const

  it('given the provider, then only what changes is recorded', () => {
    given(opened, created)
      .when({ ...update, newMetadata: other, newDescription: known(ProviderDescription, '') })
      .thenEmits({ type: 'SAMLProviderUpdated', providerId, metadata: other })
    given(opened, created)
      .when({ ...update, newDescription: note })
      .thenEmits({ type: 'SAMLProviderUpdated', providerId, description: note })
  })
  it('given no such provider, then it is refused', () => {
    given(opened).when(update).thenRefused(absent)
  })
  it('given what is asked already, then nothing changes', () => {
    given(opened, created)
      .when({ ...update, newMetadata: metadata })
      .thenUnchanged()
  })
})

describe('DeleteSAMLProvider', () => {
  const remove = { type: 'DeleteSAMLProvider', providerName: corp } as const

  it('given the provider, then it is deleted', () => {
    given(opened, created).when(remove).thenEmits(deleted)
  })
  it('given no such provider, then it is refused', () => {
    given(opened).when(remove).thenRefused(absent)
    given(opened, created, deleted).when(remove).thenRefused(absent)
  })
})
