/**
 * Assuming a role on the word of an identity provider: the provider is found, its token or
 * assertion is proved, and then the trust policy decides, by the same judgement as for everybody.
 *
 * Invariant: what was proved was proved against the provider as it stands when it is decided.
 */
import {
  type AccountId,
  accountStream,
  nameKey,
  type ProviderId,
  RoleSessionName,
  type Sealed,
  type SessionRefusal,
  SourceIdentity,
} from '@grantlog/domain'
import type { RequestContext } from '@grantlog/policy'
import { findOIDCProvider, findSAMLProvider } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { SessionIssuer } from './assume-role.js'
import type { FederatedCaller } from './caller.js'
import type { AssumeRoleRequest, EngineError, IssuedCredential, Views } from './engine.js'
import type {
  CircumstancesOf,
  FederatedCalls,
  FederatedRequest,
  Federation,
  FederationFault,
  ProvenAssertion,
  SAMLRequest,
} from './federation.js'
import type { Clock, Position, Vault } from './ports.js'
import type { Readiness } from './readiness.js'
import { noteAssumption } from './recording/note-assumption.js'
import type { RecordingCalls } from './recording/questions.js'

type Dependencies = {
  readonly federation: Federation | undefined
  readonly views: Views
  readonly vault: Vault
  readonly clock: Clock
  readonly issuer: SessionIssuer
  readonly applied: () => Position
  readonly readyForAll: Readiness['readyForAll']
  readonly noteAccess: RecordingCalls['noteAccess']
}

const NO_FEDERATION: EngineError = {
  type: 'LogUnavailable',
  detail: 'this process proves no tokens and no assertions',
}

/** Who was proved to call. */
type Proven = {
  readonly kind: 'oidc-provider' | 'saml-provider'
  readonly providerId: ProviderId
  readonly providerName: string
  readonly subject: string
  readonly keys: ReadonlyArray<readonly [key: string, values: ReadonlyArray<string>]>
}

/** A provider that is not what the proof was held to: the call may be made again. */
const changedMeanwhile = (accountId: AccountId): E.Either<EngineError, never> =>
  E.left({ type: 'Contended', stream: accountStream(accountId) })

/** Condition keys of providers come from what they vouched for, and from nowhere else. */
const withKeys = (context: RequestContext, keys: Proven['keys']): RequestContext =>
  new Map([
    ...[...context].filter(([key]) => !key.startsWith('oidc:') && !key.startsWith('saml:')),
    ...keys,
  ])

const isNamed = (
  { roleAccountId, roleName, providerAccountId, providerName }: SAMLRequest,
  { roles }: ProvenAssertion,
): boolean => {
  const role = `acs:ram::${roleAccountId}:role/${roleName}`
  const provider = `acs:ram::${providerAccountId}:saml-provider/${providerName}`
  return roles.some((pair) => nameKey(pair) === nameKey(`${role},${provider}`))
}

export const federatedCalls = (needs: Dependencies): FederatedCalls => {
  const { federation, views, vault, clock, issuer, readyForAll } = needs

  const begin = async (
    { providerAccountId: accountId, ...request }: FederatedRequest & AssumeRoleRequest,
    proven: Proven,
    context: RequestContext,
    circumstancesOf: CircumstancesOf,
  ): Promise<E.Either<SessionRefusal | EngineError, IssuedCredential>> => {
    const { kind, providerId, providerName, subject } = proven
    const sealed = await vault.sealPersonal(accountId, accountId, 'subject', subject)()
    if (E.isLeft(sealed)) return sealed
    const caller: FederatedCaller = {
      type: 'Federated',
      accountId,
      providerId,
      providerArn: `acs:ram::${accountId}:${kind}/${providerName}`,
      subject: sealed.right as Sealed,
    }
    const circumstances = await circumstancesOf(caller)()
    if (E.isLeft(circumstances)) return circumstances
    const told = withKeys(context, proven.keys)
    const position = needs.applied()
    const nothing = { identity: [] }
    const assumed = await issuer.assume(request, caller, nothing, told, circumstances.right)
    const { requestId } = circumstances.right
    noteAssumption(
      needs.noteAccess,
      { request, caller, context: told, position, requestId },
      assumed,
    )
    return assumed
  }

  return {
    readMetadata: (document) => async () =>
      federation?.readMetadata(document, clock.now()) ?? E.left(NO_FEDERATION),

    assumeRoleWithOIDC: (call, context, circumstancesOf) => async () => {
      const { token, ...request } = call
      const { providerAccountId, providerName } = request
      const accounts = [providerAccountId, request.roleAccountId]
      if (federation === undefined) return E.left(NO_FEDERATION)
      const ready = await readyForAll(accounts)
      if (E.isLeft(ready)) return ready
      const find = () => findOIDCProvider(views.directory, providerAccountId, providerName)
      const provider = find()
      if (provider === undefined) return E.left({ type: 'OIDCProviderUnknown' })
      const proof = await federation.proveToken(token, provider, clock.now())
      if (E.isLeft(proof)) return proof
      const still = await readyForAll(accounts)
      if (E.isLeft(still)) return still
      if (find() !== provider) return changedMeanwhile(providerAccountId)
      const { issuer: iss, audiences, subject, sourceIdentity } = proof.right
      const proven: Proven = {
        kind: 'oidc-provider',
        providerId: provider.providerId,
        providerName: provider.providerName,
        subject,
        keys: [
          ['oidc:iss', [iss]],
          ['oidc:aud', audiences],
          ['oidc:sub', [subject]],
        ],
      }
      const told = { ...request, ...(sourceIdentity === undefined ? {} : { sourceIdentity }) }
      const issued = await begin(told, proven, context, circumstancesOf)
      return E.isLeft(issued) ? issued : E.right({ issued: issued.right, token: proof.right })
    },

    assumeRoleWithSAML: (call, context, circumstancesOf) => async () => {
      const { assertion, ...request } = call
      const { providerAccountId, providerName } = request
      const accounts = [providerAccountId, request.roleAccountId]
      if (federation === undefined) return E.left(NO_FEDERATION)
      const ready = await readyForAll(accounts)
      if (E.isLeft(ready)) return ready
      const find = () => findSAMLProvider(views.directory, providerAccountId, providerName)
      const provider = find()
      if (provider === undefined) return E.left({ type: 'SAMLProviderUnknown' })
      const proof = await federation.proveAssertion(assertion, provider.metadata, clock.now())
      if (E.isLeft(proof)) return proof
      const still = await readyForAll(accounts)
      if (E.isLeft(still)) return still
      if (find() !== provider) return changedMeanwhile(providerAccountId)
      const { sessionName, sourceIdentity, endsBefore, recipient, subject } = proof.right
      if (!isNamed(call, proof.right))
        return invalid('it does not name this role together with this provider')
      if (!RoleSessionName.is(sessionName)) return E.left({ type: 'SAMLSessionNameInvalid' })
      if (sourceIdentity !== undefined && !SourceIdentity.is(sourceIdentity))
        return invalid('its source identity is not one')
      const proven: Proven = {
        kind: 'saml-provider',
        providerId: provider.providerId,
        providerName: provider.providerName,
        subject,
        keys: [['saml:recipient', [recipient]]],
      }
      const told = {
        ...request,
        sessionName,
        ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
        ...(endsBefore === undefined ? {} : { endsBefore }),
      }
      const issued = await begin(told, proven, context, circumstancesOf)
      return E.isLeft(issued) ? issued : E.right({ issued: issued.right, assertion: proof.right })
    },
  }
}

const invalid = (detail: string): E.Either<FederationFault, never> =>
  E.left({ type: 'SAMLAssertionInvalid', detail })
