/**
 * Everything that can be answered instead of a result, as data. `errors.ts` has a row for each.
 */
import type { AccountRefusal, AliasRefusal, SessionRefusal } from '@grantlog/domain'
import type { EngineError, FederationFault, MetadataFault } from '@grantlog/engine'
import type { Verdict } from '@grantlog/policy'
import type { SignatureFault } from '../signature/faults.js'

/** What is wrong with a parameter. `Value` stands for a rule without a name of its own. */
export type ParameterRule =
  | 'InvalidChars'
  | 'Length'
  | 'Format'
  | 'Range'
  | 'TooWeak'
  | 'ReusePrevention'
  | 'Incorrect'
  | 'Value'

export type ParameterFault =
  | { readonly type: 'ParameterMissing'; readonly name: string }
  | { readonly type: 'ParameterInvalid'; readonly name: string; readonly rule: ParameterRule }
  /** A policy document is not one; `path` is a JSON pointer into it. */
  | {
      readonly type: 'PolicyDocumentMalformed'
      readonly name: string
      readonly path: string
      readonly fault: string
    }
  | { readonly type: 'SessionPolicyMalformed'; readonly path: string; readonly fault: string }
  | { readonly type: 'SessionPolicyTooLong'; readonly limit: number }

export type CallFault =
  | { readonly type: 'ActionUnknown' }
  | { readonly type: 'VersionUnknown' }
  | { readonly type: 'NotAuthorized'; readonly action: string; readonly decision: Verdict }
  /** A switch of the account refuses it, whatever the policies allow. */
  | { readonly type: 'SwitchedOff'; readonly action: string; readonly parameter: string }
  | { readonly type: 'ResourceGroupNotFound' }
  /** Only a RAM user can do this for itself. */
  | { readonly type: 'AccountNotSupported' }

/** Why whom an identity provider vouches for does not get a role. */
export type FederatedFault =
  | FederationFault
  | MetadataFault
  /** The trust policy does not admit the caller, or there is no such role to be told of. */
  | {
      readonly type: 'FederatedCallerDenied'
      readonly providerArn: string
      readonly accountId: string
      readonly decision: Verdict
    }
  /** An assertion names a role that is not there. */
  | { readonly type: 'FederatedRoleNotFound' }

export type Fault =
  | SignatureFault
  | ParameterFault
  | CallFault
  | FederatedFault
  | AccountRefusal
  | AliasRefusal
  | SessionRefusal
  | EngineError
