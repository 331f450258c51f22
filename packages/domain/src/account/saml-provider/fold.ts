/** What the account remembers of its SAML providers. */
import { nameKey } from '../../names.js'
import type { OpenAccountState } from '../state.js'
import { unnamed } from '../state.js'
import type { SAMLProviderCreated, SAMLProviderDeleted, SAMLProviderUpdated } from './events.js'

export const foldSAMLProvider = (
  account: OpenAccountState,
  event: SAMLProviderCreated | SAMLProviderUpdated | SAMLProviderDeleted,
): OpenAccountState => {
  switch (event.type) {
    case 'SAMLProviderCreated':
      return created(account, event)
    case 'SAMLProviderUpdated':
      return updated(account, event)
    case 'SAMLProviderDeleted':
      return deleted(account, event)
  }
}

const created = (
  account: OpenAccountState,
  { type: _, ...event }: SAMLProviderCreated,
): OpenAccountState => {
  const { providerId, providerName, description = '' } = event
  if (account.samlProviders.has(providerId)) return account
  return {
    ...account,
    samlProviders: account.samlProviders.set(providerId, { ...event, description }),
    samlProviderIds: account.samlProviderIds.set(nameKey(providerName), providerId),
  }
}

const updated = (
  account: OpenAccountState,
  { type: _, ...changes }: SAMLProviderUpdated,
): OpenAccountState => {
  const provider = account.samlProviders.get(changes.providerId)
  if (provider === undefined) return account
  const samlProviders = account.samlProviders.set(provider.providerId, { ...provider, ...changes })
  return { ...account, samlProviders }
}

const deleted = (
  account: OpenAccountState,
  { providerId }: SAMLProviderDeleted,
): OpenAccountState => {
  const provider = account.samlProviders.get(providerId)
  if (provider === undefined) return account
  return {
    ...account,
    samlProviders: account.samlProviders.delete(providerId),
    samlProviderIds: unnamed(account.samlProviderIds, providerId, provider.providerName),
  }
}
