/**
 * Ids ordered by the position that brought each of them in: the backbone of paged lists.
 *
 * Invariant: a page starts after a position, not after an element, so that it stays right while
 * elements come and go.
 * Cost: O(log n) to find the start of a page and O(page) to fill it; adding and removing moves at
 * most one chunk.
 */

/**
 * How many elements one chunk holds. Unit: elements. Small enough to move within a microsecond or
 * so.
 */
const CHUNK_ELEMENTS_MAX = 512

type Chunk = { readonly positions: Array<number>; readonly ids: Array<string> }

export type IdPage = { readonly ids: ReadonlyArray<string>; readonly next?: number }

export type OrderedList = {
  add(position: number, id: string): void
  remove(position: number): void
  /**
   * Up to `limit` ids that `keep` accepts, from those after a position; `next` is there when more
   * follow.
   */
  page(after: number, limit: number, keep?: (id: string) => boolean): IdPage
  size(): number
}

export const orderedList = (): OrderedList => {
  const chunks: Array<Chunk> = []
  let size = 0

  const add = (position: number, id: string): void => {
    const at = Math.min(chunkReaching(chunks, position), chunks.length - 1)
    const chunk = chunks[at]
    size += 1
    if (chunk === undefined || isFullAndPassed(chunk, position)) {
      chunks.push({ positions: [position], ids: [id] })
      return
    }
    const place = firstAtLeast(chunk.positions, position)
    chunk.positions.splice(place, 0, position)
    chunk.ids.splice(place, 0, id)
    if (chunk.positions.length > CHUNK_ELEMENTS_MAX) chunks.splice(at + 1, 0, upperHalf(chunk))
  }

  const remove = (position: number): void => {
    const at = chunkReaching(chunks, position)
    const chunk = chunks[at]
    if (chunk === undefined) return
    const place = firstAtLeast(chunk.positions, position)
    if (chunk.positions[place] !== position) return
    chunk.positions.splice(place, 1)
    chunk.ids.splice(place, 1)
    if (chunk.positions.length === 0) chunks.splice(at, 1)
    size -= 1
  }

  return {
    add,
    remove,
    page: (after, limit, keep) => pageOf(chunks, after, limit, keep),
    size: () => size,
  }
}

const pageOf = (
  chunks: ReadonlyArray<Chunk>,
  after: number,
  limit: number,
  keep: ((id: string) => boolean) | undefined,
): IdPage => {
  const ids: Array<string> = []
  let last = after
  for (let at = chunkReaching(chunks, after + 1); at < chunks.length; at += 1) {
    const { positions, ids: candidates } = chunks[at] as Chunk
    for (let i = firstAtLeast(positions, after + 1); i < positions.length; i += 1) {
      const id = candidates[i] as string
      if (keep !== undefined && !keep(id)) continue
      if (ids.length >= limit) return { ids, next: last }
      ids.push(id)
      last = positions[i] as number
    }
  }
  return { ids }
}

/**
 * The first chunk whose last position is not below `position`; the number of chunks when there is
 * none.
 */
const chunkReaching = (chunks: ReadonlyArray<Chunk>, position: number): number => {
  let low = 0
  let high = chunks.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const last = (chunks[middle] as Chunk).positions.at(-1) as number
    if (last < position) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The first index whose value is not below `wanted`, in ascending numbers; their count when there
 * is none.
 */
export const firstAtLeast = (ascending: ReadonlyArray<number>, wanted: number): number => {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] as number) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

const isFullAndPassed = (chunk: Chunk, position: number): boolean =>
  chunk.positions.length >= CHUNK_ELEMENTS_MAX && (chunk.positions.at(-1) as number) < position

const upperHalf = (chunk: Chunk): Chunk => {
  const middle = chunk.positions.length >>> 1
  return { positions: chunk.positions.splice(middle), ids: chunk.ids.splice(middle) }
}
