/**
 * Who and what a search looks at: entities that were registered at its position and, where subjects
 * are users or roles, those of the account that hold a policy which might allow.
 *
 * Invariant: whoever is left out is registered nowhere and allowed in no case.
 */
import type { EntityKind } from '@grantlog/domain'
import type { EngineError } from '@grantlog/engine'
import { entitiesOfTypeAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { World } from './evaluate.js'
import { conditionKeys, ramAction, ramResource } from './mapping.js'
import type { Evaluation } from './request.js'

/** How many principals are asked for at a time. */
const PRINCIPALS_PER_QUESTION = 1000

export const registeredNames = (
  { engine, accountId, position }: World,
  kind: EntityKind,
  entityType: string,
): ReadonlyArray<string> =>
  entitiesOfTypeAt(engine.views.entities, { accountId, kind, entityType }, position).map(
    ({ name }) => name,
  )

const PRINCIPAL_TYPES = { user: 'User', role: 'Role' } as const

/** What of the keys is known of every subject. */
const isOfEverybody = (key: string): boolean =>
  key.startsWith('authzen:resource') ||
  key.startsWith('authzen:action') ||
  key.startsWith('authzen:context') ||
  !key.startsWith('authzen:')

/** The users or roles who might be allowed, by name. */
export const principalNames = async (
  world: World,
  { action, resource, context }: Omit<Evaluation, 'subject'>,
  subjectType: string,
): Promise<E.Either<EngineError, ReadonlyArray<string>>> => {
  if (subjectType !== 'user' && subjectType !== 'role') return E.right([])
  const { engine, accountId, position, time } = world
  const asked = ramAction(action)
  const name = ramResource(accountId, resource)
  if (asked === null || name === null) return E.right([])
  const nobody = { type: '', id: '', properties: new Map() }
  // What is registered of the resource adds keys; those that are not given are not known here.
  const keys = conditionKeys({ subject: nobody, action, resource, context, time }, undefined)
  const question = {
    accountId,
    action: asked,
    resources: [name],
    context: new Map([...keys].filter(([key]) => isOfEverybody(key))),
    moment: { type: 'AtPosition', position },
    types: [PRINCIPAL_TYPES[subjectType]],
    limit: PRINCIPALS_PER_QUESTION,
  } as const
  const names: Array<string> = []
  for (let after: string | null | undefined; after !== null; ) {
    const page = await engine.whoCan(after === undefined ? question : { ...question, after })()
    if (E.isRight(page)) {
      names.push(...page.right.hits.map((hit) => hit.name))
      after = page.right.next
    } else if (page.left.type === 'MomentNotReached' || page.left.type === 'TimeNotReached')
      return E.left({ type: 'ViewsBehind', applied: engine.status().applied, wanted: position })
    else return E.left(page.left)
  }
  return E.right(names)
}

/** Each once, in the order of code units, and only what comes after. */
export const inOrder = (
  names: ReadonlyArray<string>,
  after: string | undefined,
): ReadonlyArray<string> =>
  [...new Set(names)].filter((name) => after === undefined || name > after).sort()
