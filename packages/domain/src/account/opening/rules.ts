/** Whether an account may be opened. */
import { accept, refuse, unchanged } from '../../decider.js'
import type { AccountDecision } from '../refusal.js'
import type { AccountState } from '../state.js'
import type { OpenAccount } from './commands.js'

/** The same opening said twice opens once; its root key must then still be there. */
export const openAccount = (command: OpenAccount, state: AccountState): AccountDecision => {
  const { accountId, rootAccessKey } = command
  if (state.type === 'Open') {
    const isRepeated =
      state.accountId === accountId &&
      (rootAccessKey === undefined || state.rootAccessKeyIds.has(rootAccessKey.accessKeyId))
    return isRepeated ? unchanged : refuse({ type: 'AccountAlreadyExists', accountId })
  }

  if (rootAccessKey === undefined) return accept({ type: 'AccountCreated', accountId })
  return accept(
    { type: 'AccountCreated', accountId },
    { type: 'AccessKeyCreated', owner: { type: 'Account' }, ...rootAccessKey },
  )
}
