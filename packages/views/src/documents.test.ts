/** Parsed documents are shared, forgotten when nobody holds them, and bounded. */
import { allowing } from '@grantlog/domain/testing'
import { describe, expect, it } from 'vitest'
import { heldDocuments, pastDocuments } from './documents.js'

describe('heldDocuments', () => {
  it('given two holders of one text, then it stays parsed until both let go', () => {
    const documents = heldDocuments('identity')
    const text = allowing('oss:*')
    documents.hold(text)
    documents.hold(text)
    const first = documents.document(text)
    documents.release(text)
    expect(documents.document(text)).toBe(first)
    documents.release(text)
    expect(documents.document(text)).not.toBe(first)
    expect(documents.document(text)).toEqual(first)
  })

  it('given a text that does not parse, then nothing is answered, held or not', () => {
    const documents = heldDocuments('trust')
    expect(documents.document('{}')).toBeUndefined()
    documents.hold('{}')
    expect(documents.document('{}')).toBeUndefined()
  })
})

describe('pastDocuments', () => {
  it('given more texts than are kept, then the oldest is parsed again and means the same', () => {
    const documents = pastDocuments('identity', 2)
    const [first, second, third] = [allowing('a:*'), allowing('b:*'), allowing('c:*')]
    const read = (text: string) => documents.document(documents.of(text))
    const before = read(first)
    expect(read(first)).toBe(before)
    read(second)
    read(third)
    expect(read(first)).not.toBe(before)
    expect(read(first)).toEqual(before)
    expect(read(third)).toBe(read(third))
  })

  it('given a text that does not parse, then nothing is answered, however often it is asked', () => {
    const documents = pastDocuments('trust')
    expect(documents.document(documents.of('{}'))).toBeUndefined()
    expect(documents.document(documents.of('{}'))).toBeUndefined()
  })
})
