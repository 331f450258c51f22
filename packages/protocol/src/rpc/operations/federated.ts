/**
 * Assuming a role with a token or an assertion. The calls are not signed: what they carry proves
 * who calls, and the role's trust policy alone decides.
 */

import type { SessionRefusal } from '@grantlog/domain'
import type { EngineError, FederationFault } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  OIDC_TOKEN_CHARACTERS,
  type ProviderArn,
  providerArnText,
  roleArnText,
  roleSessionNameText,
} from '../codecs.js'
import type { Fault } from '../faults.js'
import { invalid, needed, type Reader } from '../fields.js'
import { type Operation, unsignedOperation } from '../operation.js'
import { dateText } from '../records.js'
import { credentialMembers, sessionFields } from './sts.js'

/** Unit: characters. Source: STS's published limits. */
const ASSERTION_CHARACTERS = { min: 4, max: 100_000 }

const sized =
  ({ min, max }: { readonly min: number; readonly max: number }): Reader<string> =>
  (value, name) =>
    value.length >= min && value.length <= max ? E.right(value) : invalid(name, 'Length')

/** What the trust policy refused is refused to the provider's word, not to a caller of RAM. */
const refusedTo =
  (provider: ProviderArn, kind: 'oidc-provider' | 'saml-provider') =>
  (fault: SessionRefusal | EngineError | FederationFault): Fault => {
    const { accountId, providerName } = provider
    switch (fault.type) {
      case 'AssumeRoleDenied': {
        const providerArn = `acs:ram::${accountId}:${kind}/${providerName}`
        const { decision } = fault
        return { type: 'FederatedCallerDenied', providerArn, accountId, decision }
      }
      case 'AssumedRoleNotFound':
        return { type: 'FederatedRoleNotFound' }
      default:
        return fault
    }
  }

const oidcFields = {
  provider: needed('OIDCProviderArn', providerArnText('oidc-provider')),
  role: needed('RoleArn', roleArnText),
  token: needed('OIDCToken', sized(OIDC_TOKEN_CHARACTERS)),
  sessionName: needed('RoleSessionName', roleSessionNameText),
  ...sessionFields,
}

const assumeRoleWithOIDC = unsignedOperation({
  product: 'Sts',
  name: 'AssumeRoleWithOIDC',
  parameters: oidcFields,
  run: ({ provider, role, ...parameters }, { engine, context, circumstancesOf }) => {
    const { accountId: providerAccountId, providerName } = provider
    const { accountId: roleAccountId, roleName } = role
    const request = { providerAccountId, providerName, roleAccountId, roleName, ...parameters }
    return pipe(
      engine.assumeRoleWithOIDC(request, context, circumstancesOf),
      TE.bimap(refusedTo(provider, 'oidc-provider'), ({ issued, token }) => ({
        members: {
          ...credentialMembers(roleAccountId, issued),
          OIDCTokenInfo: {
            Subject: token.subject,
            Issuer: token.issuer,
            ClientIds: token.audiences.join(','),
            ExpirationTime: dateText(token.expiresAt),
            IssuanceTime: dateText(token.issuedAt),
            VerificationInfo: 'Success',
          },
        },
        position: issued.position,
      })),
    )
  },
})

const samlFields = {
  provider: needed('SAMLProviderArn', providerArnText('saml-provider')),
  role: needed('RoleArn', roleArnText),
  assertion: needed('SAMLAssertion', sized(ASSERTION_CHARACTERS)),
  ...sessionFields,
}

const assumeRoleWithSAML = unsignedOperation({
  product: 'Sts',
  name: 'AssumeRoleWithSAML',
  parameters: samlFields,
  run: ({ provider, role, ...parameters }, { engine, context, circumstancesOf }) => {
    const { accountId: providerAccountId, providerName } = provider
    const { accountId: roleAccountId, roleName } = role
    const request = { providerAccountId, providerName, roleAccountId, roleName, ...parameters }
    return pipe(
      engine.assumeRoleWithSAML(request, context, circumstancesOf),
      TE.bimap(refusedTo(provider, 'saml-provider'), ({ issued, assertion }) => ({
        members: {
          ...credentialMembers(roleAccountId, issued),
          SAMLAssertionInfo: {
            SubjectType: assertion.subjectType,
            Subject: assertion.subject,
            Recipient: assertion.recipient,
            Issuer: assertion.issuer,
          },
        },
        position: issued.position,
      })),
    )
  },
})

export const FEDERATED_OPERATIONS: ReadonlyArray<Operation> = [
  assumeRoleWithOIDC,
  assumeRoleWithSAML,
]
