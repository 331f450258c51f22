/**
 * The tree as it grows: 256 hashes to a tile, 256 tiles to a tile of the next level, and the
 * unfinished ends in memory.
 *
 * A tile of level L holds the hashes of 256 subtrees of 256^L leaves each. Full tiles never change.
 */
import { EMPTY_ROOT, type Hash, nodeHash, type RangeHash, rangeHash, splitOf } from './merkle.js'

export const TILE_HASHES = 256
const HASH_BYTES = 32

export type Tile = { readonly level: number; readonly number: number; readonly hashes: Uint8Array }

export type GrowingTree = {
  readonly size: () => number
  readonly add: (leaf: Hash) => void
  /** The root of everything added so far. */
  readonly root: () => Hash
  /** Tiles that have become full and are not kept yet. */
  readonly fullTiles: () => ReadonlyArray<Tile>
  /** The full tiles are on disk. */
  readonly tilesKept: () => void
}

/**
 * Goes on from the full tiles of level 0: `size` leaves, and the root hash of each tile of each
 * level above.
 */
export const growingTree = (
  size: number,
  ends: ReadonlyArray<ReadonlyArray<Hash>>,
): GrowingTree => {
  const open: Array<Array<Hash>> = ends.map((hashes) => [...hashes])
  let full: Array<Tile> = []
  let count = size

  const push = (level: number, number: number, hash: Hash): void => {
    const hashes = open[level] ?? []
    open[level] = hashes
    hashes.push(hash)
    if (hashes.length < TILE_HASHES) return
    open[level] = []
    const tile = Math.floor(number / TILE_HASHES)
    full.push({ level, number: tile, hashes: Buffer.concat(hashes) })
    push(level + 1, tile, hashOfAll(hashes))
  }

  return {
    size: () => count,
    add: (leaf) => {
      push(0, count, leaf)
      count += 1
    },
    root: () => {
      const peaks = open.flatMap((hashes) => [...peaksOf(hashes)].reverse())
      const [smallest, ...larger] = peaks
      if (smallest === undefined) return EMPTY_ROOT
      return larger.reduce((right, left) => nodeHash(left, right), smallest)
    },
    fullTiles: () => full,
    tilesKept: () => {
      full = []
    },
  }
}

/** The hash of a range from tiles; `leaf` answers for what no tile holds. */
export const tiledRange = (
  tile: (level: number, number: number) => Uint8Array | null,
  leaf: (index: number) => Hash,
): RangeHash =>
  rangeHash((start, length) => {
    const level = levelOf(length)
    if (level === null || start % length !== 0) return null
    const index = start / length
    const hashes = tile(level, Math.floor(index / TILE_HASHES))
    if (hashes !== null) return hashInTile(hashes, index % TILE_HASHES)
    return length === 1 ? leaf(start) : null
  })

export const hashInTile = (hashes: Uint8Array, index: number): Hash =>
  hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)

export const hashesOfTile = (hashes: Uint8Array): ReadonlyArray<Hash> =>
  Array.from({ length: hashes.length / HASH_BYTES }, (_, i) => hashInTile(hashes, i))

/** The hash of the subtree over hashes, in order. At least one. */
export const hashOfAll = (hashes: ReadonlyArray<Hash>): Hash =>
  rangeHash((start, length) => (length === 1 ? (hashes[start] ?? null) : null))(0, hashes.length)

/** The perfect subtrees of a list, largest first. */
const peaksOf = (hashes: ReadonlyArray<Hash>): ReadonlyArray<Hash> => {
  const peaks: Array<Hash> = []
  for (let start = 0; start < hashes.length; ) {
    const rest = hashes.length - start
    const size = rest === 1 ? 1 : 2 * splitOf(rest) === rest ? rest : splitOf(rest)
    peaks.push(hashOfAll(hashes.slice(start, start + size)))
    start += size
  }
  return peaks
}

/** L when the length is 256^L, else null. */
const levelOf = (length: number): number | null => {
  let level = 0
  for (let size = 1; size < length; size *= TILE_HASHES) level += 1
  return TILE_HASHES ** level === length ? level : null
}
