/** Random commands about identity providers. */
import * as fc from 'fast-check'
import { command, commandWith, often } from './drafts.js'
import * as pool from './pools.js'
import { providerIdOf } from './samples.js'

const clientOfProvider = <
  Type extends 'AddClientIdToOIDCProvider' | 'RemoveClientIdFromOIDCProvider',
>(
  type: Type,
) =>
  fc
    .tuple(pool.providerName, pool.clientId)
    .map(([providerName, clientId]) => ({ type, providerName, clientId }))

const fingerprintOfProvider = <
  Type extends 'AddFingerprintToOIDCProvider' | 'RemoveFingerprintFromOIDCProvider',
>(
  type: Type,
) =>
  fc
    .tuple(pool.providerName, pool.fingerprint)
    .map(([providerName, fingerprint]) => ({ type, providerName, fingerprint }))

/** Each with how often it is drawn. */
export const PROVIDER_COMMANDS = [
  often(
    3,
    commandWith(
      'CreateOIDCProvider',
      {
        providerId: fc.constant(providerIdOf(0)),
        providerName: pool.providerName,
        issuerUrl: pool.issuerUrl,
        clientIds: pool.clientIds,
        fingerprints: pool.fingerprints,
        issuanceLimitHours: pool.issuanceLimit,
      },
      { description: pool.providerDescription },
    ),
  ),
  often(
    1,
    commandWith(
      'UpdateOIDCProvider',
      { providerName: pool.providerName },
      {
        newClientIds: pool.clientIds,
        newIssuanceLimitHours: pool.issuanceLimit,
        newDescription: pool.providerDescription,
      },
    ),
  ),
  often(1, command('DeleteOIDCProvider', { providerName: pool.providerName })),
  often(1, clientOfProvider('AddClientIdToOIDCProvider')),
  often(1, clientOfProvider('RemoveClientIdFromOIDCProvider')),
  often(1, fingerprintOfProvider('AddFingerprintToOIDCProvider')),
  often(1, fingerprintOfProvider('RemoveFingerprintFromOIDCProvider')),
  often(
    2,
    commandWith(
      'CreateSAMLProvider',
      {
        providerId: fc.constant(providerIdOf(0)),
        providerName: pool.providerName,
        metadata: pool.metadata,
      },
      { description: pool.providerDescription },
    ),
  ),
  often(
    1,
    commandWith(
      'UpdateSAMLProvider',
      { providerName: pool.providerName },
      { newMetadata: pool.metadata, newDescription: pool.providerDescription },
    ),
  ),
  often(1, command('DeleteSAMLProvider', { providerName: pool.providerName })),
] as const
