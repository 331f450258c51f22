/** A SAML identity provider for a test: its metadata, and the responses that it signs. */
import { SignedXml } from 'xml-crypto'
import type { Certified } from './certificates.js'

export const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

const bodyOf = (certificate: string): string => certificate.replace(/-----[A-Z ]+-----|\s/g, '')

/** The metadata document of a provider with these certificates, as XML. */
export const metadataOf = (
  entityId: string,
  signers: ReadonlyArray<Pick<Certified, 'certificate'>>,
  attributes = '',
): string => {
  const keys = signers.map(
    ({ certificate }) =>
      `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">` +
      `<ds:X509Data><ds:X509Certificate>${bodyOf(certificate)}</ds:X509Certificate></ds:X509Data>` +
      '</ds:KeyInfo></md:KeyDescriptor>',
  )
  return (
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}"` +
    `${attributes}><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:` +
    `protocol">${keys.join('')}</md:IDPSSODescriptor></md:EntityDescriptor>`
  )
}

export type Told = {
  readonly entityId: string
  readonly id: string
  readonly version: string
  readonly nameId: string
  readonly recipient: string
  readonly audience: string
  readonly notBefore: string
  readonly notOnOrAfter: string
  readonly subjectNotOnOrAfter: string
  readonly sessionNotOnOrAfter: string
  readonly roles: ReadonlyArray<string>
  readonly sessionNames: ReadonlyArray<string>
  readonly method: string
  /** More of the subject, of the conditions and of the attributes, as XML. */
  readonly moreSubject: string
  readonly moreConditions: string
  readonly moreAttributes: string
}

const attribute = (name: string, values: ReadonlyArray<string>): string =>
  values.length === 0
    ? ''
    : `<saml:Attribute Name="https://www.aliyun.com/SAML-Role/Attributes/${name}">` +
      values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('') +
      '</saml:Attribute>'

/** An assertion that nobody has signed yet. */
export const assertionOf = (told: Told): string => {
  const end = told.sessionNotOnOrAfter
  return (
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${told.id}" ` +
    `IssueInstant="${told.notBefore}" Version="${told.version}">` +
    `<saml:Issuer>${told.entityId}</saml:Issuer><saml:Subject>` +
    `<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${told.nameId}` +
    `</saml:NameID><saml:SubjectConfirmation Method="${told.method}">` +
    `<saml:SubjectConfirmationData NotOnOrAfter="${told.subjectNotOnOrAfter}" ` +
    `Recipient="${told.recipient}"/></saml:SubjectConfirmation>${told.moreSubject}</saml:Subject>` +
    `<saml:Conditions NotBefore="${told.notBefore}" NotOnOrAfter="${told.notOnOrAfter}">` +
    `<saml:AudienceRestriction><saml:Audience>${told.audience}</saml:Audience>` +
    `</saml:AudienceRestriction>${told.moreConditions}</saml:Conditions>` +
    `<saml:AuthnStatement AuthnInstant="${told.notBefore}"` +
    `${end === '' ? '' : ` SessionNotOnOrAfter="${end}"`}><saml:AuthnContext>` +
    '<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password' +
    '</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>' +
    `<saml:AttributeStatement>${attribute('Role', told.roles)}` +
    `${attribute('RoleSessionName', told.sessionNames)}${told.moreAttributes}` +
    '</saml:AttributeStatement></saml:Assertion>'
  )
}

const SIGNATURES = {
  sha256: {
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  },
  sha1: {
    signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
    digestAlgorithm: 'http://www.w3.org/2000/09/xmldsig#sha1',
  },
} as const

/** Signs the element of this name, of which there is one. */
export const signXml = (
  xml: string,
  name: 'Assertion' | 'Response',
  { key }: Pick<Certified, 'key'>,
  hash: keyof typeof SIGNATURES = 'sha256',
): string => {
  const { signatureAlgorithm, digestAlgorithm } = SIGNATURES[hash]
  const canonicalizationAlgorithm = 'http://www.w3.org/2001/10/xml-exc-c14n#'
  const signer = new SignedXml({ privateKey: key, signatureAlgorithm, canonicalizationAlgorithm })
  const xpath = `//*[local-name(.)='${name}']`
  const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
  signer.addReference({
    xpath,
    digestAlgorithm,
    transforms: [enveloped, canonicalizationAlgorithm],
  })
  const reference = `${xpath}/*[local-name(.)='Issuer']`
  signer.computeSignature(xml, { location: { reference, action: 'after' } })
  return signer.getSignedXml()
}

/** A response around what it carries. */
export const responseOf = (entityId: string, content: string, status = 'Success'): string =>
  '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_response" ' +
  'Version="2.0" IssueInstant="2026-01-01T00:00:00Z">' +
  `<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${entityId}</saml:Issuer>` +
  '<samlp:Status><samlp:StatusCode ' +
  `Value="urn:oasis:names:tc:SAML:2.0:status:${status}"/></samlp:Status>${content}</samlp:Response>`
