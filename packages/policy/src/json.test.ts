/** Strict JSON: what a text may be, and that no member hides another. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { JSON_DEPTH_MAX, parseJson } from './json.js'

const LIMIT = 10_000

describe('parseJson', () => {
  it('given any JSON, however it is spaced, then it is the value', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6, depthSize: 'small' }),
        fc.constantFrom(0, 1, '\t'),
        (value, space) => {
          const text = JSON.stringify(value, null, space)
          fc.pre(!text.includes('"__proto__":'))
          expect(parseJson(text, text.length)).toEqual(E.right(JSON.parse(text)))
        },
      ),
    )
  })

  it('given a member twice at any place, then it is refused by its pointer', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.jsonValue({ maxDepth: 2 }), (outer, name, value) => {
        fc.pre(outer !== '__proto__' && name !== '__proto__')
        const member = `${JSON.stringify(name)} : ${JSON.stringify(value)}`
        const text = `[1, {${JSON.stringify(outer)}: {${member}, ${member}}}]`
        const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')
        expect(parseJson(text, LIMIT)).toEqual(
          E.left({
            type: 'JsonMalformed',
            path: `/1/${escaped(outer)}/${escaped(name)}`,
            fault: 'member given twice',
          }),
        )
      }),
    )
  })

  it.each([
    ['{"a":1,"\\u0061":2}', '/a', 'member given twice'],
    ['{"a":{"__proto__":1}}', '/a/__proto__', 'member name not allowed'],
    ['{"\\u005f_proto__":{}}', '/__proto__', 'member name not allowed'],
    ['{"a":1,"a":{":":1}}', '/a', 'member given twice'],
    ['{"a":":","b":"\\":{","b":1}', '/b', 'member given twice'],
  ])('given %s, then %s is refused: %s', (text, path, fault) => {
    expect(parseJson(text, LIMIT)).toEqual(E.left({ type: 'JsonMalformed', path, fault }))
  })

  it.each(['', '{', '{"a":1,}', "{'a':1}", '{"a" 1}', '"\\"', '[1,,2]', 'NaN', '{"a":1}{'])(
    'given %s, then it is not JSON',
    (text) => {
      const answer = parseJson(text, LIMIT)
      expect(answer).toEqual(E.left({ type: 'JsonMalformed', path: '', fault: 'not JSON' }))
    },
  )

  it('given arrays nested too deep, or brackets in a text, then only the first are refused', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
    expect(E.isRight(parseJson(nested(JSON_DEPTH_MAX), LIMIT))).toBe(true)
    expect(parseJson(nested(JSON_DEPTH_MAX + 1), LIMIT)).toEqual(
      E.left({ type: 'JsonMalformed', path: '', fault: `nests deeper than ${JSON_DEPTH_MAX}` }),
    )
    const text = JSON.stringify(`\\"${nested(40)}`)
    expect(parseJson(text, LIMIT)).toEqual(E.right(JSON.parse(text)))
  })

  it('given arrays nested too deep anywhere, then they are found', () => {
    const deep = `${'['.repeat(JSON_DEPTH_MAX)}${']'.repeat(JSON_DEPTH_MAX)}`
    const places = [`["a",${deep}]`, `["a\\\\",${deep}]`, `[${deep},[]]`, `[1,2,345678,${deep}]`]
    for (const text of places)
      expect(parseJson(text, LIMIT)).toEqual(
        E.left({ type: 'JsonMalformed', path: '', fault: `nests deeper than ${JSON_DEPTH_MAX}` }),
      )
  })

  it('given many arrays beside each other, then they do not nest', () => {
    const text = `[${Array.from({ length: 3 * JSON_DEPTH_MAX }, () => '[]').join()}]`
    expect(parseJson(text, LIMIT)).toEqual(E.right(JSON.parse(text)))
  })

  it('given more characters than allowed, then nothing is parsed', () => {
    expect(parseJson('[1,2]', 4)).toEqual(E.left({ type: 'JsonTooLong', length: 5, limit: 4 }))
  })
})
