/**
 * Names read in place, one after the other into one object: each is what the specification reads.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ARN_CHARACTERS_MAX, requestedResource } from '../arn.js'
import { wideResource } from '../testing/wide.js'
import {
  type Asked,
  EVERYTHING_LENGTH,
  isAccount,
  newAsked,
  readAsked,
  standsAt,
  UNREADABLE_LENGTH,
} from './asked.js'

/** The bytes of the first of four characters in the lowest place. */
const bytesOf = (text: string): number =>
  [0, 1, 2, 3].reduce((bytes, i) => bytes | ((text.charCodeAt(i) & 255) << (8 * i)), 0)

const reversed = (text: string): string => text.split('').reverse().join('')

/** What a name should be read as. */
const expected = (text: string): object => {
  const resource = requestedResource(text)
  if (resource.type === 'Everything')
    return { text, isRam: false, id: '', idLength: EVERYTHING_LENGTH, head: 0, tail: 0, service: 0 }
  if (resource.type === 'Unreadable')
    return { text, isRam: false, id: '', idLength: UNREADABLE_LENGTH, head: 0, tail: 0, service: 0 }
  const { service, region, account, relativeId } = resource.arn
  const id = service === 'ram' ? resource.foldedId : relativeId
  return {
    text,
    fields: [service, region, account],
    isRam: service === 'ram',
    id,
    idLength: id.length,
    head: bytesOf(id),
    tail: bytesOf(reversed(id)),
    service: serviceBytes(text.slice(4, 8)),
  }
}

const isLatin = (text: string): boolean => text.split('').every((one) => one.charCodeAt(0) < 256)

/** What follows a short service counts only where all four are bytes. */
const serviceBytes = (four: string): number => {
  const field = four.slice(0, four.indexOf(':') + 1)
  if (isLatin(four)) return bytesOf(four)
  return field !== '' && isLatin(field) ? bytesOf(field) : bytesOf('::::')
}

/** What stands in the object. */
const read = (asked: Asked): object => {
  const { text, regionEnd, accountEnd, idText, idStart, ...rest } = asked
  const { isRam, idLength, head, tail, service } = rest
  const fields = [...text.slice(4, regionEnd).split(':'), text.slice(regionEnd + 1, accountEnd)]
  const said = { text, isRam, id: idText.slice(idStart), idLength, head, tail, service }
  return idLength < 0 ? { ...said, id: idText } : { ...said, fields }
}

/** Names of few characters, where each colon may be missing, doubled or at either end. */
const crumbs = fc
  .array(fc.constantFrom(':', ':', 'a', 'ram', 'ecs', 'ť', '*', ''), { maxLength: 12 })
  .map((all) => `acs:${all.join('')}`)

const name = fc.oneof(wideResource, crumbs)

const longest = `acs:ecs:r:1:${'x'.repeat(ARN_CHARACTERS_MAX - 12)}`

describe('the resource that is asked for', () => {
  it('given any names one after the other, then each is read as by the specification', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 20 }), (names) => {
        const asked = newAsked()
        const all = names.map((one) => {
          readAsked(asked, one)
          return read(asked)
        })
        expect(all).toEqual(names.map(expected))
      }),
    )
  })

  it.each([
    'acs:ecs:r:1:i',
    'acs:ecs:r:1:ab',
    'acs:ecs:r:1:abc',
    'acs:ecs:r:1:abcd',
    'acs:ecs:r:1:abcde',
    'acs:ram::1:User/日本',
    'acs:ram::1:ÄÖ日',
    'acs:a:r:1:abcde',
    'acs:ab:r:1:abcde',
    'acs:abcd:r:1:abcde',
    'acs:::r:1:abcde',
    'acs::ab:r:1:abcde',
    'acs:Ā\0\0\0:r:1:abcde',
    'acs:ÿ:ť:1:abcde',
    'acs::e:r:1:abcde',
    'acs:e::r:1:abcde',
    'acs:ť:r:1:abcde',
    'acs:eť:r:1:abcde',
    'acs:ecť:r:1:abcde',
    'acs:ec:ť:1:abcde',
    'acs:e:rť:1:abcde',
    'acs:e:ť:1:abcde',
    'acs:ecs::1:abcde',
    'acs:ecs:r::abcde',
    'acs:ecs:::abcde',
    'acs:ecs:r:1:',
    'acs:ecs:r:1',
    'acs:ecs:r',
    'acs:ecs:',
    'acs:ecs',
    'acs:',
    'Acs:ecs:r:1:abcde',
    'aCs:ecs:r:1:abcde',
    'acS:ecs:r:1:abcde',
    'acs;ecs:r:1:abcde',
    'ášc:ecs:r:1:abcde',
    '*',
    '',
    longest,
    `${longest}x`,
  ])('given %s, then it is read as by the specification', (text) => {
    const asked = newAsked()
    for (const one of ['acs:ram:r:1:abcde', text]) readAsked(asked, one)
    expect(read(asked)).toEqual(expected(text))
  })

  it('given the account of a name, then it is that one and no longer or shorter one', () => {
    const asked = newAsked()
    readAsked(asked, 'acs:ecs:r:123:1234')
    const accounts = ['123', '12', '1234', '23', '', '124', '023', 'r']
    expect(accounts.filter((account) => isAccount(asked, account))).toEqual(['123'])
    readAsked(asked, 'acs:ecs:r::1234')
    expect(accounts.filter((account) => isAccount(asked, account))).toEqual([''])
  })

  it('given a text in another, then it stands where it begins, and nowhere past the end', () => {
    const found = [0, 1, 2, 3, 4].filter((at) => standsAt('abab', 'ab', at))
    expect(found).toEqual([0, 2])
    expect(standsAt('abab', 'abc', 2)).toBe(false)
    expect(standsAt('abab', 'ab', 2)).toBe(true)
  })
})
