/**
 * The columns of the actions that were asked about last, found without the hash of the action's
 * text, which of a fresh text takes longer to make than the rest of the search.
 *
 * Each action has one place, which it shares with others; who came last is there.
 */
import type { Column } from './column.js'

export type KnownActions = {
  find(action: string): Column | undefined
  keep(action: string, column: Column): void
  forget(): void
}

/** Shorter ones are not looked for here: they lack some of the characters that tell the place. */
const CHARACTERS_MIN = 8

/** Reads of each part of the name, service, verb and noun, where names mostly differ. */
const mixed = (action: string): number => {
  const { length } = action
  const outer =
    action.charCodeAt(0) |
    (action.charCodeAt(4) << 8) |
    (action.charCodeAt(length - 1) << 16) |
    (action.charCodeAt(length - 5) << 24)
  const inner =
    length |
    (action.charCodeAt(1) << 8) |
    (action.charCodeAt(6) << 16) |
    (action.charCodeAt(length - 3) << 24)
  return Math.imul(outer, 0x9e3779b1) ^ Math.imul(inner, 0x85ebca6b)
}

/** With so many places, as a power of two. */
export const newKnownActions = (placesBits: number): KnownActions => {
  const size = 2 ** placesBits
  const actions: Array<string> = Array.from({ length: size }, () => '')
  const columns: Array<Column | undefined> = Array.from({ length: size }, () => undefined)
  const placeOf = (action: string): number => (mixed(action) >>> 16) & (size - 1)

  return {
    find: (action) => {
      if (action.length < CHARACTERS_MIN) return undefined
      const place = placeOf(action)
      return actions[place] === action ? columns[place] : undefined
    },
    keep: (action, column) => {
      if (action.length < CHARACTERS_MIN) return
      const place = placeOf(action)
      actions[place] = action
      columns[place] = column
    },
    forget: () => {
      actions.fill('')
      columns.fill(undefined)
    },
  }
}
