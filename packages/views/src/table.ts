/**
 * A keyed table of a view: a map that remembers which keys changed.
 *
 * Values are JSON and never changed in place: a changed row is a new value under the same key.
 */

export type Table<Value> = {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  delete(key: string): void
  entries(): IterableIterator<[string, Value]>
  size(): number
  /** The keys that were set or deleted since they were last taken. */
  takeChangedKeys(): ReadonlyArray<string>
}

export const table = <Value>(): Table<Value> => {
  const rows = new Map<string, Value>()
  let changed = new Set<string>()
  return {
    get: (key) => rows.get(key),
    set: (key, value) => {
      rows.set(key, value)
      changed.add(key)
    },
    delete: (key) => {
      if (rows.delete(key)) changed.add(key)
    },
    entries: () => rows.entries(),
    size: () => rows.size,
    takeChangedKeys: () => {
      const taken = [...changed]
      changed = new Set()
      return taken
    },
  }
}
