/**
 * The distinct lists of actions that statements have, and which statements have each. When an
 * action is seen for the first time, each list that can speak about it is tried once.
 */
import type { ActionPatterns } from '../document.js'
import { matchesWildcard } from '../wildcard.js'

/** A statement, as the number of its part times 32 plus its place there. */
export type Posting = number

type ActionList = {
  readonly actions: ActionPatterns
  readonly places: ReadonlyArray<string>
  readonly postings: Set<Posting>
}

export type ActionLists = {
  add(actions: ActionPatterns, posting: Posting): void
  remove(actions: ActionPatterns, posting: Posting): void
  /** Tells of each statement that covers an action, which is in lower case. */
  covering(action: string, tell: (posting: Posting) => void): void
}

export const coversAction = ({ type, patterns }: ActionPatterns, action: string): boolean =>
  patterns.some((pattern) => matchesWildcard(pattern, action)) === (type === 'Action')

/** Where lists stand that may speak about every action. */
const EVERYWHERE = ''

const isWild = (pattern: string): boolean => pattern.includes('*') || pattern.includes('?')

/** The service of an action or a pattern, colon included. */
const serviceOf = (text: string): string => text.slice(0, text.indexOf(':') + 1)

/**
 * Where a list is looked for: under each of its actions, where they are all literal; else under
 * the services that it can speak about.
 */
const placesOf = ({ type, patterns }: ActionPatterns): ReadonlyArray<string> => {
  if (type === 'NotAction') return [EVERYWHERE]
  if (!patterns.some(isWild)) return [...new Set(patterns)]
  const services = [...new Set(patterns.map(serviceOf))]
  return services.some((one) => one === EVERYWHERE || isWild(one)) ? [EVERYWHERE] : services
}

/** No pattern has a space. */
const keyOf = ({ type, patterns }: ActionPatterns): string => `${type} ${patterns.join(' ')}`

export const actionLists = (): ActionLists => {
  const lists = new Map<string, ActionList>()
  const byPlace = new Map<string, Set<ActionList>>()

  const listOf = (key: string, actions: ActionPatterns): ActionList => {
    const known = lists.get(key)
    if (known !== undefined) return known
    const list = { actions, places: placesOf(actions), postings: new Set<Posting>() }
    lists.set(key, list)
    for (const place of list.places) {
      const here = byPlace.get(place)
      if (here === undefined) byPlace.set(place, new Set([list]))
      else here.add(list)
    }
    return list
  }
  const drop = (key: string, list: ActionList): void => {
    lists.delete(key)
    for (const place of list.places) {
      const here = byPlace.get(place)
      here?.delete(list)
      if (here?.size === 0) byPlace.delete(place)
    }
  }
  const tellOf = (place: string, action: string, tell: (posting: Posting) => void): void => {
    for (const { actions, postings } of byPlace.get(place) ?? [])
      if (coversAction(actions, action)) for (const posting of postings) tell(posting)
  }

  return {
    add: (actions, posting) => {
      listOf(keyOf(actions), actions).postings.add(posting)
    },
    remove: (actions, posting) => {
      const key = keyOf(actions)
      const list = lists.get(key)
      list?.postings.delete(posting)
      if (list?.postings.size === 0) drop(key, list)
    },
    covering: (action, tell) => {
      for (const place of new Set([EVERYWHERE, serviceOf(action), action]))
        tellOf(place, action, tell)
    },
  }
}
