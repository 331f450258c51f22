/**
 * The codec that refuses members it does not know.
 */

import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, expect, it } from 'vitest'
import { closed } from './closed.js'

const Person = closed({ name: t.string }, { age: t.number }, 'Person')

const faults = (u: unknown) => {
  const decoded = Person.decode(u)
  return E.isLeft(decoded)
    ? decoded.left.map(({ context, message }) => [context.map(({ key }) => key).join('/'), message])
    : []
}

describe('closed', () => {
  it('given all required and some optional members, then the object is read', () => {
    expect(Person.decode({ name: 'Ada' })).toEqual(E.right({ name: 'Ada' }))
    expect(Person.decode({ name: 'Ada', age: 36 })).toEqual(E.right({ name: 'Ada', age: 36 }))
    expect(Person.decode({ name: 'Ada', age: undefined })).toEqual(E.right({ name: 'Ada' }))
  })

  it('given an unknown and a missing member, then both are told, the unknown first', () => {
    expect(faults({ nam: 'Ada' })).toEqual([
      ['/nam', 'unknown member'],
      ['/name', 'missing member'],
    ])
  })

  it('given an inherited member, then it does not count', () => {
    expect(faults(Object.create({ name: 'Ada' }))).toEqual([['/name', 'missing member']])
    expect(Person.is(Object.create({ name: 'Ada' }))).toBe(false)
  })

  it('given something else, then it is not an object', () => {
    for (const u of [null, 1, 'Ada', [], undefined]) {
      expect(faults(u)).toEqual([['', 'not an object']])
      expect(Person.is(u)).toBe(false)
    }
  })

  it('given an optional member without a value, then it counts as absent', () => {
    const ada = { name: 'Ada', age: undefined }
    expect(Person.is(ada)).toBe(true)
    expect(Object.keys(Person.encode(ada))).toEqual(['name'])
  })

  it('given a name, then it is what the codec is called', () => {
    expect([Person.name, closed({}).name]).toEqual(['Person', 'Closed'])
  })

  it('given any value, then guard and decoder agree, and encode then decode is identity', () => {
    const json = fc.oneof(
      fc.record({ name: fc.string(), age: fc.integer() }, { requiredKeys: [] }),
      fc.dictionary(fc.constantFrom('name', 'age', 'other'), fc.oneof(fc.string(), fc.integer())),
    )
    fc.assert(
      fc.property(json, (u) => {
        const decoded = Person.decode(u)
        expect(E.isRight(decoded)).toBe(Person.is(u))
        if (E.isRight(decoded)) expect(Person.decode(Person.encode(decoded.right))).toEqual(decoded)
      }),
    )
  })
})
