/** The metadata of a SAML identity provider: who it is, and with which keys it signs. */
import { X509Certificate } from 'node:crypto'
import type { SamlMetadata } from '@grantlog/domain'
import type { MetadataFault } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import {
  attributeOf,
  METADATA_NS,
  momentOf,
  named,
  only,
  PROTOCOL_NS,
  parseXml,
  SIGNATURE_NS,
  textOf,
  unreadable,
  xmlOfBase64,
} from './xml.js'

/** The longest document. Unit: characters of base64. Source: our own bound. */
const DOCUMENT_CHARACTERS_MAX = 100_000

/** The longest entity id. Unit: characters. Source: SAML 2.0 metadata. */
const ENTITY_ID_CHARACTERS_MAX = 1_024

const CERTIFICATES_MAX = 10

/** The shortest key that signatures are believed of. Unit: bits. */
const KEY_BITS_MIN = 2_048

const parsed = (der: Buffer): X509Certificate => {
  try {
    return new X509Certificate(der)
  } catch {
    return unreadable('a certificate is not one')
  }
}

const certificateOf = (element: Element): string => {
  const base64 = textOf(element).replace(/\s/g, '')
  const der = Buffer.from(base64, 'base64')
  if (der.length === 0 || der.toString('base64') !== base64) unreadable('a certificate is not one')
  const { publicKey } = parsed(der)
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0
  if (publicKey.asymmetricKeyType !== 'rsa' || bits < KEY_BITS_MIN)
    unreadable(`a key is not RSA of ${KEY_BITS_MIN} bits or more`)
  return base64
}

const certificatesOf = (role: Element): ReadonlyArray<string> => {
  const signing = named(role, METADATA_NS, 'KeyDescriptor').filter(
    (key) => (attributeOf(key, 'use') ?? 'signing') === 'signing',
  )
  const found = signing
    .flatMap((key) => named(key, SIGNATURE_NS, 'KeyInfo'))
    .flatMap((info) => named(info, SIGNATURE_NS, 'X509Data'))
    .flatMap((data) => named(data, SIGNATURE_NS, 'X509Certificate'))
    .map(certificateOf)
  const certificates = [...new Set(found)]
  if (certificates.length === 0 || certificates.length > CERTIFICATES_MAX)
    unreadable(`there must be 1 to ${CERTIFICATES_MAX} certificates for signing`)
  return certificates
}

const read = (document: string, now: number): SamlMetadata => {
  const text = xmlOfBase64(document, DOCUMENT_CHARACTERS_MAX)
  const root = parseXml(text, { takesComments: true })
  if (root.localName !== 'EntityDescriptor' || root.namespaceURI !== METADATA_NS)
    unreadable('the root must be an EntityDescriptor')
  const entityId = attributeOf(root, 'entityID') ?? ''
  if (entityId === '' || entityId.length > ENTITY_ID_CHARACTERS_MAX)
    unreadable('the entityID is not one')
  const role = only(root, METADATA_NS, 'IDPSSODescriptor')
  const protocols = attributeOf(role, 'protocolSupportEnumeration') ?? ''
  if (!protocols.split(/\s+/).includes(PROTOCOL_NS)) unreadable('SAML 2.0 is not supported')
  const ends = [momentOf(root, 'validUntil'), momentOf(role, 'validUntil')]
  const known = ends.filter((end) => end !== undefined)
  if (known.some((end) => end <= now)) unreadable('its validUntil is past')
  return {
    document,
    entityId,
    certificates: certificatesOf(role),
    ...(known.length === 0 ? {} : { validUntil: Math.min(...known) }),
  }
}

/** Metadata that hold at a moment. */
export const readMetadata = (
  document: string,
  now: number,
): E.Either<MetadataFault, SamlMetadata> => {
  try {
    return E.right(read(document, now))
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : 'it cannot be read'
    return E.left({ type: 'SAMLMetadataMalformed', detail })
  }
}
