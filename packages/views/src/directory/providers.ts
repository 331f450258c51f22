/** How the directory remembers identity providers, and what can be asked of it about them. */
import type {
  OIDCProviderCreated,
  OIDCProviderDeleted,
  OIDCProviderUpdated,
  ProviderEvent,
  Recorded,
  SAMLProviderCreated,
  SAMLProviderDeleted,
  SAMLProviderUpdated,
} from '@grantlog/domain'
import type { OIDCProviderRow, Page, PageRequest, SAMLProviderRow } from './rows.js'
import type { DirectoryState } from './state.js'

const applyToOIDCProvider = (
  state: DirectoryState,
  event: OIDCProviderCreated | OIDCProviderUpdated | OIDCProviderDeleted,
  { accountId, position, recordedAt }: Recorded,
): DirectoryState => {
  switch (event.type) {
    case 'OIDCProviderCreated': {
      const { type: _, ...provider } = event
      const dates = { createdAt: recordedAt, updatedAt: recordedAt }
      state.oidcProviders.put({ ...provider, accountId, position, ...dates })
      return state
    }
    case 'OIDCProviderUpdated': {
      const { type: _, ...changes } = event
      const row = state.oidcProviders.byId(accountId, event.providerId)
      if (row !== undefined) state.oidcProviders.put({ ...row, ...changes, updatedAt: recordedAt })
      return state
    }
    case 'OIDCProviderDeleted':
      state.oidcProviders.drop(accountId, event.providerId)
      return state
  }
}

const applyToSAMLProvider = (
  state: DirectoryState,
  event: SAMLProviderCreated | SAMLProviderUpdated | SAMLProviderDeleted,
  { accountId, position, recordedAt }: Recorded,
): DirectoryState => {
  switch (event.type) {
    case 'SAMLProviderCreated': {
      const { type: _, ...provider } = event
      const dates = { createdAt: recordedAt, updatedAt: recordedAt }
      state.samlProviders.put({ ...provider, accountId, position, ...dates })
      return state
    }
    case 'SAMLProviderUpdated': {
      const { type: _, ...changes } = event
      const row = state.samlProviders.byId(accountId, event.providerId)
      if (row !== undefined) state.samlProviders.put({ ...row, ...changes, updatedAt: recordedAt })
      return state
    }
    case 'SAMLProviderDeleted':
      state.samlProviders.drop(accountId, event.providerId)
      return state
  }
}

export const applyToProvider = (
  state: DirectoryState,
  event: ProviderEvent,
  recorded: Recorded,
): DirectoryState => {
  switch (event.type) {
    case 'OIDCProviderCreated':
    case 'OIDCProviderUpdated':
    case 'OIDCProviderDeleted':
      return applyToOIDCProvider(state, event, recorded)
    case 'SAMLProviderCreated':
    case 'SAMLProviderUpdated':
    case 'SAMLProviderDeleted':
      return applyToSAMLProvider(state, event, recorded)
  }
}

/** Names are compared without case, here and below. */
export const findOIDCProvider = (
  state: DirectoryState,
  accountId: string,
  providerName: string,
): OIDCProviderRow | undefined => state.oidcProviders.byName(accountId, providerName)

export const findSAMLProvider = (
  state: DirectoryState,
  accountId: string,
  providerName: string,
): SAMLProviderRow | undefined => state.samlProviders.byName(accountId, providerName)

/** In the order of creation. */
export const listOIDCProviders = (
  state: DirectoryState,
  accountId: string,
  page: PageRequest,
): Page<OIDCProviderRow> => state.oidcProviders.page(accountId, page)

export const listSAMLProviders = (
  state: DirectoryState,
  accountId: string,
  page: PageRequest,
): Page<SAMLProviderRow> => state.samlProviders.page(accountId, page)
