/** Why a command about an OIDC provider may be refused, in checking order. */
import * as t from 'io-ts'
import { ProviderName } from '../../names.js'
import { ClientId, Fingerprint } from './limits.js'

/** No OIDC provider of the account has this name. */
export const OIDCProviderNotFound = t.strict(
  { type: t.literal('OIDCProviderNotFound'), providerName: ProviderName },
  'OIDCProviderNotFound',
)
export type OIDCProviderNotFound = t.TypeOf<typeof OIDCProviderNotFound>

/** The provider has no such client id. */
export const ClientIdNotFound = t.strict(
  { type: t.literal('ClientIdNotFound'), providerName: ProviderName, clientId: ClientId },
  'ClientIdNotFound',
)
export type ClientIdNotFound = t.TypeOf<typeof ClientIdNotFound>

/** The provider has no such fingerprint. */
export const FingerprintNotFound = t.strict(
  {
    type: t.literal('FingerprintNotFound'),
    providerName: ProviderName,
    fingerprint: Fingerprint,
  },
  'FingerprintNotFound',
)
export type FingerprintNotFound = t.TypeOf<typeof FingerprintNotFound>

/** Another OIDC provider of the account has this name, whatever the case of its letters. */
export const OIDCProviderAlreadyExists = t.strict(
  { type: t.literal('OIDCProviderAlreadyExists'), providerName: ProviderName },
  'OIDCProviderAlreadyExists',
)
export type OIDCProviderAlreadyExists = t.TypeOf<typeof OIDCProviderAlreadyExists>

/** The account has as many OIDC providers as it may. */
export const OIDCProviderLimitExceeded = t.strict(
  { type: t.literal('OIDCProviderLimitExceeded'), limit: t.number },
  'OIDCProviderLimitExceeded',
)
export type OIDCProviderLimitExceeded = t.TypeOf<typeof OIDCProviderLimitExceeded>

/** The provider would have more client ids than it may. */
export const ClientIdLimitExceeded = t.strict(
  { type: t.literal('ClientIdLimitExceeded'), providerName: ProviderName, limit: t.number },
  'ClientIdLimitExceeded',
)
export type ClientIdLimitExceeded = t.TypeOf<typeof ClientIdLimitExceeded>

/** The provider would have more fingerprints than it may. */
export const FingerprintLimitExceeded = t.strict(
  { type: t.literal('FingerprintLimitExceeded'), providerName: ProviderName, limit: t.number },
  'FingerprintLimitExceeded',
)
export type FingerprintLimitExceeded = t.TypeOf<typeof FingerprintLimitExceeded>
