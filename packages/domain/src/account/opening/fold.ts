/** What the opening of an account leaves in the state: an account with nothing in it. */
import type { AccountState } from '../state.js'
import { openState } from '../state.js'
import type { AccountCreated } from './events.js'

/** An account is opened once; a second opening changes nothing. */
export const foldOpening = (state: AccountState, event: AccountCreated): AccountState =>
  state.type === 'Open' ? state : openState(event.accountId)
