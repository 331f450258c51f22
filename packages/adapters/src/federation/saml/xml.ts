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

/** The text of base64: of its one canonical spelling alone, and of bytes that are text. */
export const textOfBase64 = (given: string, charactersMax: number): string => {
  const base64 = given.replace(/[\r\n]/g, '')
  if (given.length > charactersMax) unreadable('it is too long')
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length === 0 || bytes.toString('base64') !== base64) unreadable('it is not base64')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return unreadable('it is not UTF-8')
  }
}

/** The root of a document. `takesComments` is for documents that people write. */
export const parseXml = (text: string, { takesComments = false } = {}): Element => {
  const declarations = takesComments ? /<!(?!--)/ : /<!/
  if (declarations.test(text))
    unreadable('document types, entities, comments and CDATA are not read')
  if (/<\?(?!xml )/.test(text.slice(0, 5)) || text.indexOf('<?', 1) !== -1)
    unreadable('processing instructions are not read')
  const complain = (detail: string): never => unreadable(`no XML: ${detail.slice(0, 100)}`)
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
