/** Which texts are read as XML at all. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseXml, xmlOfBase64 } from './xml.js'

const read = (text: string): string =>
  parseXml(xmlOfBase64(Buffer.from(text, 'utf8').toString('base64'), 1_000)).localName

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

describe('a text', () => {
  it.each([
    ['that declares nothing', '<a/>'],
    ['that declares UTF-8', `${DECLARATION}<a/>`],
    ['that declares it in small letters', `<?xml version='1.0' encoding='utf-8' ?>\r\n<a/>`],
    ['that declares a version alone', '<?xml version="1.0"?>\n<a/>'],
    ['that stands alone', '<?xml\tversion = "1.0" standalone="yes"?><a/>'],
    ['with a byte order mark', `\uFEFF${DECLARATION}<a/>`],
  ])('%s, then it is read', (_, text) => {
    expect(read(text)).toBe('a')
  })
  it.each([
    ['that declares twice', `${DECLARATION}${DECLARATION}<a/>`, 'one XML declaration'],
    ['that declares further on', `\n${DECLARATION}<a/>`, 'further on'],
    ['that declares inside', `<a>${DECLARATION}</a>`, 'further on'],
    ['that declares at its end', `<a/>${DECLARATION}`, 'further on'],
    ['with an instruction', `${DECLARATION}<?x y?><a/>`, 'processing instructions'],
    ['that begins with one', '<?xml-stylesheet href="x"?><a/>', 'processing instructions'],
    ['of XML 1.1', '<?xml version="1.1"?><a/>', 'version 1.0'],
    ['of no version', '<?xml encoding="UTF-8"?><a/>', 'version 1.0'],
    ['in another encoding', '<?xml version="1.0" encoding="UTF-7"?><a/>', 'UTF-8'],
    ['whose quotes do not match', `<?xml version="1.0'?><a/>`, 'version 1.0'],
    ['whose order is another', '<?xml version="1.0" standalone="no" encoding="UTF-8"?><a/>', 'one'],
    ['whose declaration has no end', '<?xml version="1.0"<a/>', 'one XML declaration'],
    ['that is declared in capitals', '<?XML version="1.0"?><a/>', 'processing instructions'],
    ['that is broken', '<a><b></a>', 'it is not well-formed XML'],
    ['of one declaration', DECLARATION, 'it is not well-formed XML'],
  ])('%s, then it is refused', (_, text, fault) => {
    expect(() => read(text)).toThrow(fault)
  })
  it('of any kind behind a declaration, then it is read as it is without one', () => {
    const answer = (text: string): string => {
      try {
        return read(text)
      } catch {
        return 'refused'
      }
    }
    const piece = fc.constantFrom('<a/>', '<a>', '</a>', '<?x?>', ' ', 'x', '<!-- c -->', '&lt;')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        const text = pieces.join('')
        expect(answer(DECLARATION + text)).toBe(answer(`\n${text}`))
      }),
    )
  })
})
