/** Whether an OIDC provider may be created, changed and deleted. */
import { accept, refuse, unchanged } from '../../decider.js'
import { nameKey } from '../../names.js'
import type { Quotas } from '../quotas.js'
import type { AccountDecision } from '../refusal.js'
import type { OIDCProviderRecord, OpenAccountState } from '../state.js'
import { oidcProviderNamed } from '../state.js'
import type {
  AddClientIdToOIDCProvider,
  AddFingerprintToOIDCProvider,
  CreateOIDCProvider,
  DeleteOIDCProvider,
  RemoveClientIdFromOIDCProvider,
  RemoveFingerprintFromOIDCProvider,
  UpdateOIDCProvider,
} from './commands.js'
import type { OIDCProviderUpdated } from './events.js'

export const createOIDCProvider = (
  command: CreateOIDCProvider,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const { type: _, ...provider } = command
  const { providerId, providerName, clientIds, fingerprints } = provider
  const holder = account.oidcProviders.get(providerId)
  if (holder !== undefined && holder.providerName === providerName) return unchanged
  if (holder !== undefined || account.oidcProviderIds.has(nameKey(providerName)))
    return refuse({ type: 'OIDCProviderAlreadyExists', providerName })
  if (account.oidcProviders.size >= quotas.oidcProvidersPerAccount)
    return refuse({ type: 'OIDCProviderLimitExceeded', limit: quotas.oidcProvidersPerAccount })
  const limit = quotas.clientIdsPerOIDCProvider
  if (clientIds.length > limit)
    return refuse({ type: 'ClientIdLimitExceeded', providerName, limit })
  if (fingerprints.length > quotas.fingerprintsPerOIDCProvider)
    return refuse({
      type: 'FingerprintLimitExceeded',
      providerName,
      limit: quotas.fingerprintsPerOIDCProvider,
    })

  return accept({ type: 'OIDCProviderCreated', ...provider })
}

export const updateOIDCProvider = (
  command: UpdateOIDCProvider,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const { providerName, newClientIds, newIssuanceLimitHours, newDescription } = command
  const provider = oidcProviderNamed(account, providerName)
  if (provider === undefined) return refuse({ type: 'OIDCProviderNotFound', providerName })
  const limit = quotas.clientIdsPerOIDCProvider
  if (newClientIds !== undefined && newClientIds.length > limit)
    return refuse({ type: 'ClientIdLimitExceeded', providerName, limit })

  const hasOtherClients = newClientIds !== undefined && !isSame(newClientIds, provider.clientIds)
  const isRetimed =
    newIssuanceLimitHours !== undefined && newIssuanceLimitHours !== provider.issuanceLimitHours
  const isReworded = newDescription !== undefined && newDescription !== provider.description
  if (!hasOtherClients && !isRetimed && !isReworded) return unchanged
  return updated(provider, {
    ...(hasOtherClients && { clientIds: newClientIds }),
    ...(isRetimed && { issuanceLimitHours: newIssuanceLimitHours }),
    ...(isReworded && { description: newDescription }),
  })
}

export const deleteOIDCProvider = (
  { providerName }: DeleteOIDCProvider,
  account: OpenAccountState,
): AccountDecision => {
  const provider = oidcProviderNamed(account, providerName)
  if (provider === undefined) return refuse({ type: 'OIDCProviderNotFound', providerName })
  const { providerId } = provider

  return accept({
    type: 'OIDCProviderDeleted',
    providerId,
    providerName: provider.providerName,
  })
}

export const addClientIdToOIDCProvider = (
  { providerName, clientId }: AddClientIdToOIDCProvider,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const provider = oidcProviderNamed(account, providerName)
  if (provider === undefined) return refuse({ type: 'OIDCProviderNotFound', providerName })
  const { clientIds } = provider
  if (clientIds.includes(clientId)) return unchanged
  const limit = quotas.clientIdsPerOIDCProvider
  if (clientIds.length >= limit)
    return refuse({ type: 'ClientIdLimitExceeded', providerName, limit })

  return updated(provider, { clientIds: [...clientIds, clientId] })
}

export const removeClientIdFromOIDCProvider = (
  { providerName, clientId }: RemoveClientIdFromOIDCProvider,
  account: OpenAccountState,
): AccountDecision => {
  const provider = oidcProviderNamed(account, providerName)
  if (provider === undefined) return refuse({ type: 'OIDCProviderNotFound', providerName })
  const { clientIds } = provider
  if (!clientIds.includes(clientId))
    return refuse({ type: 'ClientIdNotFound', providerName, clientId })

  return updated(provider, { clientIds: clientIds.filter((other) => other !== clientId) })
}

export const addFingerprintToOIDCProvider = (
  { providerName, fingerprint }: AddFingerprintToOIDCProvider,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const provider = oidcProviderNamed(account, providerName)
  if (provider === undefined) return refuse({ type: 'OIDCProviderNotFound', providerName })
  const { fingerprints } = provider
  if (fingerprints.includes(fingerprint)) return unchanged
  const limit = quotas.fingerprintsPerOIDCProvider
  if (fingerprints.length >= limit)
    return refuse({ type: 'FingerprintLimitExceeded', providerName, limit })

  return updated(provider, { fingerprints: [...fingerprints, fingerprint] })
}

export const removeFingerprintFromOIDCProvider = (
  { providerName, fingerprint }: RemoveFingerprintFromOIDCProvider,
  account: OpenAccountState,
): AccountDecision => {
  const provider = oidcProviderNamed(account, providerName)
  if (provider === undefined) return refuse({ type: 'OIDCProviderNotFound', providerName })
  const { fingerprints } = provider
  if (!fingerprints.includes(fingerprint))
    return refuse({ type: 'FingerprintNotFound', providerName, fingerprint })

  return updated(provider, {
    fingerprints: fingerprints.filter((other) => other !== fingerprint),
  })
}

const updated = (
  { providerId }: OIDCProviderRecord,
  changes: Omit<OIDCProviderUpdated, 'type' | 'providerId'>,
): AccountDecision => accept({ type: 'OIDCProviderUpdated', providerId, ...changes })

const isSame = (some: ReadonlyArray<string>, others: ReadonlyArray<string>): boolean =>
  some.length === others.length && some.every((one, index) => one === others[index])
