/** What the account remembers of its OIDC providers. */
import { nameKey } from '../../names.js'
import type { OpenAccountState } from '../state.js'
import { unnamed } from '../state.js'
import type { OIDCProviderCreated, OIDCProviderDeleted, OIDCProviderUpdated } from './events.js'

export const foldOIDCProvider = (
  account: OpenAccountState,
  event: OIDCProviderCreated | OIDCProviderUpdated | OIDCProviderDeleted,
): OpenAccountState => {
  switch (event.type) {
    case 'OIDCProviderCreated':
      return created(account, event)
    case 'OIDCProviderUpdated':
      return updated(account, event)
    case 'OIDCProviderDeleted':
      return deleted(account, event)
  }
}

const created = (
  account: OpenAccountState,
  { type: _, ...event }: OIDCProviderCreated,
): OpenAccountState => {
  const { providerId, providerName, description = '' } = event
  if (account.oidcProviders.has(providerId)) return account
  return {
    ...account,
    oidcProviders: account.oidcProviders.set(providerId, { ...event, description }),
    oidcProviderIds: account.oidcProviderIds.set(nameKey(providerName), providerId),
  }
}

const updated = (
  account: OpenAccountState,
  { type: _, ...changes }: OIDCProviderUpdated,
): OpenAccountState => {
  const provider = account.oidcProviders.get(changes.providerId)
  if (provider === undefined) return account
  const oidcProviders = account.oidcProviders.set(provider.providerId, { ...provider, ...changes })
  return { ...account, oidcProviders }
}

const deleted = (
  account: OpenAccountState,
  { providerId }: OIDCProviderDeleted,
): OpenAccountState => {
  const provider = account.oidcProviders.get(providerId)
  if (provider === undefined) return account
  return {
    ...account,
    oidcProviders: account.oidcProviders.delete(providerId),
    oidcProviderIds: unnamed(account.oidcProviderIds, providerId, provider.providerName),
  }
}
