/** Whoever of an account might be allowed: its root, a user, or a role for its sessions. */
import type { AccountId } from '@grantlog/domain'
import type { Principal } from '@grantlog/policy'
import type { HolderRef, Reached } from '@grantlog/views'
import type { WhoCanHit } from './questions.js'

/** The root holds nothing. */
export type Candidate = Pick<WhoCanHit, 'type' | 'id' | 'name' | 'arn'> & {
  readonly principal: Principal
  readonly holder: HolderRef | undefined
}

export const rootOf = (accountId: AccountId): Candidate => ({
  type: 'Root',
  id: accountId,
  name: 'root',
  arn: `acs:ram::${accountId}:root`,
  principal: { type: 'Root', accountId },
  holder: undefined,
})

export const candidateOf = (accountId: AccountId, { type, id, label }: Reached): Candidate => {
  const shown = { type, id, name: label, holder: { type, accountId, id } }
  switch (type) {
    case 'User':
      return {
        ...shown,
        arn: `acs:ram::${accountId}:user/${label}`,
        principal: { type, accountId, userId: id, userName: label },
      }
    case 'Role':
      return {
        ...shown,
        arn: `acs:ram::${accountId}:role/${label}`,
        principal: { type: 'Session', accountId, roleId: id, roleName: label, sessionName: '' },
      }
  }
}
