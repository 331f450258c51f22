/** The tree: known roots, proofs that hold, and proofs that must not. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  consistencyProof,
  EMPTY_ROOT,
  type Hash,
  inclusionProof,
  leafHash,
  rangeHash,
  sameHash,
  verifyConsistency,
  verifyInclusion,
} from './merkle.js'
import { growingTree, hashesOfTile, hashOfAll, TILE_HASHES, tiledRange } from './tiles.js'

const leaves = (count: number): ReadonlyArray<Hash> =>
  Array.from({ length: count }, (_, i) => leafHash(`event ${i}`))
const plain = (hashes: ReadonlyArray<Hash>) =>
  rangeHash((start, length) => (length === 1 ? (hashes[start] ?? null) : null))
const hex = (hash: Hash): string => Buffer.from(hash).toString('hex')
const rootOf = (hashes: ReadonlyArray<Hash>): Hash =>
  hashes.length === 0 ? EMPTY_ROOT : plain(hashes)(0, hashes.length)

/** The leaves and roots of Certificate Transparency's published test vectors. */
const KNOWN_LEAVES = ['', '\x00', '\x10', '\x20\x21', '\x30\x31', '\x40\x41\x42\x43'].concat([
  '\x50\x51\x52\x53\x54\x55\x56\x57',
  '\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f',
])
const KNOWN_ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const sizes = fc.integer({ min: 1, max: 700 })

describe('the tree', () => {
  it('given the published leaves, then each root is the published one', () => {
    const hashes = KNOWN_LEAVES.map(leafHash)
    for (let size = 0; size <= hashes.length; size += 1)
      expect(hex(rootOf(hashes.slice(0, size)))).toBe(KNOWN_ROOTS[size])
  })

  it('a growing tree has the root of a tree made at once', () => {
    const hashes = leaves(3 * TILE_HASHES + 5)
    const tree = growingTree(0, [])
    expect(sameHash(tree.root(), EMPTY_ROOT)).toBe(true)
    hashes.forEach((hash, i) => {
      tree.add(hash)
      if (i % 37 === 0 || i % TILE_HASHES < 2)
        expect(hex(tree.root())).toBe(hex(rootOf(hashes.slice(0, i + 1))))
    })
    expect(tree.size()).toBe(hashes.length)
  })

  it('a tree that goes on from its tiles has the same root', () => {
    const hashes = leaves(2 * TILE_HASHES + 9)
    const tiles = [0, 1].map((n) => hashes.slice(n * TILE_HASHES, (n + 1) * TILE_HASHES))
    const tree = growingTree(2 * TILE_HASHES, [[], tiles.map(hashOfAll)])
    for (const hash of hashes.slice(2 * TILE_HASHES)) tree.add(hash)
    expect(hex(tree.root())).toBe(hex(rootOf(hashes)))
  })

  it('tiles become full once, hold their hashes, and stay until they are kept', () => {
    const hashes = leaves(2 * TILE_HASHES)
    const tree = growingTree(0, [])
    for (const hash of hashes) tree.add(hash)
    expect(tree.fullTiles().map(({ level, number }) => [level, number])).toEqual([
      [0, 0],
      [0, 1],
    ])
    const second = tree.fullTiles()[1]?.hashes ?? new Uint8Array()
    expect(hashesOfTile(second).map(hex)).toEqual(hashes.slice(TILE_HASHES).map(hex))
    tree.tilesKept()
    expect(tree.fullTiles()).toEqual([])
  })

  it('two levels of tiles give the root of a tree made at once', () => {
    const hashes = leaves(TILE_HASHES * TILE_HASHES + 300)
    const tree = growingTree(0, [])
    for (const hash of hashes) tree.add(hash)
    const kept = new Map(tree.fullTiles().map((t) => [`${t.level}/${t.number}`, t.hashes]))
    const range = tiledRange(
      (level, number) => kept.get(`${level}/${number}`) ?? null,
      (index) => hashes[index] ?? new Uint8Array(),
    )
    expect(hex(tree.root())).toBe(hex(rootOf(hashes)))
    expect(hex(range(0, hashes.length))).toBe(hex(rootOf(hashes)))
    expect(kept.has('1/0')).toBe(true)
  })
})

describe('proofs', () => {
  it('a leaf is proved in every tree that holds it, and nowhere else', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), (size, pick, other) => {
        const hashes = leaves(size)
        const index = pick % size
        const leaf = hashes[index] ?? EMPTY_ROOT
        const root = rootOf(hashes)
        const proof = inclusionProof(plain(hashes), index, size)
        expect(verifyInclusion(leaf, index, size, proof, root)).toBe(true)
        expect(verifyInclusion(leafHash('other'), index, size, proof, root)).toBe(false)
        expect(verifyInclusion(leaf, index, size, [...proof, leaf], root)).toBe(false)
        if (proof.length > 0)
          expect(verifyInclusion(leaf, index, size, proof.slice(1), root)).toBe(false)
        const elsewhere = other % size
        if (elsewhere !== index)
          expect(verifyInclusion(leaf, elsewhere, size, proof, root)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  it('a tree is proved to begin every later one, and not an altered one', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (size, pick) => {
        const hashes = leaves(size)
        const first = { size: pick % (size + 1), root: rootOf(hashes.slice(0, pick % (size + 1))) }
        const second = { size, root: rootOf(hashes) }
        const proof = consistencyProof(plain(hashes), first.size, size)
        expect(verifyConsistency(first, second, proof)).toBe(true)
        const altered = { size: first.size, root: leafHash('other') }
        expect(verifyConsistency(altered, second, proof)).toBe(false)
        expect(verifyConsistency(first, second, [...proof, second.root])).toBe(false)
        if (first.size < size) expect(verifyConsistency(second, first, proof)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })
})
