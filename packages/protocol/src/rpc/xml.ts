/**
 * Answers as XML: one element per member, a list as its element repeated.
 */

export type XmlValue =
  | string
  | number
  | boolean
  | ReadonlyArray<XmlValue>
  | { readonly [member: string]: XmlValue }

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** XML 1.0 has no place for most control characters, nor for half a surrogate pair. */
const escapeText = (text: string): string =>
  text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character)

export const isList = (value: XmlValue): value is ReadonlyArray<XmlValue> => Array.isArray(value)

/** One element, or one for each item of a list. Member names are ours and are names in XML. */
export const toXml = (name: string, value: XmlValue): string => {
  if (isList(value)) return value.map((item) => toXml(name, item)).join('')
  if (typeof value !== 'object') return `<${name}>${escapeText(String(value))}</${name}>`
  const members = Object.entries(value)
  return `<${name}>${members.map(([member, inner]) => toXml(member, inner)).join('')}</${name}>`
}
