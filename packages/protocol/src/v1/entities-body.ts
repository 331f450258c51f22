/**
 * The bodies that register and remove entities: a JSON file of subjects, resources and actions, in
 * the words of AuthZEN.
 */
import {
  ACTS_AS_MAX,
  ENTITIES_PER_COMMAND_MAX,
  type EntityKind,
  EntityName,
  type EntityRef,
  EntityType,
  type PrincipalName,
  RoleName,
  UserName,
} from '@grantlog/domain'
import { closed } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { attributesOf } from '../authzen/attributes.js'
import type { ReceivedCall } from '../signature/call.js'
import { type MemberAbout, member } from './about.js'
import { malformedBody, readBody } from './json-body.js'
import { type GivenNotes, NOTE_MEMBERS, NOTES_BODY } from './notes.js'
import { parsePrincipal } from './principal.js'
import type { ReadFault } from './problem.js'

/** The largest body of a call that registers or removes entities. Unit: bytes. */
export const ENTITIES_BODY_BYTES_MAX = 1024 * 1024

/** The longest JSON text of one entity's properties. Unit: bytes of UTF-8. */
const PROPERTIES_BYTES_MAX = 4096

export const ENTITY_RESOURCE = 'acs:grantlog:*:<uid>:entity/*'
export const entityResource = (accountId: string): string => `acs:grantlog:*:${accountId}:entity/*`

const named = { type: EntityType, id: EntityName }
const action = { resourceType: EntityType, name: EntityName }
const properties = { properties: t.record(t.string, t.unknown) }
const list = <A>(codec: t.Type<A, unknown>) => t.readonlyArray(codec)

export const PutEntitiesBody = closed(
  {},
  {
    subjects: list(closed(named, { ...properties, actsAs: t.readonlyArray(t.string) })),
    resources: list(closed(named, properties)),
    actions: list(closed(action, properties)),
    ...NOTE_MEMBERS,
  },
  'PutEntitiesBody',
)

export const RemoveEntitiesBody = closed(
  {},
  {
    subjects: list(closed(named)),
    resources: list(closed(named)),
    actions: list(closed(action)),
    ...NOTE_MEMBERS,
  },
  'RemoveEntitiesBody',
)

const LIST_RULE = `a list; all three together have at most ${ENTITIES_PER_COMMAND_MAX} elements`
const ABOUT_PROPERTIES =
  '`properties`, an object of at most ' +
  `${PROPERTIES_BYTES_MAX} bytes of JSON without two names that are alike but for case`
const NAMED = '`type`, 1 to 64 letters, digits, `.`, `-`, `_`, and `id`, 1 to 256 characters'

export const PUT_ENTITIES_BODY: ReadonlyArray<MemberAbout> = [
  member.optional(
    'subjects',
    LIST_RULE,
    `Subjects: ${NAMED}; perhaps ${ABOUT_PROPERTIES}, and \`actsAs\`, at most ${ACTS_AS_MAX} ARNs of users and roles whose permissions the subject has.`,
  ),
  member.optional('resources', LIST_RULE, `Resources: ${NAMED}; perhaps ${ABOUT_PROPERTIES}.`),
  member.optional(
    'actions',
    LIST_RULE,
    'Actions that a search looks at: `resourceType`, the type of what they are done to, and ' +
      `\`name\`; perhaps ${ABOUT_PROPERTIES}.`,
  ),
  ...NOTES_BODY,
]

export const REMOVE_ENTITIES_BODY: ReadonlyArray<MemberAbout> = [
  member.optional('subjects', LIST_RULE, 'Subjects, each by `type` and `id`.'),
  member.optional('resources', LIST_RULE, 'Resources, each by `type` and `id`.'),
  member.optional('actions', LIST_RULE, 'Actions, each by `resourceType` and `name`.'),
  ...NOTES_BODY,
]

/** An entity to put: its properties as JSON text, undefined when it has none. */
export type EntityToPut = EntityRef & {
  readonly properties: string | undefined
  readonly actsAs: ReadonlyArray<PrincipalName>
  /** Where it stands in the body: a JSON pointer. */
  readonly pointer: string
}

const propertiesText = (
  given: Readonly<Record<string, unknown>> | undefined,
  pointer: string,
): E.Either<ReadFault, string | undefined> => {
  if (given === undefined || Object.keys(given).length === 0) return E.right(undefined)
  const text = JSON.stringify(given)
  if (Buffer.byteLength(text) > PROPERTIES_BYTES_MAX)
    return malformedBody(pointer, `it has at most ${PROPERTIES_BYTES_MAX} bytes`)
  const attributes = attributesOf(given)
  return E.isLeft(attributes) ? malformedBody(pointer, attributes.left) : E.right(text)
}

const principalName = (accountId: string, arn: string): PrincipalName | null => {
  const named = parsePrincipal(arn)
  if (named === null || named.accountId !== accountId) return null
  if (named.type === 'User' && UserName.is(named.userName))
    return { type: 'User', userName: named.userName }
  return named.type === 'Role' && RoleName.is(named.roleName)
    ? { type: 'Role', roleName: named.roleName }
    : null
}

const principalNames = (
  accountId: string,
  arns: ReadonlyArray<string>,
  pointer: string,
): E.Either<ReadFault, ReadonlyArray<PrincipalName>> => {
  const names = arns.map((arn) => principalName(accountId, arn))
  return arns.length > ACTS_AS_MAX || names.includes(null)
    ? malformedBody(
        pointer,
        `it must be at most ${ACTS_AS_MAX} ARNs of users and roles of the account`,
      )
    : E.right(names.flatMap((name) => name ?? []))
}

type Drafted = EntityRef & {
  readonly pointer: string
  readonly given?: Readonly<Record<string, unknown>>
  readonly arns?: ReadonlyArray<string>
}

type NamedGiven = { readonly type: EntityType; readonly id: EntityName }
type ActionGiven = { readonly resourceType: EntityType; readonly name: EntityName }

const ofNamed = (kind: EntityKind, list: string) => (entity: NamedGiven, index: number) => ({
  kind,
  entityType: entity.type,
  name: entity.id,
  pointer: `/${list}/${index}`,
})
const ofAction = (entity: ActionGiven, index: number) => ({
  kind: 'Action' as const,
  entityType: entity.resourceType,
  name: entity.name,
  pointer: `/actions/${index}`,
})

const sized = <A>(all: ReadonlyArray<A>): E.Either<ReadFault, ReadonlyArray<A>> =>
  all.length > ENTITIES_PER_COMMAND_MAX
    ? malformedBody('', `it names at most ${ENTITIES_PER_COMMAND_MAX} entities`)
    : E.right(all)

/** The entities of a body, and why they are sent. */
export type Sent<Entity> = {
  readonly entities: ReadonlyArray<Entity>
  readonly notes: GivenNotes
}

export const entitiesToPut = (
  call: ReceivedCall,
  accountId: string,
): E.Either<ReadFault, Sent<EntityToPut>> => {
  const body = readBody(call, PUT_ENTITIES_BODY, PutEntitiesBody, ENTITIES_BODY_BYTES_MAX)
  if (E.isLeft(body)) return body
  const { subjects = [], resources = [], actions = [], ...notes } = body.right
  const [subject, resource] = [ofNamed('Subject', 'subjects'), ofNamed('Resource', 'resources')]
  const drafts = sized<Drafted>([
    ...subjects.map((entity, index) => ({
      ...subject(entity, index),
      given: entity.properties ?? {},
      arns: entity.actsAs ?? [],
    })),
    ...resources.map((entity, index) => ({
      ...resource(entity, index),
      given: entity.properties ?? {},
    })),
    ...actions.map((entity, index) => ({
      ...ofAction(entity, index),
      given: entity.properties ?? {},
    })),
  ])
  if (E.isLeft(drafts)) return drafts
  const entities: Array<EntityToPut> = []
  for (const { kind, entityType, name, pointer, given, arns = [] } of drafts.right) {
    const text = propertiesText(given, `${pointer}/properties`)
    if (E.isLeft(text)) return text
    const actsAs = principalNames(accountId, arns, `${pointer}/actsAs`)
    if (E.isLeft(actsAs)) return actsAs
    const properties = text.right
    entities.push({ kind, entityType, name, properties, actsAs: actsAs.right, pointer })
  }
  return E.right({ entities, notes })
}

export const entitiesToRemove = (call: ReceivedCall): E.Either<ReadFault, Sent<EntityRef>> => {
  const body = readBody(call, REMOVE_ENTITIES_BODY, RemoveEntitiesBody, ENTITIES_BODY_BYTES_MAX)
  if (E.isLeft(body)) return body
  const { subjects = [], resources = [], actions = [], ...notes } = body.right
  const all = [
    ...subjects.map(ofNamed('Subject', 'subjects')),
    ...resources.map(ofNamed('Resource', 'resources')),
    ...actions.map(ofAction),
  ]
  const refs = sized(all.map(({ kind, entityType, name }) => ({ kind, entityType, name })))
  return E.map((entities: ReadonlyArray<EntityRef>) => ({ entities, notes }))(refs)
}
