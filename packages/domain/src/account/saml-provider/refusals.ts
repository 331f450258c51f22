/** Why a command about a SAML provider may be refused, in checking order. */
import * as t from 'io-ts'
import { ProviderName } from '../../names.js'

/** No SAML provider of the account has this name. */
export const SAMLProviderNotFound = t.strict(
  { type: t.literal('SAMLProviderNotFound'), providerName: ProviderName },
  'SAMLProviderNotFound',
)
export type SAMLProviderNotFound = t.TypeOf<typeof SAMLProviderNotFound>

/** Another SAML provider of the account has this name, whatever the case of its letters. */
export const SAMLProviderAlreadyExists = t.strict(
  { type: t.literal('SAMLProviderAlreadyExists'), providerName: ProviderName },
  'SAMLProviderAlreadyExists',
)
export type SAMLProviderAlreadyExists = t.TypeOf<typeof SAMLProviderAlreadyExists>

/** The account has as many SAML providers as it may. */
export const SAMLProviderLimitExceeded = t.strict(
  { type: t.literal('SAMLProviderLimitExceeded'), limit: t.number },
  'SAMLProviderLimitExceeded',
)
export type SAMLProviderLimitExceeded = t.TypeOf<typeof SAMLProviderLimitExceeded>
