/**
 * Every event shape ever written can still be read, and no shape changes unnoticed.
 *
 * One stored sample per event type and schema version lives in `samples/`, and the shape of each
 * codec in `event-shapes.lock.json`. Both are kept for ever: a changed event is a new version with
 * a new sample.
 */
import { readdirSync, readFileSync } from 'node:fs'
import {
  AccessRecordedV1,
  AccessRecordedV2,
  AccessRecordedV3,
  EventCodecs,
  RoleAssumedV1,
  RoleCreatedV1,
  RoleTrustChangedV1,
  readerOf,
  SignedInV1,
  schemaVersionOf,
  VirtualMFADeviceCreatedV1,
} from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { describe, expect, it } from 'vitest'
import { shapeOf } from './codec-shape.js'

const here = new URL('.', import.meta.url)
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, here), 'utf8'))
const files = readdirSync(new URL('samples/', here)).sort()
const codecs = Object.entries(EventCodecs)
const isType = (type: string): type is keyof typeof EventCodecs => type in EventCodecs

/** The types in the versions in which they are written today. */
const current = codecs.map(([type, codec]) => {
  if (!isType(type)) throw new Error(type)
  return [`${type}.v${schemaVersionOf(type)}`, codec] as const
})

/** Shapes that are written no more, and read for ever. */
const OLD: ReadonlyArray<readonly [name: string, codec: t.Mixed]> = [
  ['AccessRecorded.v1', AccessRecordedV1],
  ['AccessRecorded.v2', AccessRecordedV2],
  ['AccessRecorded.v3', AccessRecordedV3],
  ['RoleCreated.v1', RoleCreatedV1],
  ['RoleTrustChanged.v1', RoleTrustChangedV1],
  ['RoleAssumed.v1', RoleAssumedV1],
  ['SignedIn.v1', SignedInV1],
  ['VirtualMFADeviceCreated.v1', VirtualMFADeviceCreatedV1],
]

describe('stored samples', () => {
  it('given every version of every event type, then each has a sample and each sample a type', () => {
    const names = [...current, ...OLD].map(([name]) => `${name}.json`)
    expect(files).toEqual(names.sort())
  })
  it.each([...current, ...OLD])(
    'given the sample of %s, then it is decoded and encoded unchanged',
    (name, codec) => {
      const sample = read(`samples/${name}.json`)
      const decoded = codec.decode(sample)
      expect(decoded).toStrictEqual(E.right(sample))
      expect(E.map(codec.encode as (event: unknown) => unknown)(decoded)).toStrictEqual(
        E.right(sample),
      )
    },
  )
  it.each([...current, ...OLD])(
    'given %s with a member that is not known, then it is read without it',
    (name, codec) => {
      const sample = read(`samples/${name}.json`)
      expect(codec.decode({ ...(sample as object), laterMember: 1 })).toStrictEqual(E.right(sample))
    },
  )
  it.each(OLD)('given %s, then it is read as an event of today', (name) => {
    const [type = '', version = ''] = name.split('.v')
    if (!isType(type)) throw new Error(type)
    const event = readerOf(type, Number(version))?.(read(`samples/${name}.json`))
    if (event === undefined || E.isLeft(event)) throw new Error(`${name} is not read`)
    expect(EventCodecs[type].decode(event.right)).toStrictEqual(event)
    expect(readerOf(type, 1 + schemaVersionOf(type))).toBeUndefined()
  })
  it('given the first record of access, then all it told is still told', () => {
    expect(readerOf('AccessRecorded', 1)?.(read('samples/AccessRecorded.v1.json'))).toMatchObject(
      E.right({
        principals: [{ type: 'Unrecorded' }],
        questions: [{ action: 'ram:CreateUser', resources: ['acs:ram:*:1234567890123456:user/*'] }],
        answers: [{ outcome: 'Denied', code: 'NoPermission' }],
        requestIds: ['04F0F334-1335-436C-A1D7-6C044FE73368'],
        records: { request: [0], question: [0], answer: [0], position: [1234], time: [0] },
      }),
    )
  })
})

describe('the lock of event shapes', () => {
  it('given the codecs, then their shapes are the locked ones', () => {
    const shapes = Object.fromEntries(
      [...codecs, ...OLD].map(([name, codec]) => [name, shapeOf(codec)]),
    )
    expect(shapes).toEqual(read('event-shapes.lock.json'))
  })
})
