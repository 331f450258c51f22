/**
 * Whom a trust policy names: every principal of the role's own account must exist.
 *
 * A name is turned into the id it has at this moment, so that trust never passes to a later holder
 * of it. Principals of other accounts cannot be looked up from here and are taken as they are.
 */
import { parseArn, parsePolicy, trustedPrincipals } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import { refuse } from '../../decider.js'
import { nameKey } from '../../names.js'
import type { OpenAccountState } from '../state.js'
import { oidcProviderNamed, roleNamed, samlProviderNamed, userNamed } from '../state.js'
import type { Trustee } from './events.js'
import type { TrustedPrincipalNotFound } from './refusals.js'

type Resolved = E.Either<TrustedPrincipalNotFound, ReadonlyArray<Trustee>>

/** The trustees of this account, each once, in the order of the text. */
export const resolveTrustees = (account: OpenAccountState, trustPolicy: string): Resolved => {
  const document = parsePolicy('trust', trustPolicy)
  if (E.isLeft(document)) return refuse({ type: 'TrustedPrincipalNotFound', principal: '' })

  const trustees = new Map<string, Trustee>()
  for (const { type, value } of trustedPrincipals(document.right)) {
    const found = type === 'Service' ? E.right([]) : resolve(account, type, value)
    if (E.isLeft(found)) return found
    for (const trustee of found.right) trustees.set(`${trustee.type}/${trustee.name}`, trustee)
  }
  return E.right([...trustees.values()])
}

/** Whether two lists mean the same principals. */
export const sameTrustees = (
  some: ReadonlyArray<Trustee>,
  others: ReadonlyArray<Trustee>,
): boolean =>
  some.length === others.length && some.every((one) => others.some((other) => isSame(one, other)))

const isSame = (one: Trustee, other: Trustee): boolean => {
  switch (one.type) {
    case 'User':
      return other.type === 'User' && other.userId === one.userId && other.name === one.name
    case 'Role':
      return other.type === 'Role' && other.roleId === one.roleId && other.name === one.name
    case 'Provider':
      return (
        other.type === 'Provider' && other.providerId === one.providerId && other.name === one.name
      )
  }
}

const resolve = (
  account: OpenAccountState,
  type: 'RAM' | 'Federated',
  principal: string,
): Resolved => {
  const missing = refuse<TrustedPrincipalNotFound>({ type: 'TrustedPrincipalNotFound', principal })
  const arn = parseArn(principal)
  if (E.isLeft(arn)) return missing
  if (arn.right.account !== account.accountId) return E.right([])
  const { relativeId } = arn.right
  const trustees =
    type === 'Federated' ? resolveProvider(account, relativeId) : resolveOwn(account, relativeId)
  return trustees === undefined ? missing : E.right(trustees)
}

/** `oidc-provider/<name>` or `saml-provider/<name>`. */
const resolveProvider = (
  account: OpenAccountState,
  relativeId: string,
): ReadonlyArray<Trustee> | undefined => {
  const [kind, name = '', ...more] = relativeId.split('/')
  if (more.length > 0) return undefined
  const provider =
    kind === 'oidc-provider'
      ? oidcProviderNamed(account, name)
      : kind === 'saml-provider'
        ? samlProviderNamed(account, name)
        : undefined
  return (
    provider && [{ type: 'Provider', providerId: provider.providerId, name: nameKey(relativeId) }]
  )
}

/** The account itself is always there; a user or a role is looked up. */
const resolveOwn = (
  account: OpenAccountState,
  relativeId: string,
): ReadonlyArray<Trustee> | undefined => {
  const slash = relativeId.indexOf('/')
  const kind = (slash < 0 ? relativeId : relativeId.slice(0, slash)).toLowerCase()
  const name = slash < 0 ? undefined : relativeId.slice(slash + 1)
  if (kind === 'root') return name === undefined ? [] : undefined
  if (name === undefined) return undefined
  if (kind === 'user') {
    const user = userNamed(account, name)
    return user && [{ type: 'User', userId: user.userId, name: nameKey(name) }]
  }
  if (kind === 'role') {
    const role = roleNamed(account, name)
    return role && [{ type: 'Role', roleId: role.roleId, name: nameKey(name) }]
  }
  return undefined
}
