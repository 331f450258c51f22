/**
 * A smaller policy that would have sufficed: of each statement that was needed, the actions and
 * resources it was needed for. Pure.
 *
 * Invariant: it allows nothing that the statements it is made of do not. A resource becomes a
 * pattern of its own only where a pattern without `?` covered it: such a pattern covers all that
 * the new one does, wildcards in it included. Conditions and denies are kept as they are.
 */
import {
  matchesResource,
  matchesWildcard,
  POLICY_DOCUMENT_CHARACTERS_MAX,
  parseJson,
  parsePolicy,
  parseResourcePattern,
  requestedResource,
} from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'

/** A statement as it was written. */
export type RawStatement = Readonly<Record<string, unknown>>

/** A statement that allowed something, and what. */
export type UsedStatement = {
  readonly raw: RawStatement
  /** For each action, the resources. */
  readonly uses: ReadonlyMap<string, ReadonlySet<string>>
  /** Used for more than `uses` holds. */
  readonly isCut: boolean
}

/** From so many resources on their folders are named instead, and then those of the statement. */
const RESOURCES_MAX = 20

const isObject = (value: unknown): value is RawStatement =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The statements of a document in their order; none when it can't be read. */
export const rawStatements = (text: string): ReadonlyArray<RawStatement> => {
  const parsed = parseJson(text, POLICY_DOCUMENT_CHARACTERS_MAX)
  const statement = E.isRight(parsed) && isObject(parsed.right) ? parsed.right['Statement'] : []
  return (Array.isArray(statement) ? statement : [statement]).filter(isObject)
}

const textsOf = (member: unknown): ReadonlyArray<string> =>
  (Array.isArray(member) ? member : [member]).filter((text) => typeof text === 'string')

/** Whether a resource, taken as a pattern, is inside one of the patterns. */
const isInside = (resource: string, patterns: ReadonlyArray<string>): boolean =>
  patterns.some((text) => {
    const pattern = text.includes('?') ? undefined : parseResourcePattern(text)
    return (
      pattern !== undefined &&
      E.isRight(pattern) &&
      E.isRight(parseResourcePattern(resource)) &&
      matchesResource(pattern.right, requestedResource(resource))
    )
  })

/** The folder of a resource as a pattern; undefined where its id has none. */
const folderOf = (resource: string): string | undefined => {
  const slash = resource.lastIndexOf('/')
  const colons = resource.slice(0, Math.max(0, slash)).split(':').length - 1
  return slash > 0 && colons >= 4 ? `${resource.slice(0, slash)}/*` : undefined
}

/** Undefined when the patterns of the statement have to stay. */
const narrowed = (
  resources: ReadonlyArray<string>,
  patterns: ReadonlyArray<string>,
): ReadonlyArray<string> | undefined => {
  const folders = new Set(resources.map(folderOf))
  const named = resources.length <= RESOURCES_MAX ? resources : [...folders]
  if (named.length > RESOURCES_MAX) return undefined
  const all = named.filter((resource) => resource !== undefined)
  return all.length === named.length && all.every((resource) => isInside(resource, patterns))
    ? all
    : undefined
}

const hasWildcard = (text: string): boolean => text.includes('*') || text.includes('?')

/** One statement for all actions that were used on the same resources. */
const narrowedStatements = ({ raw, uses, isCut }: UsedStatement): ReadonlyArray<RawStatement> => {
  const { Action, NotAction, Resource, ...rest } = raw
  if ([...uses.keys()].some(hasWildcard)) return [raw]
  const patterns = textsOf(Resource)
  const byResources = new Map<string, { resources: unknown; actions: string[] }>()
  for (const [action, used] of uses) {
    const resources = isCut ? undefined : narrowed([...used].sort(), patterns)
    const key = JSON.stringify(resources ?? null)
    const group = byResources.get(key) ?? { resources: resources ?? Resource, actions: [] }
    byResources.set(key, group)
    group.actions.push(action)
  }
  return [...byResources.values()].map(({ resources, actions }) => ({
    ...rest,
    Action: actions.sort(),
    Resource: resources,
  }))
}

const isActionInside = (action: string, patterns: ReadonlyArray<string>): boolean =>
  patterns.some(
    (pattern) =>
      pattern.toLowerCase() === action.toLowerCase() ||
      (!pattern.includes('?') && matchesWildcard(pattern.toLowerCase(), action.toLowerCase())),
  )

/** Whether one statement plainly allows all that another does: false where that is not plain. */
const isCovered = (other: RawStatement, by: RawStatement): boolean => {
  const { Action: actions, Resource: resources, ...rest } = other
  const { Action: actionsBy, Resource: resourcesBy, ...restBy } = by
  const [named, patterns] = [textsOf(resources), textsOf(resourcesBy)]
  if (actions === undefined || resources === undefined) return false
  return (
    JSON.stringify(rest) === JSON.stringify(restBy) &&
    textsOf(actions).every((action) => isActionInside(action, textsOf(actionsBy))) &&
    named.every((resource) => patterns.includes(resource) || isInside(resource, patterns))
  )
}

/** Each statement that no other one covers; of those that cover each other the first. */
const withoutCovered = (statements: ReadonlyArray<RawStatement>): ReadonlyArray<RawStatement> => {
  let kept: ReadonlyArray<RawStatement> = []
  for (const statement of statements) {
    const isSame = kept.some((one) => JSON.stringify(one) === JSON.stringify(statement))
    if (isSame || kept.some((one) => isCovered(statement, one))) continue
    kept = [...kept.filter((one) => !isCovered(one, statement)), statement]
  }
  return kept
}

const documentOf = (statements: ReadonlyArray<RawStatement>): string =>
  JSON.stringify({ Version: '1', Statement: statements })

const isPolicy = (text: string): boolean => E.isRight(parsePolicy('identity', text))

/** As many documents as their greatest length asks for. */
const packed = (statements: ReadonlyArray<RawStatement>): ReadonlyArray<string> => {
  const documents: string[] = []
  let together: RawStatement[] = []
  for (const statement of statements) {
    const longer = documentOf([...together, statement])
    if (together.length > 0 && longer.length > POLICY_DOCUMENT_CHARACTERS_MAX) {
      documents.push(documentOf(together))
      together = []
    }
    together.push(statement)
  }
  return together.length === 0 ? documents : [...documents, documentOf(together)]
}

/**
 * Documents that allow what was used and deny what was denied. Where a narrowed statement is not
 * fit for a document, the statement that it was made of stands for it.
 */
export const suggestedDocuments = (
  used: ReadonlyArray<UsedStatement>,
  denies: ReadonlyArray<RawStatement>,
): ReadonlyArray<string> => {
  const allows = used.flatMap((one) => {
    const narrow = narrowedStatements(one)
    return narrow.every((statement) => isPolicy(documentOf([statement]))) ? narrow : [one.raw]
  })
  const distinct = new Map(denies.map((one) => [JSON.stringify(one), one]))
  return packed([...distinct.values(), ...withoutCovered(allows)])
}
