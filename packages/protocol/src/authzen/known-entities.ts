/**
 * What is registered of an entity at a position, with its properties in clear.
 *
 * Opened properties stay in memory for ten minutes at most, as everything that the vault opens
 * does. An entity whose properties were erased is no longer known.
 */
import type { AccountId, EntityId, EntityKind, PrincipalRef, Sealed } from '@grantlog/domain'
import type { Engine, EngineError } from '@grantlog/engine'
import { type EntityRow, entityAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { LRUCache } from 'lru-cache'
import { type Attributes, attributesOf, NO_ATTRIBUTES } from './attributes.js'

/** How many entities' properties are kept in clear. */
const OPENED_MAX = 20_000
/** Unit: milliseconds. */
const OPENED_MS = 10 * 60_000

/** The field of a person under which the vault seals the properties of an entity. */
const PROPERTIES_FIELD = 'properties'

export type KnownEntity = {
  /** Immutable. */
  readonly entityId: EntityId
  readonly name: string
  readonly properties: Attributes
  readonly actsAs: ReadonlyArray<PrincipalRef>
}

export type EntityNamed = {
  readonly accountId: AccountId
  readonly kind: EntityKind
  readonly entityType: string
  readonly name: string
}

export type KnownEntities = {
  readonly at: (
    named: EntityNamed,
    position: number,
  ) => Promise<E.Either<EngineError, KnownEntity | undefined>>
  /** The properties of a row as the JSON text that was sealed; null when they were erased. */
  readonly clearText: (row: EntityRow) => Promise<E.Either<EngineError, string | null>>
}

type Opened = { readonly text: string | null; readonly until: number }

const parsed = (text: string): Attributes | undefined => {
  const object = E.tryCatch(
    () => JSON.parse(text) as Readonly<Record<string, unknown>>,
    () => null,
  )
  const attributes = E.isLeft(object) ? object : attributesOf(object.right)
  return E.isLeft(attributes) ? undefined : attributes.right
}

export const knownEntities = ({ vault, views, clock }: Engine): KnownEntities => {
  const opened = new LRUCache<string, Opened>({ max: OPENED_MAX })
  const clearText: KnownEntities['clearText'] = async ({ accountId, entityId, properties }) => {
    if (properties === undefined) return E.right('{}')
    const now = clock.now()
    const known = opened.get(properties)
    if (known !== undefined && now < known.until) return E.right(known.text)
    const text = await vault.openPersonal(accountId, entityId, PROPERTIES_FIELD, properties)()
    if (E.isRight(text)) opened.set(properties, { text: text.right, until: now + OPENED_MS })
    return text
  }
  return {
    clearText,
    at: async (named, position) => {
      const row = entityAt(views.entities, named, position)
      if (row === undefined) return E.right(undefined)
      const { entityId, name, actsAs } = row
      const known = { entityId, name, actsAs }
      if (row.properties === undefined) return E.right({ ...known, properties: NO_ATTRIBUTES })
      const text = await clearText(row)
      if (E.isLeft(text)) return text
      const properties = text.right === null ? undefined : parsed(text.right)
      return E.right(properties && { ...known, properties })
    },
  }
}

/** Seals the properties of an entity, given as JSON text. */
export const sealProperties = (
  { vault }: Engine,
  accountId: AccountId,
  entityId: string,
  text: string,
): TE.TaskEither<EngineError, Sealed> =>
  pipe(
    vault.sealPersonal(accountId, entityId, PROPERTIES_FIELD, text),
    TE.map((sealed) => sealed as Sealed),
  )
