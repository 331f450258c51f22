/**
 * Patterns: what matches, and how much work a hostile pattern can cause.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesWildcard, stepsToMatch } from './wildcard.js'

/** The definition, by recursion: slow, and obviously right. */
const byDefinition = (pattern: string, text: string): boolean => {
  if (pattern === '') return text === ''
  const [first] = pattern
  const rest = pattern.slice(1)
  if (first === '*')
    return byDefinition(rest, text) || (text !== '' && byDefinition(pattern, text.slice(1)))
  return text !== '' && (first === '?' || first === text[0]) && byDefinition(rest, text.slice(1))
}

const small = (alphabet: string) =>
  fc.string({ unit: fc.constantFrom(...alphabet.split('')), maxLength: 8 })

describe('matchesWildcard', () => {
  it('given a star, then any run matches, also none and across slashes', () => {
    expect(matchesWildcard('b/*', 'b/')).toBe(true)
    expect(matchesWildcard('b/*', 'b/a/c')).toBe(true)
    expect(matchesWildcard('*', '')).toBe(true)
    expect(matchesWildcard('b/*', 'b')).toBe(false)
  })

  it('given a question mark, then exactly one character matches', () => {
    expect(matchesWildcard('inst?', 'inst1')).toBe(true)
    expect(matchesWildcard('inst?', 'inst10')).toBe(false)
    expect(matchesWildcard('inst?', 'inst')).toBe(false)
  })

  it('given a control character, then it is a character like any other', () => {
    expect(matchesWildcard('*?', 'a\u0001')).toBe(true)
    expect(matchesWildcard('a', 'a\u0001')).toBe(false)
  })

  it('given any pattern and text, then the answer is that of the definition', () => {
    fc.assert(
      fc.property(small('ab*?'), small('ab'), (pattern, text) => {
        expect(matchesWildcard(pattern, text)).toBe(byDefinition(pattern, text))
      }),
    )
  })

  it('given characters special to regular expressions, then they mean themselves', () => {
    expect(matchesWildcard('a.c', 'abc')).toBe(false)
    expect(matchesWildcard('a+(b)[c]$', 'a+(b)[c]$')).toBe(true)
  })
})

describe('the work of matching', () => {
  const bound = (pattern: string, text: string) => (pattern.length + 1) * (text.length + 1) + 1

  it('given any pattern and text, then it is at most the product of their lengths', () => {
    fc.assert(
      fc.property(small('ab*?'), small('ab'), (pattern, text) => {
        expect(Math.abs(stepsToMatch(pattern, text))).toBeLessThanOrEqual(bound(pattern, text))
      }),
    )
  })

  it('given one hundred stars in a pattern that fails at its end, then it still is', () => {
    const pattern = `${'a*'.repeat(100)}b`
    const text = 'a'.repeat(2000)
    expect(matchesWildcard(pattern, text)).toBe(false)
    expect(Math.abs(stepsToMatch(pattern, text))).toBeLessThan(3 * text.length)
  })

  it('given a long tail after a star that almost matches everywhere, then it still is', () => {
    const pattern = `*${'a'.repeat(100)}b`
    const text = 'a'.repeat(2000)
    expect(Math.abs(stepsToMatch(pattern, text))).toBeLessThanOrEqual(bound(pattern, text))
  })
})
