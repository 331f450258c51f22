/** Whether a SAML provider may be created, changed and deleted. */
import { accept, refuse, unchanged } from '../../decider.js'
import { nameKey } from '../../names.js'
import type { Quotas } from '../quotas.js'
import type { AccountDecision } from '../refusal.js'
import type { OpenAccountState } from '../state.js'
import { samlProviderNamed } from '../state.js'
import type { CreateSAMLProvider, DeleteSAMLProvider, UpdateSAMLProvider } from './commands.js'

export const createSAMLProvider = (
  command: CreateSAMLProvider,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const { type: _, ...provider } = command
  const { providerId, providerName } = provider
  const holder = account.samlProviders.get(providerId)
  if (holder !== undefined && holder.providerName === providerName) return unchanged
  if (holder !== undefined || account.samlProviderIds.has(nameKey(providerName)))
    return refuse({ type: 'SAMLProviderAlreadyExists', providerName })
  if (account.samlProviders.size >= quotas.samlProvidersPerAccount)
    return refuse({ type: 'SAMLProviderLimitExceeded', limit: quotas.samlProvidersPerAccount })

  return accept({ type: 'SAMLProviderCreated', ...provider })
}

export const updateSAMLProvider = (
  { providerName, newMetadata, newDescription }: UpdateSAMLProvider,
  account: OpenAccountState,
): AccountDecision => {
  const provider = samlProviderNamed(account, providerName)
  if (provider === undefined) return refuse({ type: 'SAMLProviderNotFound', providerName })
  const { providerId, metadata, description } = provider
  const isOther = newMetadata !== undefined && newMetadata.document !== metadata.document
  const isReworded = newDescription !== undefined && newDescription !== description
  if (!isOther && !isReworded) return unchanged

  return accept({
    type: 'SAMLProviderUpdated',
    providerId,
    ...(isOther && { metadata: newMetadata }),
    ...(isReworded && { description: newDescription }),
  })
}

export const deleteSAMLProvider = (
  { providerName }: DeleteSAMLProvider,
  account: OpenAccountState,
): AccountDecision => {
  const provider = samlProviderNamed(account, providerName)
  if (provider === undefined) return refuse({ type: 'SAMLProviderNotFound', providerName })
  const { providerId } = provider

  return accept({
    type: 'SAMLProviderDeleted',
    providerId,
    providerName: provider.providerName,
  })
}
