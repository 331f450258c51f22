/**
 * Every event shape ever written can still be read, and no shape changes unnoticed.
 *
 * One stored sample per event type and schema version lives in `samples/`, and the shape of each
 * codec in `event-shapes.lock.json`. Both are kept for ever: a changed event is a new version with
 * a new sample.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { EventCodecs } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { shapeOf } from './codec-shape.js'

const here = new URL('.', import.meta.url)
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, here), 'utf8'))
const files = readdirSync(new URL('samples/', here)).sort()
const codecs = Object.entries(EventCodecs)

describe('stored samples', () => {
  it('given every event type, then each has a sample and each sample a type', () => {
    const types = [...new Set(files.map((file) => file.replace(/\.v\d+\.json$/, '')))]
    expect(types.sort()).toEqual(codecs.map(([type]) => type).sort())
  })
  it.each(codecs)(
    'given the sample of %s, then it is decoded and encoded unchanged',
    (type, codec) => {
      const sample = read(`samples/${type}.v1.json`)
      const decoded = codec.decode(sample)
      expect(decoded).toStrictEqual(E.right(sample))
      expect(E.map(codec.encode as (event: unknown) => unknown)(decoded)).toStrictEqual(
        E.right(sample),
      )
    },
  )
  it.each(codecs)(
    'given %s with a member that is not known, then it is read without it',
    (type, codec) => {
      const sample = read(`samples/${type}.v1.json`)
      expect(codec.decode({ ...(sample as object), laterMember: 1 })).toStrictEqual(E.right(sample))
    },
  )
})

describe('the lock of event shapes', () => {
  it('given the codecs, then their shapes are the locked ones', () => {
    const shapes = Object.fromEntries(codecs.map(([type, codec]) => [type, shapeOf(codec)]))
    expect(shapes).toEqual(read('event-shapes.lock.json'))
  })
})
