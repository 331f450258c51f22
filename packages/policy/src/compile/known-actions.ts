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
const CHARACTERS_MIN = 7

/** Reads characters of the verb and of the noun, where names mostly differ. */
const mixed = (action: string): number => {
  const { length } = action
  const characters =
    action.charCodeAt(1) |
    (action.charCodeAt(4) << 8) |
    (action.charCodeAt(length - 2) << 16) |
    (action.charCodeAt(length - 5) << 24)
  const more = length | (action.charCodeAt(6) << 8)
  return Math.imul(characters, 0x9e3779b1) ^ Math.imul(more, 0x85ebca6b)
}

/** With so many places, as a power of two. */
export const newKnownActions = (placesBits: number): KnownActions => {
  const size = 2 ** placesBits
  /** Of each place the action, then its column: side by side, so that one look finds both. */
  const places: Array<string | Column | undefined> = Array.from({ length: 2 * size })
  const placeOf = (action: string): number => 2 * ((mixed(action) >>> 16) & (size - 1))

  return {
    find: (action) => {
      if (action.length < CHARACTERS_MIN) return undefined
      const place = placeOf(action)
      return places[place] === action ? (places[place + 1] as Column) : undefined
    },
    keep: (action, column) => {
      if (action.length < CHARACTERS_MIN) return
      const place = placeOf(action)
      places[place] = action
      places[place + 1] = column
    },
    forget: () => {
      places.fill(undefined)
    },
  }
}
