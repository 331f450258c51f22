/**
 * Generators for property tests of whatever stands on the policy language.
 */
export {
  ACCOUNT,
  actionName,
  actionPattern,
  authorizationRequest,
  conditions,
  context,
  OTHER_ACCOUNT,
  policyDocument,
  policyText,
  principal,
  resourceName,
  resourcePattern,
  statement,
  type WrittenJson,
} from './arbitraries.js'
export { type Disagreement, disagreement, questionsIn, type World, world } from './differential.js'
