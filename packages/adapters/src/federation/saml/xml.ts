/**
 * Reading XML from outside: one strict parse, and small questions about the tree.
 *
 * Invariant: no document type, no entity of its own and no CDATA is ever parsed, so that a text has
 * one meaning and a small one.
 */
import { DOMParser } from '@xmldom/xmldom'

export const ASSERTION_NS = 'urn:oasis:names:tc:SAML:2.0:assertion'
export const PROTOCOL_NS = 'urn:oasis:names:tc:SAML:2.0:protocol'
export const METADATA_NS = 'urn:oasis:names:tc:SAML:2.0:metadata'
export const SIGNATURE_NS = 'http://www.w3.org/2000/09/xmldsig#'

/** Most elements of a document. Unit: elements. */
const ELEMENTS_MAX = 5_000

/** What makes a document unreadable; the sentence names it. */
export const unreadable = (detail: string): never => {
  throw new Error(detail)
}

const decoded = (given: string, charactersMax: number): string => {
  const base64 = given.replace(/[\r\n]/g, '')
  if (given.length > charactersMax) unreadable('it is too long')
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length === 0 || bytes.toString('base64') !== base64) unreadable('it is not base64')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return unreadable('it is not UTF-8')
  }
}

const SPACE = String.raw`[ \t\r\n]`

const said = (name: string, value: string): string =>
  `${SPACE}+${name}${SPACE}*=${SPACE}*(?:"${value}"|'${value}')`

/** An XML declaration that says no more than what is so in any case. */
const DECLARATION = new RegExp(
  String.raw`^<\?xml${said('version', String.raw`1\.0`)}(?:${said('encoding', '[Uu][Tt][Ff]-8')})?` +
    String.raw`(?:${said('standalone', '(?:yes|no)')})?${SPACE}*\?>`,
)

/**
 * The document in base64, of its one canonical spelling alone. The declaration that it may begin
 * with is taken off before anything is read or verified: it is no part of what a signature covers.
 */
export const xmlOfBase64 = (given: string, charactersMax: number): string => {
  const text = decoded(given, charactersMax)
  const xml = text.replace(DECLARATION, '')
  if (/^<\?xml\s/.test(xml))
    unreadable('it may have one XML declaration, of version 1.0 and in UTF-8')
  return xml
}

/** The root of a document. `takesComments` is for documents that people write. */
export const parseXml = (text: string, { takesComments = false } = {}): Element => {
  const declarations = takesComments ? /<!(?!--)/ : /<!/
  if (declarations.test(text))
    unreadable('document types, entities, comments and CDATA are not read')
  if (text.includes('<?'))
    unreadable('processing instructions, or a declaration further on, are not read')
  // The parser's own words are not passed on: they are made for those who wrote it.
  const complain = (): never => unreadable('it is not well-formed XML')
  const errorHandler = { warning: complain, error: complain, fatalError: complain }
  const root = new DOMParser({ errorHandler }).parseFromString(text, 'text/xml').documentElement
  if (root === null) return unreadable('it is empty')
  if (root.getElementsByTagName('*').length > ELEMENTS_MAX) unreadable('it has too many elements')
  return root
}

export const childrenOf = (parent: Element): ReadonlyArray<Element> =>
  Array.from(parent.childNodes).filter((node): node is Element => node.nodeType === 1)

/** The children of this name. */
export const named = (parent: Element, namespace: string, name: string): ReadonlyArray<Element> =>
  childrenOf(parent).filter((child) => child.localName === name && child.namespaceURI === namespace)

/** The one child of this name: neither none nor two. */
export const only = (parent: Element, namespace: string, name: string): Element => {
  const [child, ...others] = named(parent, namespace, name)
  return child === undefined || others.length > 0
    ? unreadable(`${parent.localName} must have one ${name}`)
    : child
}

/** The text of an element that has nothing but text in it. */
export const textOf = (element: Element): string => {
  for (const node of Array.from(element.childNodes))
    if (node.nodeType !== 3) unreadable(`${element.localName} must be a text`)
  return (element.textContent ?? '').trim()
}

/** An attribute's value; undefined when it is not there. */
export const attributeOf = (element: Element, name: string): string | undefined =>
  element.hasAttribute(name) ? (element.getAttribute(name) ?? undefined) : undefined

/** A moment as SAML writes it, in UTC; undefined when the attribute is not there. */
export const momentOf = (element: Element, name: string): number | undefined => {
  const text = attributeOf(element, name)
  if (text === undefined) return undefined
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(text)
  const moment = isMoment ? Date.parse(text.replace(/(\.\d{3})\d+Z$/, '$1Z')) : Number.NaN
  return Number.isNaN(moment) ? unreadable(`${name} is no moment in UTC`) : moment
}
