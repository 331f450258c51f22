/**
 * The policy language: documents, the requests they are asked about, and the decision.
 */
export {
  type Address,
  type AddressBlock,
  isInside,
  parseAddress,
  parseAddressBlock,
} from './address.js'
export {
  ARN_CHARACTERS_MAX,
  type Arn,
  type ArnFault,
  isArn,
  matchesResource,
  parseArn,
  parseResourcePattern,
  requestedResource,
} from './arn.js'
export {
  ACTION_CHARACTERS_MAX,
  authorize,
  type DecidingStatement,
  type Decision,
  type DecisionUnit,
  type ForeignResource,
  type Outcome,
  type PoliciesInForce,
  type PolicyInForce,
  type PolicySource,
  type Units,
} from './authorize.js'
export { type ClosedOutputOf, ClosedType, type ClosedTypeOf, closed } from './closed.js'
export type { ContextReader } from './compile/condition-test.js'
export type { CompiledRequest, HeldPolicies, Verdict } from './compile/decide.js'
export { type Holding, NOTHING_HELD } from './compile/holdings.js'
export {
  type SourcedHolding,
  type SourcedPolicy,
  type SourcedUnit,
  sourcedHolding,
} from './compile/justify.js'
export {
  type CompiledPolicy,
  type PolicyUniverse,
  policyUniverse,
} from './compile/universe.js'
export {
  type ActionPatterns,
  type Effect,
  POLICY_DOCUMENT_CHARACTERS_MAX,
  type PolicyDocument,
  type PolicyKind,
  SESSION_POLICY_CHARACTERS_MAX,
  type Statement,
  type TrustedPrincipal,
  trustedPrincipals,
  type WrittenStatement,
} from './document.js'
export {
  type Authorizer,
  type Explanation,
  explain,
  type StatementVerdict,
  verdictsOn,
} from './explain.js'
export { JSON_DEPTH_MAX, type JsonFault, jsonPointer, parseJson } from './json.js'
export {
  CONTEXT_VALUE_CHARACTERS_MAX,
  type Condition,
  type OperatorName,
  operatorNames,
} from './operators.js'
export { type PolicyFault, parsePolicy, readPolicy } from './parse-policy.js'
export {
  type Bound,
  boundPolicies,
  boundPolicy,
  type Certainty,
  certaintyOf,
} from './partial/bounds.js'
export { cutTo, mayAllow, narrowed } from './partial/narrow.js'
export { type OpenStatement, openStatements } from './partial/open-statements.js'
export {
  type Sheet,
  type SheetAllow,
  type SheetFilter,
  type SheetLine,
  sheetOf,
} from './partial/sheet.js'
export { namedActions, writtenStatements } from './partial/written.js'
export type { PrincipalPattern, PrincipalType } from './principals.js'
export {
  type AuthorizationRequest,
  type Principal,
  type RequestContext,
  requestContext,
  TIME_KEY,
  timedContext,
  timeKey,
} from './request.js'
export { matchesWildcard } from './wildcard.js'
