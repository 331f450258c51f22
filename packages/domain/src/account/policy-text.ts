/**
 * The texts of policies as callers submit them: each is a string that the policy language accepts.
 *
 * The text itself is stored unchanged; whoever needs its meaning parses it again.
 */
import { type PolicyKind, parsePolicy } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

const policyText = <Brand extends object>(name: string, kind: PolicyKind) =>
  t.brand(
    t.string,
    (s): s is t.Branded<string, Brand> => E.isRight(parsePolicy(kind, s)),
    name as never,
  )

export interface IdentityPolicyTextBrand {
  readonly IdentityPolicyText: unique symbol
}
/** The document of a managed policy: says what its holders may do. At most 6144 characters. */
export const IdentityPolicyText = policyText<IdentityPolicyTextBrand>(
  'IdentityPolicyText',
  'identity',
)
export type IdentityPolicyText = t.TypeOf<typeof IdentityPolicyText>

export interface TrustPolicyTextBrand {
  readonly TrustPolicyText: unique symbol
}
/** The document of a role that says who may assume it. At most 6144 characters. */
export const TrustPolicyText = policyText<TrustPolicyTextBrand>('TrustPolicyText', 'trust')
export type TrustPolicyText = t.TypeOf<typeof TrustPolicyText>

export interface SessionPolicyTextBrand {
  readonly SessionPolicyText: unique symbol
}
/** The document that narrows one session below its role's rights. At most 2048 characters. */
export const SessionPolicyText = policyText<SessionPolicyTextBrand>('SessionPolicyText', 'session')
export type SessionPolicyText = t.TypeOf<typeof SessionPolicyText>
