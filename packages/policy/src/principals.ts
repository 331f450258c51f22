/**
 * Whom a trust or bucket policy names, and whether the caller is one of them.
 *
 * Only exact identities are read: wildcards and unknown types are refused, so nobody is admitted by
 * accident.
 */
import * as E from 'fp-ts/lib/Either.js'
import { canonicalRamArn, parseArn } from './arn.js'
import type { Principal } from './request.js'

export type PrincipalType = 'RAM' | 'Service' | 'Federated'

export const PRINCIPAL_TYPES: ReadonlyArray<PrincipalType> = ['RAM', 'Service', 'Federated']

/** One identity that a statement names. `value` is the text as written. Names are in lower case. */
export type PrincipalPattern = { readonly value: string } & (
  | { readonly type: 'RAM'; readonly accountId: string; readonly entity: RamEntity }
  | { readonly type: 'Service'; readonly service: string }
  | { readonly type: 'Federated'; readonly providerArn: string }
)

export type RamEntity =
  | { readonly type: 'Root' }
  | { readonly type: 'User'; readonly name: string }
  | { readonly type: 'Role'; readonly name: string }

const ACCOUNT = /^[1-9][0-9]{0,19}$/
const SERVICE =
  /^(?:[1-9][0-9]{0,19}@)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.aliyuncs\.com$/
const USER_OR_ROLE = /^(user|role)\/([A-Za-z0-9._@-]{1,64})$/
const PROVIDER = /^(?:saml|oidc)-provider\/[A-Za-z0-9._-]{1,128}$/
const PRINCIPAL_CHARACTERS_MAX = 256

/** Fails with a sentence that says what the value should have been. */
export const parsePrincipal = (
  type: PrincipalType,
  value: string,
): E.Either<string, PrincipalPattern> => {
  if (value.length > PRINCIPAL_CHARACTERS_MAX) return E.left('principal too long')
  switch (type) {
    case 'RAM':
      return parseRamPrincipal(value)
    case 'Service':
      return SERVICE.test(value)
        ? E.right({ type, value, service: value })
        : E.left('not a service such as ecs.aliyuncs.com')
    case 'Federated':
      return parseProvider(value)
  }
}

/**
 * Whether the caller is the identity named. An account's root stands for everybody in the account.
 */
export const matchesPrincipal = (pattern: PrincipalPattern, caller: Principal): boolean => {
  switch (pattern.type) {
    case 'RAM':
      return isRamEntity(pattern.accountId, pattern.entity, caller)
    case 'Service':
      return caller.type === 'Service' && caller.service === pattern.service
    case 'Federated':
      return (
        caller.type === 'Federated' && canonicalText(caller.providerArn) === pattern.providerArn
      )
  }
}

const isRamEntity = (accountId: string, entity: RamEntity, caller: Principal): boolean => {
  if (caller.type === 'Service' || caller.type === 'Federated') return false
  if (caller.accountId !== accountId) return false
  switch (entity.type) {
    case 'Root':
      return true
    case 'User':
      return caller.type === 'User' && caller.userName.toLowerCase() === entity.name
    case 'Role':
      return caller.type === 'Session' && caller.roleName.toLowerCase() === entity.name
  }
}

const NOT_RAM = 'not an account root, user or role such as acs:ram::1234567890123456:root'

const parseRamPrincipal = (value: string): E.Either<string, PrincipalPattern> => {
  const arn = parseRamArn(value)
  if (arn === undefined) return E.left(NOT_RAM)
  const entity = ramEntity(arn.relativeId)
  if (entity === undefined) return E.left(NOT_RAM)
  return E.right({ type: 'RAM', value, accountId: arn.account, entity })
}

const ramEntity = (relativeId: string): RamEntity | undefined => {
  if (relativeId === 'root') return { type: 'Root' }
  const [, kind, name] = USER_OR_ROLE.exec(relativeId) ?? []
  if (name === undefined) return undefined
  return { type: kind === 'user' ? 'User' : 'Role', name: name.toLowerCase() }
}

const parseProvider = (value: string): E.Either<string, PrincipalPattern> => {
  const arn = parseRamArn(value)
  return arn !== undefined && PROVIDER.test(arn.relativeId)
    ? E.right({ type: 'Federated', value, providerArn: canonicalRamArn(arn) })
    : E.left('not a provider such as acs:ram::1234567890123456:oidc-provider/name')
}

/** An ARN of RAM in one account, without wildcards but for the region that RAM does not have. */
const parseRamArn = (value: string) => {
  const arn = parseArn(value)
  if (E.isLeft(arn)) return undefined
  const { service, region, account } = arn.right
  const plain = service === 'ram' && (region === '' || region === '*') && ACCOUNT.test(account)
  return plain ? arn.right : undefined
}

const canonicalText = (value: string): string | undefined => {
  const arn = parseRamArn(value)
  return arn === undefined ? undefined : canonicalRamArn(arn)
}
