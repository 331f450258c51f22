/**
 * Whom a trust policy names: every user and role must exist, in this account or in another, and
 * every identity provider of this account.
 *
 * A name is turned into the id it has at this moment, so that trust never passes to a later holder
 * of it. Those of other accounts cannot be looked up from here: they come with the command. Another
 * account as a whole is taken as it is, for nobody chooses the id of an account and none comes
 * twice.
 */
import { type Arn, parseArn, parsePolicy, trustedPrincipals } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import { refuse } from '../../decider.js'
import { nameKey } from '../../names.js'
import type { OpenAccountState } from '../state.js'
import { oidcProviderNamed, roleNamed, samlProviderNamed, userNamed } from '../state.js'
import type { Trustee } from './events.js'
import type { TrustedPrincipalNotFound } from './refusals.js'

type Resolved = E.Either<TrustedPrincipalNotFound, ReadonlyArray<Trustee>>

/** The users and roles that are trusted, each once, in the order of the text. */
export const resolveTrustees = (
  account: OpenAccountState,
  trustPolicy: string,
  elsewhere: ReadonlyArray<Trustee> = [],
): Resolved => {
  const document = parsePolicy('trust', trustPolicy)
  if (E.isLeft(document)) return refuse({ type: 'TrustedPrincipalNotFound', principal: '' })

  const trustees = new Map<string, Trustee>()
  for (const { type, value } of trustedPrincipals(document.right)) {
    const found = type === 'Service' ? E.right([]) : resolve(account, elsewhere, type, value)
    if (E.isLeft(found)) return found
    for (const trustee of found.right) trustees.set(keyOf(trustee), trustee)
  }
  return E.right([...trustees.values()])
}

const keyOf = ({ type, accountId, name }: Trustee): string => `${accountId ?? ''}/${type}/${name}`

/** Whether two lists mean the same principals. */
export const sameTrustees = (
  some: ReadonlyArray<Trustee>,
  others: ReadonlyArray<Trustee>,
): boolean =>
  some.length === others.length && some.every((one) => others.some((other) => isSame(one, other)))

const idOf = (trustee: Trustee): string => {
  switch (trustee.type) {
    case 'User':
      return trustee.userId
    case 'Role':
      return trustee.roleId
    case 'Provider':
      return trustee.providerId
  }
}

const isSame = (one: Trustee, other: Trustee): boolean =>
  keyOf(one) === keyOf(other) && idOf(one) === idOf(other)

const resolve = (
  account: OpenAccountState,
  elsewhere: ReadonlyArray<Trustee>,
  type: 'RAM' | 'Federated',
  principal: string,
): Resolved => {
  const missing = refuse<TrustedPrincipalNotFound>({ type: 'TrustedPrincipalNotFound', principal })
  const arn = parseArn(principal)
  if (E.isLeft(arn)) return missing
  const isOwn = arn.right.account === account.accountId
  if (type === 'Federated') {
    if (!isOwn) return E.right([])
    const provider = providerTrustee(account, arn.right.relativeId)
    return provider === undefined ? missing : E.right([provider])
  }
  const named = namedIn(arn.right)
  if (named === undefined) return missing
  if (named.kind === 'root') return E.right([])
  const trustee = isOwn ? ownTrustee(account, named) : elsewhere.find(isNamed(named))
  return trustee === undefined ? missing : E.right([trustee])
}

/** `oidc-provider/<name>` or `saml-provider/<name>`. */
const providerTrustee = (account: OpenAccountState, relativeId: string): Trustee | undefined => {
  const [kind, name = '', ...more] = relativeId.split('/')
  if (more.length > 0) return undefined
  const provider =
    kind === 'oidc-provider'
      ? oidcProviderNamed(account, name)
      : kind === 'saml-provider'
        ? samlProviderNamed(account, name)
        : undefined
  const { providerId } = provider ?? {}
  return providerId && { type: 'Provider', providerId, name: nameKey(relativeId) }
}

/** What the ARN of a trusted principal names. Names are as names compare. */
export type NamedPrincipal =
  | { readonly kind: 'root'; readonly accountId: string }
  | { readonly kind: 'user' | 'role'; readonly accountId: string; readonly name: string }

/** Undefined where it names nothing that can be trusted. */
export const namedIn = ({ account: accountId, relativeId }: Arn): NamedPrincipal | undefined => {
  const slash = relativeId.indexOf('/')
  const kind = (slash < 0 ? relativeId : relativeId.slice(0, slash)).toLowerCase()
  if (kind === 'root') return slash < 0 ? { kind, accountId } : undefined
  if (slash < 0 || (kind !== 'user' && kind !== 'role')) return undefined
  return { kind, accountId, name: nameKey(relativeId.slice(slash + 1)) }
}

type NamedByName = Exclude<NamedPrincipal, { readonly kind: 'root' }>

const ownTrustee = (
  account: OpenAccountState,
  { kind, name }: NamedByName,
): Trustee | undefined => {
  if (kind === 'user') {
    const user = userNamed(account, name)
    return user && { type: 'User', userId: user.userId, name }
  }
  const role = roleNamed(account, name)
  return role && { type: 'Role', roleId: role.roleId, name }
}

const isNamed =
  ({ kind, accountId, name }: NamedByName) =>
  (trustee: Trustee): boolean =>
    trustee.type.toLowerCase() === kind && trustee.accountId === accountId && trustee.name === name
