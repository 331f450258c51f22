/** What can become of an entity that an application registers. */
import { describe, expect, it } from 'vitest'
import { RoleName, Sealed, UserName } from '../../names.js'
import {
  entityIdOf,
  known,
  roleIdOf,
  sampleAccountId,
  specify,
  trusting,
  userIdOf,
} from '../../testing/index.js'
import { accountDecider } from '../decider.js'
import { DEFAULT_QUOTAS } from '../quotas.js'
import { EntityName, EntityType } from './limits.js'

const given = specify(accountDecider({ ...DEFAULT_QUOTAS, entitiesPerAccount: 2 }))
const alice = known(UserName, 'alice')
const editor = known(RoleName, 'editor')
const opened = { type: 'AccountCreated', accountId: sampleAccountId } as const
const user = { type: 'UserCreated', userId: userIdOf(1), userName: alice } as const
const role = {
  type: 'RoleCreated',
  roleId: roleIdOf(1),
  roleName: editor,
  trustPolicy: trusting(['root']),
  trustees: [],
  description: '',
  maxSessionDuration: 3600,
} as const
const named = {
  kind: 'Subject',
  entityType: known(EntityType, 'user'),
  name: known(EntityName, 'morty@the-citadel.com'),
} as const
const entityId = entityIdOf(1)
const properties = known(Sealed, 'pii1.AAAA')
const registered = { type: 'EntityRegistered', entityId, ...named, actsAs: [] } as const
const removed = { type: 'EntityRemoved', entityId } as const
const other = { ...named, name: known(EntityName, 'other'), actsAs: [] } as const
const put = (...entities: ReadonlyArray<object>) => ({ type: 'PutEntities', entities }) as never

describe('PutEntities', () => {
  it('given entities that are not known, then each is registered with whom it acts as', () => {
    const actsAs = [
      { type: 'Role', roleName: known(RoleName, 'Editor') },
      { type: 'User', userName: alice },
      { type: 'Role', roleName: editor },
    ]
    given(opened, user, role)
      .when(put({ entityId, ...named, actsAs, properties }, { entityId: entityIdOf(2), ...other }))
      .thenEmits(
        {
          ...registered,
          actsAs: [
            { type: 'Role', roleId: roleIdOf(1) },
            { type: 'User', userId: userIdOf(1) },
          ],
          properties,
        },
        { type: 'EntityRegistered', entityId: entityIdOf(2), ...other },
      )
  })
  it('given one that is known, then what is new replaces all that was known of it', () => {
    given(opened, { ...registered, properties })
      .when(put({ entityId, ...named, actsAs: [] }))
      .thenEmits({ type: 'EntityUpdated', entityId, actsAs: [] })
  })
  it('given the same again, then nothing changes', () => {
    const again = put({ entityId, ...named, actsAs: [], properties })
    given(opened, { ...registered, properties })
      .when(again)
      .thenUnchanged()
    given(opened, registered, { type: 'EntityUpdated', entityId, actsAs: [], properties })
      .when(again)
      .thenUnchanged()
  })
  it('given one who is not there among whom it acts as, then none is registered', () => {
    const asNobody = { ...other, actsAs: [{ type: 'User', userName: alice }] }
    given(opened)
      .when(put({ entityId, ...named, actsAs: [] }, { entityId: entityIdOf(2), ...asNobody }))
      .thenRefused({ type: 'UserNotFound', userName: alice })
    const asRole = { ...other, actsAs: [{ type: 'Role', roleName: editor }] }
    given(opened)
      .when(put({ entityId, ...asRole }))
      .thenRefused({ type: 'RoleNotFound', roleName: editor })
  })
  it('given another id for a name, another name for an id, or one twice, then it is refused', () => {
    const refusal = { type: 'EntityConflict', ...named } as const
    given(opened, registered)
      .when(put({ entityId: entityIdOf(2), ...named, actsAs: [] }))
      .thenRefused(refusal)
    given(opened, { ...registered, name: other.name })
      .when(put({ entityId, ...named, actsAs: [] }))
      .thenRefused(refusal)
    given(opened)
      .when(put({ entityId, ...named, actsAs: [] }, { entityId, ...named, actsAs: [] }))
      .thenRefused(refusal)
  })
  it('given more than the account may hold, then none is registered', () => {
    const second = { entityId: entityIdOf(2), ...other }
    const third = { ...second, entityId: entityIdOf(3), name: known(EntityName, 'third') }
    given(opened, registered)
      .when(put(second, third))
      .thenRefused({ type: 'EntityLimitExceeded', limit: 2 })
  })
  it('given one that was removed, then a later one of that name is another', () => {
    given(opened, registered, removed)
      .when(put({ entityId: entityIdOf(2), ...named, actsAs: [] }))
      .thenEmits({ ...registered, entityId: entityIdOf(2) })
  })
})

describe('RemoveEntities', () => {
  const remove = { type: 'RemoveEntities', entities: [named, named] } as const

  it('given a known one, then it is removed, once', () => {
    given(opened, registered).when(remove).thenEmits(removed)
  })
  it('given one of them that is not known, then none is removed', () => {
    given(opened, registered)
      .when({ ...remove, entities: [named, { ...named, kind: 'Resource' }] })
      .thenRefused({ type: 'EntityNotFound', ...named, kind: 'Resource' })
  })
})

describe('names of entities', () => {
  it('given what applications use, then it is a name or a type, and else it is not', () => {
    for (const name of ['a', 'x'.repeat(256), 'beth@the-smiths.com', '/users/{userId}', 'é ü'])
      expect(EntityName.is(name)).toBe(true)
    for (const name of ['', 'x'.repeat(257), 'a\nb', '\ud800', '\u0000'])
      expect(EntityName.is(name)).toBe(false)
    for (const type of ['user', 'app:todo', 'a.b-c_d']) expect(EntityType.is(type)).toBe(true)
    for (const type of ['', 'a:b:c', ':a', 'a/b', 'a b', '*', 'x'.repeat(65)])
      expect(EntityType.is(type)).toBe(false)
  })
})
