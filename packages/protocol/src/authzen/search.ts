/**
 * `POST /access/v1/search/{subject,resource,action}`: every candidate is judged as an evaluation
 * would judge it, so that what a search finds an evaluation allows.
 */
import { setImmediate } from 'node:timers/promises'
import type { EngineError } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import type { Fault } from '../rpc/faults.js'
import type { ReadFault } from '../v1/problem.js'
import type { PreparedRead, ReadAnswer, Route } from '../v1/route.js'
import { SEARCH_ABOUTS } from './abouts.js'
import { NO_ATTRIBUTES } from './attributes.js'
import { inOrder, principalNames, registeredNames } from './candidates.js'
import { evaluate, type World } from './evaluate.js'
import type { KnownEntities } from './known-entities.js'
import { type Asking, askingOf } from './moment.js'
import { digestOf, nextToken, type Page, pageOf } from './page.js'
import {
  actionOf,
  bodyOf,
  contextOf,
  type Evaluation,
  resourceOf,
  subjectOf,
  typeOf,
} from './request.js'

type JsonObject = Readonly<Record<string, unknown>>

/** What is looked for, how one that is found becomes a question, and how it is shown. */
type Search = {
  readonly candidates: (world: World) => Promise<E.Either<EngineError, ReadonlyArray<string>>>
  readonly evaluationOf: (name: string) => Evaluation
  readonly shown: (name: string) => JsonObject
}

type Read = (body: JsonObject) => E.Either<ReadFault, Search>

const subjects: Read = (body) => {
  const type = typeOf(body, 'subject')
  if (E.isLeft(type)) return type
  const action = actionOf(body)
  if (E.isLeft(action)) return action
  const resource = resourceOf(body)
  if (E.isLeft(resource)) return resource
  const context = contextOf(body)
  if (E.isLeft(context)) return context
  const rest = { action: action.right, resource: resource.right, context: context.right }
  return E.right({
    candidates: async (world) => {
      const principals = await principalNames(world, rest, type.right)
      return E.isLeft(principals)
        ? principals
        : E.right([...registeredNames(world, 'Subject', type.right), ...principals.right])
    },
    evaluationOf: (id) => ({
      ...rest,
      subject: { type: type.right, id, properties: NO_ATTRIBUTES },
    }),
    shown: (id) => ({ type: type.right, id }),
  })
}

const resources: Read = (body) => {
  const subject = subjectOf(body)
  if (E.isLeft(subject)) return subject
  const action = actionOf(body)
  if (E.isLeft(action)) return action
  const type = typeOf(body, 'resource')
  if (E.isLeft(type)) return type
  const context = contextOf(body)
  if (E.isLeft(context)) return context
  const rest = { subject: subject.right, action: action.right, context: context.right }
  return E.right({
    candidates: async (world) => E.right(registeredNames(world, 'Resource', type.right)),
    evaluationOf: (id) => ({
      ...rest,
      resource: { type: type.right, id, properties: NO_ATTRIBUTES },
    }),
    shown: (id) => ({ type: type.right, id }),
  })
}

const actions: Read = (body) => {
  const subject = subjectOf(body)
  if (E.isLeft(subject)) return subject
  const resource = resourceOf(body)
  if (E.isLeft(resource)) return resource
  const context = contextOf(body)
  if (E.isLeft(context)) return context
  const rest = { subject: subject.right, resource: resource.right, context: context.right }
  return E.right({
    candidates: async (world) => E.right(registeredNames(world, 'Action', rest.resource.type)),
    evaluationOf: (name) => ({ ...rest, action: { name, properties: NO_ATTRIBUTES } }),
    shown: (name) => ({ name }),
  })
}

/** How many candidates are judged before other calls have their turn. */
const JUDGED_AT_A_TIME = 64

type Found = { readonly names: ReadonlyArray<string>; readonly isMore: boolean }

const find = async (
  world: World,
  { candidates, evaluationOf }: Search,
  { limit, continued }: Page,
): Promise<E.Either<EngineError, Found>> => {
  const all = await candidates(world)
  if (E.isLeft(all)) return all
  const names: Array<string> = []
  for (const [index, name] of inOrder(all.right, continued?.after).entries()) {
    if (index % JUDGED_AT_A_TIME === JUDGED_AT_A_TIME - 1) await setImmediate()
    const judged = await evaluate(world, evaluationOf(name))
    if (E.isLeft(judged)) return judged
    if (!judged.right.decision) continue
    if (names.length === limit) return E.right({ names, isMore: true })
    names.push(name)
  }
  return E.right({ names, isMore: false })
}

const run =
  (search: Search, page: Page, digest: string, asking: Asking): PreparedRead['run'] =>
  () =>
  async () => {
    const present = asking()
    if (E.isLeft(present)) return present
    // A search looks round: nobody is about to do what it finds.
    const { note: _, ...here } = present.right
    const world: World = { ...here, ...page.continued }
    const { engine, accountId, position, time } = world
    const found = await find(world, search, page)
    if (E.isLeft(found)) return found
    const { names, isMore } = found.right
    const after = names.at(-1) ?? ''
    const next = isMore ? nextToken(engine, accountId, digest, { position, time, after }) : ''
    const answer: ReadAnswer = {
      body: {
        page: { next_token: next, count: names.length },
        context: { position },
        results: names.map(search.shown),
      },
      position: engine.status().applied,
    }
    return E.right(answer)
  }

const searchRoute = (
  entities: KnownEntities,
  kind: 'subject' | 'resource' | 'action',
  read: Read,
): Route => ({
  method: 'POST',
  about: SEARCH_ABOUTS[kind],
  prepare: (call, _, scene): E.Either<Fault | ReadFault, PreparedRead> => {
    const body = bodyOf(call)
    if (E.isLeft(body)) return body
    const search = read(body.right)
    if (E.isLeft(search)) return search
    const { accountId } = scene.caller
    const digest = digestOf(kind, body.right)
    const page = pageOf(scene.engine, accountId, digest, body.right)
    if (E.isLeft(page)) return page
    const asking = askingOf(scene, entities, body.right.options)
    if (E.isLeft(asking)) return asking
    return E.right({
      action: SEARCH_ABOUTS[kind].permission.action,
      resource: `acs:grantlog:*:${accountId}:authzen`,
      onRecord: 'Denials',
      run: run(search.right, page.right, digest, asking.right),
    })
  },
})

export const searchRoutes = (entities: KnownEntities): ReadonlyArray<Route> => [
  searchRoute(entities, 'subject', subjects),
  searchRoute(entities, 'resource', resources),
  searchRoute(entities, 'action', actions),
]
