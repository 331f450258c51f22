/** The envelope: what is stored comes back as it was given, and no other event passes for one. */
import type { ResolvedEvent } from '@eventstore/db-client'
import type { NewEvent } from '@grantlog/engine'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { enveloped, unveiled } from './envelope.js'

const ID = '4b7f8a9c-1d2e-4f3a-8b5c-6d7e8f9a0b1c'
const CREATED = 1_700_000_000_000

/** What the client gives back for an event, after its own JSON. */
const asStored = (event: NewEvent, notBefore = 0, change: object = {}): ResolvedEvent => {
  const { id, type, data, metadata } = enveloped(event, notBefore)
  const throughJson = (value: unknown) => JSON.parse(JSON.stringify(value))
  const position = { commit: 10n, prepare: 10n }
  const recorded = {
    ...{ streamId: 'account-1', id, type, isJson: true, revision: 3n, position },
    ...{ created: new Date(CREATED), data: throughJson(data), metadata: throughJson(metadata) },
  }
  return { event: { ...recorded, ...change } } as ResolvedEvent
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2)

const eventOf = (data: string, metadata = '{}'): NewEvent => ({
  id: ID,
  type: 'Noted',
  schemaVersion: 7,
  data,
  metadata,
})

const placed = { stream: 'account-1', revision: 3, position: 10, recordedAt: CREATED }

describe('an event in its envelope', () => {
  it('encode then decode is identity, for JSON and for any other text', () => {
    const text = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.jsonValue().map(pretty))
    fc.assert(
      fc.property(text, text, (data, metadata) => {
        const event = eventOf(data, metadata)
        expect(unveiled(asStored(event))).toEqual(E.right({ ...event, ...placed }))
      }),
    )
  })

  it('given JSON as it is usually spelled, then the server holds it as JSON', () => {
    const { contentType, data, metadata } = enveloped(eventOf('{"a":[1,null]}', '{"b":2}'), 5)
    expect(contentType).toBe('application/json')
    expect(data).toEqual({ a: [1, null] })
    expect(metadata).toEqual({ schemaVersion: 7, notBefore: 5, metadata: { b: 2 } })
  })

  it('given texts that JSON can not spell, then the client is never handed what it can not', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    for (const data of ['', 'no json', '1.0', ' {}', '{"a":1,"a":2}', '-0', deep]) {
      const event = eventOf(data)
      expect(JSON.stringify(enveloped(event, 0).data)).toBe('null')
      expect(unveiled(asStored(event))).toEqual(E.right({ ...event, ...placed }))
    }
  })

  it('given an id in capitals, then it is kept as the server keeps it', () => {
    expect(enveloped({ ...eventOf('1'), id: ID.toUpperCase() }, 0).id).toBe(ID)
  })

  it('given a clock behind what the writer had seen, then the later time counts', () => {
    const later = CREATED + 5
    expect(unveiled(asStored(eventOf('1'), later))).toMatchObject({ right: { recordedAt: later } })
    const earlier = CREATED - 5
    expect(unveiled(asStored(eventOf('1'), earlier))).toMatchObject({
      right: { recordedAt: CREATED },
    })
  })
})

describe('an event of others', () => {
  it("given the server's own streams, links and deleted targets, then it is passed over", () => {
    expect(unveiled(asStored(eventOf('1'), 0, { streamId: '$stats-1' }))).toBeNull()
    expect(unveiled(asStored(eventOf('1'), 0, { type: '$>' }))).toBeNull()
    expect(unveiled({})).toBeNull()
  })

  it('given no envelope, another content, or a position past 2^53, then it is a fault', () => {
    const unsafe = { commit: 2n ** 53n, prepare: 2n ** 53n }
    for (const change of [
      { metadata: undefined },
      { metadata: { schemaVersion: '7' } },
      { metadata: { schemaVersion: 1.5, notBefore: 0, metadata: {} } },
      { isJson: false },
      { position: unsafe },
      { position: undefined },
    ])
      expect(unveiled(asStored(eventOf('1'), 0, change))).toMatchObject({ _tag: 'Left' })
  })
})
