/**
 * The operations on the tags of roles and custom policies.
 */
import {
  PolicyName,
  RoleName,
  TAG_KEY_CHARACTERS_MAX,
  TAGGED_RESOURCES_MAX,
  TAGS_MAX,
  type TaggableName,
} from '@grantlog/domain'
import type { Engine } from '@grantlog/engine'
import { findPolicy, findRole, listTags, type TagPlace } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asked, done, found } from '../answers.js'
import type { Fault, ParameterFault } from '../faults.js'
import {
  type Field,
  flag,
  integer,
  invalid,
  needed,
  oneOf,
  optional,
  withDefault,
} from '../fields.js'
import { type Authorization, type Operation, operation, ramResource } from '../operation.js'
import type { Scene } from '../scene.js'
import { neededList, tagFilter, tags, textList } from '../tags.js'

/** `Role` or `Policy`, by the words of the wire. */
const resourceType: Field<'role' | 'policy'> = needed(
  'ResourceType',
  oneOf(['role', 'policy'] as const),
)
const resourceNames = textList('ResourceNames', TAGGED_RESOURCES_MAX)

type Named = {
  readonly resourceType: 'role' | 'policy'
  readonly resourceNames: ReadonlyArray<string>
}

/** Names of the type that was said; one that is none of it is a fault of the list. */
const resourcesOf = ({
  resourceType,
  resourceNames,
}: Named): E.Either<ParameterFault, ReadonlyArray<TaggableName>> => {
  const resources: Array<TaggableName> = []
  for (const name of resourceNames)
    if (resourceType === 'role' && RoleName.is(name))
      resources.push({ type: 'Role', roleName: name })
    else if (resourceType === 'policy' && PolicyName.is(name))
      resources.push({ type: 'Policy', policyName: name })
    else return invalid('ResourceNames', 'Value')
  return E.right(resources)
}

/** Each resource that is named must be allowed. */
const authorizes =
  (action: string) =>
  (parameters: Named, caller: Scene['caller']): E.Either<Fault, Authorization> =>
    pipe(
      resourcesOf(parameters),
      E.map(() => {
        const { resourceType, resourceNames } = parameters
        const [first = '*', ...others] = resourceNames
        const resource = (name: string) => ramResource(caller, `${resourceType}/${name}`)
        return { action, resources: [resource(first), ...others.map(resource)] }
      }),
    )

const tagFields = {
  resourceType,
  resourceNames: neededList('ResourceNames', resourceNames),
  tags: neededList('Tag', tags),
}

const tagResources = operation({
  product: 'Ram',
  name: 'TagResources',
  kind: 'command',
  parameters: tagFields,
  authorizes: authorizes('ram:TagResources'),
  run: (parameters, scene) =>
    pipe(
      TE.fromEither(resourcesOf(parameters)),
      TE.flatMap((resources) =>
        done(scene, { type: 'TagResources', resources, tags: parameters.tags }),
      ),
    ),
})

/** Which tags are to go: those with the keys; all, when only that is said. */
const tagKeys: Field<ReadonlyArray<string> | undefined> = (parameters) => {
  const keys = textList('TagKeys', TAGS_MAX)(parameters)
  const all = withDefault(optional('All', flag), false)(parameters)
  if (E.isLeft(keys)) return keys
  if (E.isLeft(all)) return all
  if (keys.right === undefined && !all.right)
    return E.left({ type: 'ParameterMissing', name: 'TagKeys' })
  const isKey = (key: string) => key !== '' && key.length <= TAG_KEY_CHARACTERS_MAX * 2
  return keys.right === undefined || keys.right.every(isKey) ? keys : invalid('TagKeys', 'Value')
}

const untagFields = {
  resourceType,
  resourceNames: neededList('ResourceNames', resourceNames),
  tagKeys,
}

const untagResources = operation({
  product: 'Ram',
  name: 'UntagResources',
  kind: 'command',
  parameters: untagFields,
  authorizes: authorizes('ram:UntagResources'),
  run: ({ tagKeys, ...parameters }, scene) =>
    pipe(
      TE.fromEither(resourcesOf(parameters)),
      TE.flatMap((resources) =>
        done(scene, {
          type: 'UntagResources',
          resources,
          ...(tagKeys === undefined ? {} : { tagKeys }),
        }),
      ),
    ),
})

const PAGE_SIZE_MAX = 100
/** The longest token that is opened. Unit: characters. */
const TOKEN_CHARACTERS_MAX = 1024

/** A place in the list of one type: `<type>@<position>@<key>`, sealed. */
const placeOf = (
  { vault }: Engine,
  accountId: string,
  type: string,
  token: string | undefined,
): E.Either<ParameterFault, TagPlace | undefined> => {
  if (token === undefined) return E.right(undefined)
  const text = vault.openText('page-marker', accountId, token)
  const [, named, digits, key] = /^ListTagResources\.(\w+)@([0-9]+)@(.+)$/s.exec(text ?? '') ?? []
  return named === type && digits !== undefined && key !== undefined
    ? E.right({ position: Number(digits), key })
    : invalid('NextToken', 'Value')
}

const tokenOf = (
  { vault }: Engine,
  accountId: string,
  type: string,
  next: TagPlace | undefined,
): string =>
  next === undefined
    ? ''
    : vault.sealText(
        'page-marker',
        accountId,
        `ListTagResources.${type}@${next.position}@${next.key}`,
      )

const listFields = {
  resourceType,
  resourceNames: withDefault(resourceNames, []),
  tags: tagFilter,
  pageSize: withDefault(optional('PageSize', integer(1, PAGE_SIZE_MAX)), PAGE_SIZE_MAX),
  nextToken: optional('NextToken', (value, name) =>
    value.length > TOKEN_CHARACTERS_MAX ? invalid(name, 'Value') : E.right(value),
  ),
}

/** The first of the names that nobody has. */
const missing = (
  { directory }: Scene['engine']['views'],
  accountId: string,
  names: ReadonlyArray<TaggableName>,
): E.Either<Fault, void> => {
  for (const named of names) {
    const there =
      named.type === 'Role'
        ? found<object, Fault>(findRole(directory, accountId, named.roleName), {
            type: 'RoleNotFound',
            roleName: named.roleName,
          })
        : found<object, Fault>(findPolicy(directory, accountId, 'Custom', named.policyName), {
            type: 'PolicyNotFound',
            policyType: 'Custom',
            policyName: named.policyName,
          })
    if (E.isLeft(there)) return there
  }
  return E.right(undefined)
}

const listTagResources = operation({
  product: 'Ram',
  name: 'ListTagResources',
  kind: 'question',
  parameters: listFields,
  authorizes: authorizes('ram:ListTagResources'),
  run: ({ resourceType, resourceNames: names, tags, pageSize: limit, nextToken }, scene) =>
    asked(scene, (directory, accountId) => {
      const { engine } = scene
      const type = resourceType === 'role' ? 'Role' : 'Policy'
      const place = placeOf(engine, accountId, resourceType, nextToken)
      if (E.isLeft(place)) return place
      const named = resourcesOf({ resourceType, resourceNames: names })
      if (E.isLeft(named)) return named
      const there = missing(engine.views, accountId, named.right)
      if (E.isLeft(there)) return there
      const page = listTags(directory, accountId, {
        type,
        limit,
        ...(names.length === 0 ? {} : { names }),
        ...(tags === undefined ? {} : { tags }),
        ...(place.right === undefined ? {} : { after: place.right }),
      })
      return E.right({
        NextToken: tokenOf(engine, accountId, resourceType, page.next),
        TagResources: page.items.map(({ resourceName, key, value }) => ({
          ResourceType: resourceType,
          ResourceName: resourceName,
          TagKey: key,
          TagValue: value,
        })),
      })
    }),
})

export const TAG_OPERATIONS: ReadonlyArray<Operation> = [
  tagResources,
  untagResources,
  listTagResources,
]
