/** The path of registered entities by name, typed: what AuthZEN's subjects and resources are. */
import type { CallOptions } from './exchange.js'
import type { Answer, Paths } from './paths.js'
import { queryOf } from './query.js'
import type { Items, Moment, PageOptions } from './questions.js'
import {
  EntitiesAnswer,
  PutEntitiesAnswer,
  RemoveEntitiesAnswer,
  ShownEntity,
} from './shapes/entities.js'

/** Which entities: of one kind and type, or the one of that name. */
export type EntitiesQuestion = Moment & {
  readonly kind: 'subject' | 'resource' | 'action'
  /** Of actions that of the resources. */
  readonly type: string
  readonly id?: string
}

type NamedEntity = { readonly type: string; readonly id: string }
type NamedAction = { readonly resourceType: string; readonly name: string }
type Properties = { readonly properties?: Readonly<Record<string, unknown>> }

/** What is registered. `actsAs` has the ARNs of users and roles. */
export type EntitiesToPut = {
  readonly subjects?: ReadonlyArray<
    NamedEntity & Properties & { readonly actsAs?: ReadonlyArray<string> }
  >
  readonly resources?: ReadonlyArray<NamedEntity & Properties>
  readonly actions?: ReadonlyArray<NamedAction & Properties>
}

export type EntitiesToRemove = {
  readonly subjects?: ReadonlyArray<NamedEntity>
  readonly resources?: ReadonlyArray<NamedEntity>
  readonly actions?: ReadonlyArray<NamedAction>
}

export type EntityQuestions = {
  readonly entities: (
    asked: EntitiesQuestion & PageOptions,
    options?: CallOptions,
  ) => Answer<EntitiesAnswer>
  readonly eachEntity: (asked: EntitiesQuestion, options?: CallOptions) => Items<ShownEntity>
  /** All, or none. Registering again what is known changes nothing. */
  readonly putEntities: (
    entities: EntitiesToPut,
    options?: CallOptions,
  ) => Answer<PutEntitiesAnswer>
  /** All that are named, or none. */
  readonly removeEntities: (
    entities: EntitiesToRemove,
    options?: CallOptions,
  ) => Answer<RemoveEntitiesAnswer>
}

const PATH = '/v1/entities'

export const entityQuestionsOn = ({ get, order, each }: Paths): EntityQuestions => ({
  entities: (asked, options) => get(PATH, queryOf(asked), EntitiesAnswer, options),
  eachEntity: (asked, options) => each(PATH, queryOf(asked), ShownEntity, options),
  putEntities: (entities, options) => order(PATH, entities, PutEntitiesAnswer, options),
  removeEntities: (entities, options) =>
    order(`${PATH}/remove`, entities, RemoveEntitiesAnswer, options),
})
