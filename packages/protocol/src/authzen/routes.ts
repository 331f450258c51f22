/**
 * `POST /access/v1/evaluation` and `/access/v1/evaluations`: one decision, or many.
 */
import type { EngineError } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import type { Fault } from '../rpc/faults.js'
import type { Scene } from '../rpc/scene.js'
import { problemOf, type ReadFault } from '../v1/problem.js'
import type { PreparedRead, ReadAnswer, Route } from '../v1/route.js'
import { EVALUATION_ABOUT, EVALUATIONS_ABOUT, EVALUATIONS_MAX, SEMANTICS } from './abouts.js'
import { evaluate, type Judgement, type World } from './evaluate.js'
import type { KnownEntities } from './known-entities.js'
import { type Asking, askingOf } from './moment.js'
import { bodyOf, type Evaluation, evaluationOf } from './request.js'

type JsonObject = Readonly<Record<string, unknown>>

type Semantic = (typeof SEMANTICS)[number]

const malformed = (pointer: string, fault: string): E.Either<ReadFault, never> =>
  E.left({ type: 'BodyMalformed', pointer, fault })

const semanticOf = (options: unknown): E.Either<ReadFault, Semantic> => {
  const given =
    typeof options === 'object' && options !== null && 'evaluations_semantic' in options
      ? options.evaluations_semantic
      : 'execute_all'
  const semantic = SEMANTICS.find((each) => each === given)
  return semantic === undefined
    ? malformed('/options/evaluations_semantic', `it must be one of ${SEMANTICS.join(', ')}`)
    : E.right(semantic)
}

/** An item has what it names itself and takes the rest from the call. */
const itemOf = (defaults: JsonObject, item: unknown): E.Either<ReadFault, Evaluation> =>
  typeof item === 'object' && item !== null && !Array.isArray(item)
    ? evaluationOf({ ...defaults, ...item })
    : malformed('', 'it must be a JSON object')

type Items = {
  readonly semantic: Semantic
  readonly items: ReadonlyArray<E.Either<ReadFault, Evaluation>>
}

/** Null where the call is for one decision alone. */
const itemsOf = (body: JsonObject): E.Either<ReadFault, Items | null> => {
  const { evaluations, options, ...rest } = body
  if (evaluations === undefined) return E.right(null)
  if (!Array.isArray(evaluations)) return malformed('/evaluations', 'it must be a list')
  if (evaluations.length === 0) return E.right(null)
  if (evaluations.length > EVALUATIONS_MAX)
    return malformed('/evaluations', `it has at most ${EVALUATIONS_MAX} elements`)
  const { subject, action, resource, context } = rest
  const defaults = Object.fromEntries(
    Object.entries({ subject, action, resource, context }).filter(
      ([, given]) => given !== undefined,
    ),
  )
  return E.map((semantic: Semantic) => ({
    semantic,
    items: evaluations.map((item) => itemOf(defaults, item)),
  }))(semanticOf(options))
}

/** A faulty item is denied by itself; the others are answered. */
const faulty = (fault: ReadFault): Judgement => {
  const { status, detail } = problemOf(fault)
  return { decision: false, context: { error: { status, message: detail } } }
}

const isLast = (semantic: Semantic, { decision }: Judgement): boolean => {
  switch (semantic) {
    case 'execute_all':
      return false
    case 'deny_on_first_deny':
      return !decision
    case 'permit_on_first_permit':
      return decision
  }
}

const evaluateAll = async (
  world: World,
  { semantic, items }: Items,
): Promise<E.Either<EngineError, ReadonlyArray<Judgement>>> => {
  const judgements: Array<Judgement> = []
  for (const item of items) {
    const judged = E.isLeft(item) ? E.right(faulty(item.left)) : await evaluate(world, item.right)
    if (E.isLeft(judged)) return judged
    judgements.push(judged.right)
    if (isLast(semantic, judged.right)) break
  }
  return E.right(judgements)
}

const runOne =
  (evaluation: Evaluation, asking: Asking): PreparedRead['run'] =>
  () =>
  async () => {
    const world = asking()
    if (E.isLeft(world)) return world
    const judged = await evaluate(world.right, evaluation)
    if (E.isLeft(judged)) return judged
    return E.right({ body: judged.right, position: world.right.engine.status().applied })
  }

const runAll =
  (items: Items, asking: Asking): PreparedRead['run'] =>
  () =>
  async () => {
    const world = asking()
    if (E.isLeft(world)) return world
    const evaluations = await evaluateAll(world.right, items)
    if (E.isLeft(evaluations)) return evaluations
    const position = world.right.engine.status().applied
    const answer: ReadAnswer = { body: { evaluations: evaluations.right }, position }
    return E.right(answer)
  }

const prepared = (scene: Scene, run: PreparedRead['run']): PreparedRead => ({
  action: 'grantlog:Evaluate',
  resource: `acs:grantlog:*:${scene.caller.accountId}:authzen`,
  onRecord: 'Denials',
  run,
})

export const evaluationRoutes = (entities: KnownEntities): ReadonlyArray<Route> => {
  const one = (body: JsonObject, scene: Scene): E.Either<Fault | ReadFault, PreparedRead> => {
    const evaluation = evaluationOf(body)
    if (E.isLeft(evaluation)) return evaluation
    const asking = askingOf(scene, entities, body.options)
    return E.isLeft(asking)
      ? asking
      : E.right(prepared(scene, runOne(evaluation.right, asking.right)))
  }
  return [
    {
      method: 'POST',
      about: EVALUATION_ABOUT,
      prepare: (call, _, scene) => {
        const body = bodyOf(call)
        return E.isLeft(body) ? body : one(body.right, scene)
      },
    },
    {
      method: 'POST',
      about: EVALUATIONS_ABOUT,
      prepare: (call, _, scene) => {
        const body = bodyOf(call)
        if (E.isLeft(body)) return body
        const items = itemsOf(body.right)
        if (E.isLeft(items)) return items
        if (items.right === null) return one(body.right, scene)
        const asking = askingOf(scene, entities, body.right.options)
        return E.isLeft(asking)
          ? asking
          : E.right(prepared(scene, runAll(items.right, asking.right)))
      },
    },
  ]
}
