/**
 * The distinct lists of actions that statements have, and which statements have each. When an
 * action is seen for the first time, each list that can speak about it is tried once.
 */
import type { ActionPatterns } from '../document.js'
import { matchesWildcard } from '../wildcard.js'

/** A statement, as the number of its part times 32 plus its place there. */
export type Posting = number

type ActionList = { readonly actions: ActionPatterns; readonly postings: Set<Posting> }

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

const keyOf = ({ type, patterns }: ActionPatterns): string => JSON.stringify([type, patterns])

export const actionLists = (): ActionLists => {
  const byPlace = new Map<string, Map<string, ActionList>>()

  const listsOf = (place: string): Map<string, ActionList> => {
    const known = byPlace.get(place)
    if (known !== undefined) return known
    const lists = new Map<string, ActionList>()
    byPlace.set(place, lists)
    return lists
  }
  const tellOf = (place: string, action: string, tell: (posting: Posting) => void): void => {
    for (const { actions, postings } of byPlace.get(place)?.values() ?? [])
      if (coversAction(actions, action)) for (const posting of postings) tell(posting)
  }

  return {
    add: (actions, posting) => {
      const key = keyOf(actions)
      for (const place of placesOf(actions)) {
        const lists = listsOf(place)
        const list = lists.get(key)
        if (list === undefined) lists.set(key, { actions, postings: new Set([posting]) })
        else list.postings.add(posting)
      }
    },
    remove: (actions, posting) => {
      const key = keyOf(actions)
      for (const place of placesOf(actions)) {
        const lists = byPlace.get(place)
        const list = lists?.get(key)
        list?.postings.delete(posting)
        if (list?.postings.size === 0) lists?.delete(key)
        if (lists?.size === 0) byPlace.delete(place)
      }
    },
    covering: (action, tell) => {
      for (const place of new Set([EVERYWHERE, serviceOf(action), action]))
        tellOf(place, action, tell)
    },
  }
}
