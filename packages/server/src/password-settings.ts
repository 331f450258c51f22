/** How much work the hashes of passwords take. */
import type { PasswordWork } from '@grantlog/adapters/vault'
import { numberSetting } from './known-settings.js'
import type { Setting } from './settings.js'

/** The least is what OWASP recommends; both are checked again where hashes are made. */
export const passwordMemorySetting: Setting<number> = numberSetting(
  {
    flag: '--password-memory <mib>',
    variable: 'GRANTLOG_PASSWORD_MEMORY',
    help: 'memory that the hash of one password takes, in MiB (default: 64)',
  },
  { name: 'memory for passwords', min: 19, max: 256 },
  64,
)

export const passwordPassesSetting: Setting<number> = numberSetting(
  {
    flag: '--password-passes <count>',
    variable: 'GRANTLOG_PASSWORD_PASSES',
    help: 'passes over that memory (default: 3)',
  },
  { name: 'passes for passwords', min: 2, max: 10 },
  3,
)

/** The work that was chosen, or nothing where a server is started by code that says nothing. */
export const passwordWorkOf = ({
  passwordMemory,
  passwordPasses,
}: {
  /** Unit: MiB. */
  readonly passwordMemory?: number
  readonly passwordPasses?: number
}): PasswordWork | undefined =>
  passwordMemory === undefined || passwordPasses === undefined
    ? undefined
    : { memoryKib: passwordMemory * 1024, passes: passwordPasses }
