/** What can have happened to a SAML provider. Stored for ever. */
import * as t from 'io-ts'
import { ProviderId, ProviderName } from '../../names.js'
import { SamlMetadata } from './metadata.js'

/** A SAML provider came into being: roles may trust it from now on. */
export const SAMLProviderCreated = t.intersection(
  [
    t.strict({
      type: t.literal('SAMLProviderCreated'),
      providerId: ProviderId,
      providerName: ProviderName,
      metadata: SamlMetadata,
    }),
    t.exact(t.partial({ description: t.string })),
  ],
  'SAMLProviderCreated',
)
export type SAMLProviderCreated = t.TypeOf<typeof SAMLProviderCreated>

/** A SAML provider's metadata or description changed; only what changed is present. */
export const SAMLProviderUpdated = t.intersection(
  [
    t.strict({ type: t.literal('SAMLProviderUpdated'), providerId: ProviderId }),
    t.exact(t.partial({ metadata: SamlMetadata, description: t.string })),
  ],
  'SAMLProviderUpdated',
)
export type SAMLProviderUpdated = t.TypeOf<typeof SAMLProviderUpdated>

/** A SAML provider ceased to exist, and every session that began through it with it. */
export const SAMLProviderDeleted = t.strict(
  {
    type: t.literal('SAMLProviderDeleted'),
    providerId: ProviderId,
    providerName: ProviderName,
  },
  'SAMLProviderDeleted',
)
export type SAMLProviderDeleted = t.TypeOf<typeof SAMLProviderDeleted>
