/**
 * The shape of a SAML response before any signature is looked at: one response, one assertion, and
 * signatures only where they sign what they stand in, by algorithms that are trusted.
 *
 * A wrapped assertion, a second one or a second element of an id is refused here, whatever a
 * signature may say of it.
 */
import {
  ASSERTION_NS,
  attributeOf,
  named,
  only,
  PROTOCOL_NS,
  SIGNATURE_NS,
  unreadable,
} from './xml.js'

const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'

/** For each element of a signature that names an algorithm, those that are trusted. */
const ALGORITHMS: Readonly<Record<string, ReadonlyArray<string>>> = {
  CanonicalizationMethod: [EXCLUSIVE],
  SignatureMethod: [
    'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  ],
  DigestMethod: [
    'http://www.w3.org/2001/04/xmlenc#sha256',
    'http://www.w3.org/2001/04/xmlenc#sha512',
  ],
  Transform: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', EXCLUSIVE],
}

/** Every element of the document, whatever its depth. */
const everyIn = (root: Element): ReadonlyArray<Element> => [
  root,
  ...Array.from(root.getElementsByTagName('*')),
]

const checkIds = (elements: ReadonlyArray<Element>): void => {
  const seen = new Set<string>()
  for (const element of elements)
    for (const { localName, value } of Array.from(element.attributes))
      if (localName?.toLowerCase() === 'id') {
        if (seen.has(value)) unreadable('an id is given twice')
        seen.add(value)
      }
}

const checkSignature = (signature: Element): void => {
  const signed = signature.parentNode as Element
  const id = attributeOf(signed, 'ID')
  const reference = only(only(signature, SIGNATURE_NS, 'SignedInfo'), SIGNATURE_NS, 'Reference')
  if (id === undefined || !/^[A-Za-z_][\w.-]{0,127}$/.test(id)) unreadable('an id is not one')
  if (attributeOf(reference, 'URI') !== `#${id}`)
    unreadable('a signature is not about the element that it stands in')
  for (const [name, trusted] of Object.entries(ALGORITHMS))
    for (const element of Array.from(signature.getElementsByTagNameNS(SIGNATURE_NS, name)))
      if (!trusted.includes(attributeOf(element, 'Algorithm') ?? ''))
        unreadable(`the ${name} is not trusted`)
}

/** Refuses by throwing; answers the destination that the response names. */
export const checkResponse = (root: Element): { readonly destination: string | undefined } => {
  if (root.localName !== 'Response' || root.namespaceURI !== PROTOCOL_NS)
    unreadable('it is no response')
  if (attributeOf(root, 'Version') !== '2.0') unreadable('its version is not 2.0')
  const code = only(only(root, PROTOCOL_NS, 'Status'), PROTOCOL_NS, 'StatusCode')
  if (attributeOf(code, 'Value') !== SUCCESS) unreadable('its status is not success')

  const elements = everyIn(root)
  const called = (...names: ReadonlyArray<string>) =>
    elements.filter(({ localName }) => names.includes(localName ?? ''))
  const assertion = only(root, ASSERTION_NS, 'Assertion')
  if (called('Assertion', 'EncryptedAssertion').length !== 1)
    unreadable('it must have one assertion, which is not encrypted')
  if (called('Response').length !== 1) unreadable('it must have one response')
  checkIds(elements)
  const signatures = [root, assertion].flatMap((signed) => named(signed, SIGNATURE_NS, 'Signature'))
  if (called('Signature').length !== signatures.length)
    unreadable('a signature stands where none belongs')
  only(assertion, SIGNATURE_NS, 'Signature')
  for (const signature of signatures) checkSignature(signature)
  return { destination: attributeOf(root, 'Destination') }
}
