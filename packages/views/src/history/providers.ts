/** The lives of identity providers, for the sessions that began through them. */
import type { ProviderEvent, Recorded } from '@grantlog/domain'
import { entityKey } from '../keys.js'
import type { Mark } from './marks.js'
import type { HistoryState } from './state.js'

/** What a provider accepts is told by its events; its life is told here. */
export const applyToProvider = (
  state: HistoryState,
  event: ProviderEvent,
  recorded: Recorded,
): HistoryState => {
  const { accountId, position } = recorded
  state.marks.add(recorded)
  const subject = entityKey(accountId, event.providerId)
  switch (event.type) {
    case 'OIDCProviderCreated':
    case 'SAMLProviderCreated': {
      const kind = event.type === 'OIDCProviderCreated' ? 'oidc-provider' : 'saml-provider'
      state.providers.open(subject, { name: `${kind}/${event.providerName}` }, position)
      return state
    }
    case 'OIDCProviderUpdated':
    case 'SAMLProviderUpdated':
      return state
    case 'OIDCProviderDeleted':
    case 'SAMLProviderDeleted':
      state.providers.close(subject, position)
      return state
  }
}

/** The event that deleted a provider; undefined while it is there. */
export const endOfProvider = (
  state: HistoryState,
  accountId: string,
  providerId: string,
): Mark | undefined =>
  state.marks.at(state.providers.of(entityKey(accountId, providerId)).at(-1)?.to ?? undefined)

/** What a provider is called, with its kind, as in `oidc-provider/ci`. */
export const providerLabel = (
  state: HistoryState,
  accountId: string,
  providerId: string,
): string | undefined => state.providers.of(entityKey(accountId, providerId)).at(-1)?.value.name
