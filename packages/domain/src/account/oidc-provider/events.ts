/** What can have happened to an OIDC provider. Stored for ever. */
import * as t from 'io-ts'
import { ProviderId, ProviderName } from '../../names.js'

/** An OIDC provider came into being: roles may trust it from now on. */
export const OIDCProviderCreated = t.intersection(
  [
    t.strict({
      type: t.literal('OIDCProviderCreated'),
      providerId: ProviderId,
      providerName: ProviderName,
      issuerUrl: t.string,
      clientIds: t.readonlyArray(t.string),
      /** Lower-case hex digits. */
      fingerprints: t.readonlyArray(t.string),
      /** Hours. */
      issuanceLimitHours: t.number,
    }),
    t.exact(t.partial({ description: t.string })),
  ],
  'OIDCProviderCreated',
)
export type OIDCProviderCreated = t.TypeOf<typeof OIDCProviderCreated>

/** What an OIDC provider accepts changed; only the members that changed are present, each whole. */
export const OIDCProviderUpdated = t.intersection(
  [
    t.strict({ type: t.literal('OIDCProviderUpdated'), providerId: ProviderId }),
    t.exact(
      t.partial({
        clientIds: t.readonlyArray(t.string),
        fingerprints: t.readonlyArray(t.string),
        issuanceLimitHours: t.number,
        description: t.string,
      }),
    ),
  ],
  'OIDCProviderUpdated',
)
export type OIDCProviderUpdated = t.TypeOf<typeof OIDCProviderUpdated>

/** An OIDC provider ceased to exist, and every session that began through it with it. */
export const OIDCProviderDeleted = t.strict(
  {
    type: t.literal('OIDCProviderDeleted'),
    providerId: ProviderId,
    providerName: ProviderName,
  },
  'OIDCProviderDeleted',
)
export type OIDCProviderDeleted = t.TypeOf<typeof OIDCProviderDeleted>
