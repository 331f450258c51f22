/** What may be asked about a SAML provider. */
import * as t from 'io-ts'
import { ProviderId, ProviderName } from '../../names.js'
import { ProviderDescription } from '../limits.js'
import { SamlMetadata } from './metadata.js'

/** Registers a SAML identity provider by its metadata; roles may then trust what it signs. */
export const CreateSAMLProvider = t.intersection(
  [
    t.strict({
      type: t.literal('CreateSAMLProvider'),
      providerId: ProviderId,
      providerName: ProviderName,
      metadata: SamlMetadata,
    }),
    t.exact(t.partial({ description: ProviderDescription })),
  ],
  'CreateSAMLProvider',
)
export type CreateSAMLProvider = t.TypeOf<typeof CreateSAMLProvider>

/** Replaces the metadata of a SAML provider, or its description; an absent member stays. */
export const UpdateSAMLProvider = t.intersection(
  [
    t.strict({ type: t.literal('UpdateSAMLProvider'), providerName: ProviderName }),
    t.exact(t.partial({ newMetadata: SamlMetadata, newDescription: ProviderDescription })),
  ],
  'UpdateSAMLProvider',
)
export type UpdateSAMLProvider = t.TypeOf<typeof UpdateSAMLProvider>

/** Removes a SAML provider. Sessions that began through it end with it. */
export const DeleteSAMLProvider = t.strict(
  { type: t.literal('DeleteSAMLProvider'), providerName: ProviderName },
  'DeleteSAMLProvider',
)
export type DeleteSAMLProvider = t.TypeOf<typeof DeleteSAMLProvider>
