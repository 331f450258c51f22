/** The front door of `@grantlog/adapters/vault`: secrets, sealed with keys that never leave it. */
export type { KeyFileError } from './key-file.js'
export {
  inMemoryVault,
  type OpenVaultError,
  type OpenVaultOptions,
  openVault,
} from './open-vault.js'
export {
  PASSWORD_WORK_CEILING,
  PASSWORD_WORK_DEFAULT,
  PASSWORD_WORK_FLOOR,
  type PasswordWork,
} from './password-hashing.js'
export { readLogSigningKey } from './read-signing-key.js'
export type { RootKeyError, RootKeyProvider, RotatableRootKey, WrapContext } from './root-key.js'
export type { RotationStep } from './rotation.js'
export { SESSION_TOKEN_CHARACTERS_MAX } from './session-token.js'
export type { LogSigningKey, VaultControl } from './vault.js'
