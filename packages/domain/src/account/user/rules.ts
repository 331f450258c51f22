/** Whether a user may be created, changed and deleted. */
import { accept, refuse, unchanged } from '../../decider.js'
import { nameKey } from '../../names.js'
import type { Quotas } from '../quotas.js'
import type { AccountDecision } from '../refusal.js'
import type { OpenAccountState, UserProfile, UserRecord } from '../state.js'
import { holdsPolicies, userNamed } from '../state.js'
import type { CreateUser, DeleteUser, UpdateUser } from './commands.js'

export const createUser = (
  command: CreateUser,
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => {
  const { type: _, ...user } = command
  const { userId, userName } = user
  const holder = account.users.get(userId)
  if (holder !== undefined && holder.userName === userName) return unchanged
  if (holder !== undefined || account.userIds.has(nameKey(userName)))
    return refuse({ type: 'UserAlreadyExists', userName })
  if (account.users.size >= quotas.usersPerAccount)
    return refuse({ type: 'UserLimitExceeded', limit: quotas.usersPerAccount })

  return accept({ type: 'UserCreated', ...user })
}

/**
 * A new name may be the user's own in other letters.
 *
 * Sealing the same words twice gives two texts, so a profile counts as unchanged only when it is
 * the same sealed text.
 */
export const updateUser = (command: UpdateUser, account: OpenAccountState): AccountDecision => {
  const { userName, newUserName } = command
  const user = userNamed(account, userName)
  if (user === undefined) return refuse({ type: 'UserNotFound', userName })
  if (command.userId !== undefined && command.userId !== user.userId)
    return refuse({ type: 'UserNotFound', userName })
  const holder = newUserName === undefined ? user : userNamed(account, newUserName)
  if (newUserName !== undefined && holder !== undefined && holder !== user)
    return refuse({ type: 'UserAlreadyExists', userName: newUserName })

  const changes = changesOf(command, user)
  if (Object.keys(changes).length === 0) return unchanged
  return accept({ type: 'UserUpdated', userId: user.userId, ...changes })
}

export const deleteUser = (command: DeleteUser, account: OpenAccountState): AccountDecision => {
  const { userName } = command
  const user = userNamed(account, userName)
  if (user === undefined) return refuse({ type: 'UserNotFound', userName })
  if (!user.groupIds.isEmpty()) return refuse({ type: 'UserHasGroups', userName })
  if (!user.accessKeyIds.isEmpty()) return refuse({ type: 'UserHasAccessKeys', userName })
  if (user.loginProfile !== undefined) return refuse({ type: 'UserHasLoginProfile', userName })
  if (user.mfaDeviceId !== undefined) return refuse({ type: 'UserHasMFADevice', userName })
  if (holdsPolicies(user.attachments)) return refuse({ type: 'UserHasPolicies', userName })

  return accept({ type: 'UserDeleted', userId: user.userId, userName: user.userName })
}

type Changes = UserProfile & { readonly userName?: UserRecord['userName'] }

/** The members of an update that differ from what the user has. */
const changesOf = (command: UpdateUser, user: UserRecord): Changes => {
  const { newUserName, newDisplayName, newMobilePhone, newEmail, newComments } = command
  const { userName, profile } = user
  return {
    ...(newUserName !== undefined && newUserName !== userName && { userName: newUserName }),
    ...(newDisplayName !== undefined &&
      newDisplayName !== profile.displayName && { displayName: newDisplayName }),
    ...(newMobilePhone !== undefined &&
      newMobilePhone !== profile.mobilePhone && { mobilePhone: newMobilePhone }),
    ...(newEmail !== undefined && newEmail !== profile.email && { email: newEmail }),
    ...(newComments !== undefined && newComments !== profile.comments && { comments: newComments }),
  }
}
