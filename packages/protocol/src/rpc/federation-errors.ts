/** The answer to each fault of a token, an assertion or the provider that should vouch for it. */
import type { ErrorRows } from './account-errors.js'
import type { FederatedFault } from './faults.js'
import { absent, denialMembers, type WireError, wireError } from './wire-error.js'

const failed = (code: string, message: string): WireError =>
  wireError(401, `AuthenticationFail.${code}`, message)

const token = (code: string, message: string): WireError => failed(`OIDCToken.${code}`, message)

export const FEDERATION_ERRORS: ErrorRows<FederatedFault> = {
  OIDCProviderUnknown: () =>
    failed('NoPermission', 'No OIDC provider is registered under this name.'),
  OIDCTokenInvalid: ({ detail }) => token('Invalid', `The token cannot be taken: ${detail}.`),
  OIDCTokenExpired: () => token('Expired', 'The token is past its time.'),
  OIDCIssuerNotMatch: () =>
    token('IssuerNotMatch', 'The token comes from another issuer than that of the provider.'),
  OIDCAudienceNotMatch: () =>
    token('AudienceNotMatch', 'The token is meant for others than the clients of the provider.'),
  OIDCSignatureInvalid: () =>
    token('InvalidSignature', 'The token is not signed with a key of its issuer.'),
  OIDCIssuerBroken: ({ detail }) =>
    token('IssuerConfigurationBroken', `The keys of the issuer cannot be had: ${detail}.`),
  OIDCIssuerCertificateInvalid: ({ detail }) =>
    token('HttpsUrlInvalid', `The server of the issuer does not prove its name: ${detail}.`),
  OIDCFingerprintMismatch: () =>
    token(
      'PublicKeyFingerprintMismatch',
      'No certificate of the issuer has a fingerprint that the provider is registered with.',
    ),
  SAMLProviderUnknown: () => absent('SAMLProvider', 'There is no such SAML provider.'),
  SAMLMetadataOver: () =>
    failed('IDPMetadata.Invalid', 'The metadata of the SAML provider are past their time.'),
  SAMLAssertionExpired: () =>
    failed('SAMLAssertion.Expired', 'The SAML assertion is past its time.'),
  SAMLAssertionInvalid: ({ detail }) =>
    failed('SAMLAssertion.Invalid', `The SAML assertion cannot be taken: ${detail}.`),
  SAMLSessionNameInvalid: () =>
    wireError(
      400,
      'InvalidParameter.RoleSessionName',
      'The assertion gives the session a name that none can have.',
    ),
  SAMLMetadataMalformed: ({ detail }) =>
    wireError(
      400,
      'InvalidParameter.EncodedSAMLMetadataDocument.Format',
      `The metadata document cannot be taken: ${detail}.`,
    ),
  FederatedCallerDenied: ({ providerArn, accountId, decision }) => ({
    ...failed('NoPermission', 'The role does not trust the caller.'),
    detail: {
      AuthAction: 'sts:AssumeRole',
      AuthPrincipalType: 'Federated',
      AuthPrincipalOwnerId: accountId,
      AuthPrincipalDisplayName: providerArn,
      ...denialMembers(decision),
    },
  }),
  FederatedRoleNotFound: () => absent('RoleArn', 'There is no such role.'),
}
