/** What may be asked about an OIDC provider. */
import * as t from 'io-ts'
import { ProviderId, ProviderName } from '../../names.js'
import { ProviderDescription } from '../limits.js'
import {
  ClientId,
  ClientIds,
  Fingerprint,
  Fingerprints,
  IssuanceLimit,
  IssuerUrl,
} from './limits.js'

/** Registers an issuer whose tokens may stand for a caller, where a role trusts it. */
export const CreateOIDCProvider = t.intersection(
  [
    t.strict({
      type: t.literal('CreateOIDCProvider'),
      providerId: ProviderId,
      providerName: ProviderName,
      issuerUrl: IssuerUrl,
      clientIds: ClientIds,
      fingerprints: Fingerprints,
      issuanceLimitHours: IssuanceLimit,
    }),
    t.exact(t.partial({ description: ProviderDescription })),
  ],
  'CreateOIDCProvider',
)
export type CreateOIDCProvider = t.TypeOf<typeof CreateOIDCProvider>

/** Changes what an OIDC provider accepts or says of itself; an absent member stays as it is. */
export const UpdateOIDCProvider = t.intersection(
  [
    t.strict({ type: t.literal('UpdateOIDCProvider'), providerName: ProviderName }),
    t.exact(
      t.partial({
        newClientIds: ClientIds,
        newIssuanceLimitHours: IssuanceLimit,
        newDescription: ProviderDescription,
      }),
    ),
  ],
  'UpdateOIDCProvider',
)
export type UpdateOIDCProvider = t.TypeOf<typeof UpdateOIDCProvider>

/** Removes an OIDC provider. Sessions that began through it end with it. */
export const DeleteOIDCProvider = t.strict(
  { type: t.literal('DeleteOIDCProvider'), providerName: ProviderName },
  'DeleteOIDCProvider',
)
export type DeleteOIDCProvider = t.TypeOf<typeof DeleteOIDCProvider>

/** Accepts tokens that are meant for one more client. */
export const AddClientIdToOIDCProvider = t.strict(
  {
    type: t.literal('AddClientIdToOIDCProvider'),
    providerName: ProviderName,
    clientId: ClientId,
  },
  'AddClientIdToOIDCProvider',
)
export type AddClientIdToOIDCProvider = t.TypeOf<typeof AddClientIdToOIDCProvider>

/** No longer accepts tokens that are meant for a client. */
export const RemoveClientIdFromOIDCProvider = t.strict(
  {
    type: t.literal('RemoveClientIdFromOIDCProvider'),
    providerName: ProviderName,
    clientId: ClientId,
  },
  'RemoveClientIdFromOIDCProvider',
)
export type RemoveClientIdFromOIDCProvider = t.TypeOf<typeof RemoveClientIdFromOIDCProvider>

/** Accepts one more certificate in the chain of the issuer's server. */
export const AddFingerprintToOIDCProvider = t.strict(
  {
    type: t.literal('AddFingerprintToOIDCProvider'),
    providerName: ProviderName,
    fingerprint: Fingerprint,
  },
  'AddFingerprintToOIDCProvider',
)
export type AddFingerprintToOIDCProvider = t.TypeOf<typeof AddFingerprintToOIDCProvider>

/** No longer accepts a certificate in the chain of the issuer's server. */
export const RemoveFingerprintFromOIDCProvider = t.strict(
  {
    type: t.literal('RemoveFingerprintFromOIDCProvider'),
    providerName: ProviderName,
    fingerprint: Fingerprint,
  },
  'RemoveFingerprintFromOIDCProvider',
)
export type RemoveFingerprintFromOIDCProvider = t.TypeOf<typeof RemoveFingerprintFromOIDCProvider>
