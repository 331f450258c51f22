/**
 * How the words of AuthZEN become those of RAM: subjects principals, actions actions, resources
 * names of resources, and everything that is known of them condition keys.
 *
 * Invariant: what has no place in RAM's words is null, and null never allows.
 */

import { type AccountId, EntityType, RoleName, UserName } from '@grantlog/domain'
import type { AccessQuestion } from '@grantlog/engine'
import { parseArn, type RequestContext, timeKey } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import { parsePrincipal } from '../v1/principal.js'
import type { Attributes } from './attributes.js'
import type { AskedAction, AskedEntity, Evaluation } from './request.js'

/** The service of actions and types that name none. */
const SERVICE = 'authzen'

const ACTION = /^[A-Za-z0-9_-]+:[A-Za-z0-9_./-]+$/
const ACTION_CHARACTERS_MAX = 128

/** `read` is `authzen:read`, `ots:GetRow` is itself. */
export const ramAction = ({ name }: Pick<AskedAction, 'name'>): string | null => {
  const action = name.includes(':') ? name : `${SERVICE}:${name}`
  return action.length <= ACTION_CHARACTERS_MAX && ACTION.test(action) ? action : null
}

/**
 * `record` and `101` are `acs:authzen:*:<uid>:record/101`; `ots:instance` names its service; an id
 * that is the name of a resource already is taken as it is.
 */
export const ramResource = (
  accountId: AccountId,
  { type, id }: Pick<AskedEntity, 'type' | 'id'>,
): string | null => {
  if (id.startsWith('acs:') && E.isRight(parseArn(id))) return id
  if (!EntityType.is(type) || id === '') return null
  const [first, second] = type.split(':')
  const [service, kind] = second === undefined ? [SERVICE, first] : [first, second]
  const name = `acs:${service}:*:${accountId}:${kind}/${id}`
  return E.isRight(parseArn(name)) ? name : null
}

type Asked = AccessQuestion['principal']

/** Whom a subject is by its type and id alone. */
export const ramPrincipal = (
  accountId: AccountId,
  { type, id }: Pick<AskedEntity, 'type' | 'id'>,
): Asked | null => {
  const named = id.startsWith('acs:') ? parsePrincipal(id) : null
  if (named !== null && named.accountId !== accountId) return null
  switch (type) {
    case 'user':
      if (named !== null) return named.type === 'User' ? named : null
      return UserName.is(id) ? { type: 'User', accountId, userName: id } : null
    case 'role':
      if (named !== null) return named.type === 'Role' ? named : null
      return RoleName.is(id) ? { type: 'Role', accountId, roleName: id } : null
    case 'role-session':
      return named?.type === 'Session' ? named : null
    case 'account':
      return id === accountId || named?.type === 'Root' ? { type: 'Root', accountId } : null
  }
  return null
}

/** An evaluation with all that is known of its three entities. */
export type Known = Evaluation & {
  /** Milliseconds since the epoch, UTC; undefined when the moment asked about has none. */
  readonly time: number | undefined
}

const SUBJECT_ID = 'SubjectId'

/** For each value of the subject, the names under which the subject has it. */
const namesByValue = ({
  id,
  properties,
}: AskedEntity): ReadonlyMap<string, ReadonlySet<string>> => {
  const names = new Map<string, Set<string>>([[id, new Set([SUBJECT_ID])]])
  for (const [name, values] of properties)
    for (const value of values) {
      const known = names.get(value)
      if (known === undefined) names.set(value, new Set([`subject/${name}`]))
      else known.add(`subject/${name}`)
    }
  return names
}

/** Keys that say which of the subject's values a value of the resource is. */
const matchKeys = ({
  subject,
  resource,
}: Known): ReadonlyArray<[string, ReadonlyArray<string>]> => {
  const names = namesByValue(subject)
  const matching = (values: ReadonlyArray<string>): ReadonlyArray<string> => [
    ...new Set(values.flatMap((value) => [...(names.get(value) ?? [])])),
  ]
  const all: Array<[string, ReadonlyArray<string>]> = [
    ['authzen:match/resourceid', matching([resource.id])],
  ]
  for (const [name, values] of resource.properties)
    all.push([`authzen:match/resource/${name}`, matching(values)])
  return all.filter(([, values]) => values.length > 0)
}

const prefixed = (
  prefix: string,
  attributes: Attributes,
): ReadonlyArray<[string, ReadonlyArray<string>]> =>
  [...attributes].map(([name, values]) => [`authzen:${prefix}/${name}`, values])

/** Members of the context that are condition keys themselves, such as `acs:SourceIp`. */
const ownKeys = (context: Attributes): ReadonlyArray<[string, ReadonlyArray<string>]> =>
  [...context].filter(([name]) => /^[a-z]+:/.test(name) && !name.startsWith(`${SERVICE}:`))

/** The condition keys of an evaluation. */
export const conditionKeys = (known: Known, principalArn: string | undefined): RequestContext => {
  const { subject, action, resource, context, time } = known
  return new Map([
    ...(time === undefined ? [] : [timeKey(time)]),
    ...ownKeys(context),
    ...(principalArn === undefined ? [] : [one('acs:principalarn', principalArn)]),
    one('authzen:subjecttype', subject.type),
    one('authzen:subjectid', subject.id),
    one('authzen:resourcetype', resource.type),
    one('authzen:resourceid', resource.id),
    one('authzen:actionname', action.name),
    ...prefixed('subject', subject.properties),
    ...prefixed('resource', resource.properties),
    ...prefixed('action', action.properties),
    ...prefixed('context', context),
    ...matchKeys(known),
  ])
}

const one = (key: string, value: string): [string, ReadonlyArray<string>] => [key, [value]]
