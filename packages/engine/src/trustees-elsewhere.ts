/**
 * Users and roles of other accounts in a trust policy, looked up for the account whose role it is:
 * its decider knows its own principals alone.
 *
 * What is found late is not trusted late: a name that nobody bears yet refuses the command, and one
 * that passes to somebody else keeps meaning the first.
 */
import { type AccountCommand, type AccountId, namedIn, type Trustee } from '@grantlog/domain'
import { parseArn, parsePolicy, trustedPrincipals } from '@grantlog/policy'
import { type DirectoryState, findRole, findUser } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'

const trusteeOf = (directory: DirectoryState, principal: string): ReadonlyArray<Trustee> => {
  const arn = parseArn(principal)
  const named = E.isLeft(arn) ? undefined : namedIn(arn.right)
  if (named === undefined || named.kind === 'root') return []
  const { kind, name } = named
  const accountId = named.accountId as AccountId
  if (kind === 'user') {
    const user = findUser(directory, accountId, name)
    return user === undefined ? [] : [{ type: 'User', userId: user.userId, name, accountId }]
  }
  const role = findRole(directory, accountId, name)
  return role === undefined ? [] : [{ type: 'Role', roleId: role.roleId, name, accountId }]
}

const isElsewhere =
  (accountId: AccountId) =>
  (trustee: Trustee): boolean =>
    trustee.accountId !== accountId

const trusteesIn = (
  directory: DirectoryState,
  accountId: AccountId,
  trustPolicy: string,
): ReadonlyArray<Trustee> => {
  const document = parsePolicy('trust', trustPolicy)
  if (E.isLeft(document)) return []
  return trustedPrincipals(document.right)
    .filter(({ type }) => type === 'RAM')
    .flatMap(({ value }) => trusteeOf(directory, value))
    .filter(isElsewhere(accountId))
}

/** The command with those whom its trust policy names in other accounts. */
export const withTrusteesElsewhere = (
  directory: DirectoryState,
  accountId: AccountId,
  command: AccountCommand,
): AccountCommand => {
  const trustPolicy =
    command.type === 'CreateRole'
      ? command.trustPolicy
      : command.type === 'UpdateRole'
        ? command.newTrustPolicy
        : undefined
  if (trustPolicy === undefined) return command
  const trusteesElsewhere = trusteesIn(directory, accountId, trustPolicy)
  return trusteesElsewhere.length === 0
    ? command
    : ({ ...command, trusteesElsewhere } as AccountCommand)
}
