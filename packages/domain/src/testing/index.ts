/**
 * The front door of the domain's tests: the test sentence, samples, and random lives of an account.
 */
export { commandSequence, commandSequenceOf, runCommands } from './arbitraries.js'
export { known } from './known.js'
export {
  accessKeyIdOf,
  allowing,
  entityIdOf,
  groupIdOf,
  mfaDeviceIdOf,
  otherAccountId,
  passwordRefOf,
  policyIdOf,
  providerIdOf,
  roleIdOf,
  sampleAccountId,
  secretRefOf,
  sessionIdOf,
  trusting,
  trustingPrincipals,
  userIdOf,
} from './samples.js'
export type { Given, Then } from './specify.js'
export { specify } from './specify.js'
