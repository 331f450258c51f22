/** What may be asked about an account as a whole. */
import * as t from 'io-ts'
import { AccessKeyId, AccountId, SecretRef } from '../../names.js'

/** Opens an account, and with it its root identity, which may be given its first AccessKey. */
export const OpenAccount = t.intersection(
  [
    t.strict({ type: t.literal('OpenAccount'), accountId: AccountId }),
    t.exact(
      t.partial({
        rootAccessKey: t.strict({ accessKeyId: AccessKeyId, secretRef: SecretRef }),
      }),
    ),
  ],
  'OpenAccount',
)
export type OpenAccount = t.TypeOf<typeof OpenAccount>
