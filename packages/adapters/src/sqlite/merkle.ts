/**
 * The Merkle tree of RFC 9162: hashes, proofs that an event is in a tree or that one tree begins
 * another, and their checks.
 *
 * A range [start, end) of leaves has one hash whatever computed it. Proofs ask for such hashes and
 * nothing else.
 */
import { createHash, hash as hashOnce } from 'node:crypto'

export type Hash = Uint8Array

/**
 * The hash of the leaves from `start` (inclusive) to `end` (exclusive); `end` is greater than
 * `start`.
 */
export type RangeHash = (start: number, end: number) => Hash

/** The root of a tree without leaves. */
export const EMPTY_ROOT: Hash = createHash('sha256').digest()

const NODE_PREFIX = 0x01
const HASH_BYTES = 32

/** The hash of a leaf. The text stands for its UTF-8 bytes. */
export const leafHash = (leaf: string): Hash => hashOnce('sha256', `\0${leaf}`, 'buffer')

export const nodeHash = (left: Hash, right: Hash): Hash => {
  nodeBytes.set(left, 1)
  nodeBytes.set(right, 1 + HASH_BYTES)
  return hashOnce('sha256', nodeBytes, 'buffer')
}
const nodeBytes = new Uint8Array(1 + 2 * HASH_BYTES).fill(NODE_PREFIX)

export const sameHash = (a: Hash, b: Hash): boolean => Buffer.compare(a, b) === 0

/** The hash of a range from those that are known; `known` must know every single leaf. */
export const rangeHash =
  (known: (start: number, length: number) => Hash | null): RangeHash =>
  (start, end) => {
    const found = known(start, end - start)
    if (found !== null) return found
    if (end - start <= 1) throw new RangeError(`leaf ${start} is not known`)
    const middle = start + splitOf(end - start)
    const range = rangeHash(known)
    return nodeHash(range(start, middle), range(middle, end))
  }

/** Shows that leaf `index` is in the tree of the first `size` leaves. */
export const inclusionProof = (range: RangeHash, index: number, size: number): Array<Hash> => {
  const path = (start: number, end: number): Array<Hash> => {
    if (end - start <= 1) return []
    const middle = start + splitOf(end - start)
    return index < middle
      ? [...path(start, middle), range(middle, end)]
      : [...path(middle, end), range(start, middle)]
  }
  return path(0, size)
}

/** Shows that the tree of the first `first` leaves begins the tree of the first `second`. */
export const consistencyProof = (range: RangeHash, first: number, second: number): Array<Hash> => {
  const path = (start: number, end: number, whole: boolean): Array<Hash> => {
    if (first === end) return whole ? [] : [range(start, end)]
    const middle = start + splitOf(end - start)
    return first <= middle
      ? [...path(start, middle, whole), range(middle, end)]
      : [...path(middle, end, false), range(start, middle)]
  }
  return first === 0 ? [] : path(0, second, true)
}

/** Whether a leaf with this hash is leaf `index` of the tree with this size and root. */
export const verifyInclusion = (
  leaf: Hash,
  index: number,
  size: number,
  proof: ReadonlyArray<Hash>,
  root: Hash,
): boolean => {
  if (!isIndex(index, size)) return false
  let node = index
  let last = size - 1
  let hash = leaf
  for (const sibling of proof) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash)
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        last = Math.floor(last / 2)
      }
    } else {
      hash = nodeHash(hash, sibling)
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && sameHash(hash, root)
}

/** Whether the tree with the first size and root begins the tree with the second. */
export const verifyConsistency = (
  first: { readonly size: number; readonly root: Hash },
  second: { readonly size: number; readonly root: Hash },
  proof: ReadonlyArray<Hash>,
): boolean => {
  if (first.size > second.size) return false
  if (first.size === second.size) return proof.length === 0 && sameHash(first.root, second.root)
  if (first.size === 0) return proof.length === 0 && sameHash(first.root, EMPTY_ROOT)

  const path = isPowerOfTwo(first.size) ? [first.root, ...proof] : proof
  const [start, ...siblings] = path
  return start !== undefined && joins(start, siblings, first, second)
}

const joins = (
  start: Hash,
  siblings: ReadonlyArray<Hash>,
  first: { readonly size: number; readonly root: Hash },
  second: { readonly size: number; readonly root: Hash },
): boolean => {
  let node = first.size - 1
  let last = second.size - 1
  while (node % 2 === 1) {
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  let older = start
  let newer = start
  for (const sibling of siblings) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      older = nodeHash(sibling, older)
      newer = nodeHash(sibling, newer)
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        last = Math.floor(last / 2)
      }
    } else {
      newer = nodeHash(newer, sibling)
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && sameHash(older, first.root) && sameHash(newer, second.root)
}

const isIndex = (index: number, size: number): boolean =>
  Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size

/** The largest power of two below n, for n of at least 2. */
export const splitOf = (n: number): number => {
  let split = 1
  while (split * 2 < n) split *= 2
  return split
}

const isPowerOfTwo = (n: number): boolean => splitOf(n) * 2 === n || n === 1
