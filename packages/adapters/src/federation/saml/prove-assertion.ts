/**
 * Whether a SAML response carries an assertion that the provider signed, and what that says.
 *
 * The shape is checked first, then the signature, and then only the bytes that it covers are read.
 */

import type { SamlMetadata } from '@grantlog/domain'
import type { AssertionFault, ProvenAssertion } from '@grantlog/engine'
import { SAML } from '@node-saml/node-saml'
import * as E from 'fp-ts/lib/Either.js'
import { checkResponse } from './check-response.js'
import { isKnownDestination, readAssertion } from './read-assertion.js'
import { parseXml, xmlOfBase64 } from './xml.js'

/** The longest response. Unit: characters of base64. Source: STS's published limits. */
const RESPONSE_CHARACTERS_MAX = 100_000

type Proof = E.Either<AssertionFault, ProvenAssertion>

const invalid = (detail: string): E.Either<AssertionFault, never> =>
  E.left({ type: 'SAMLAssertionInvalid', detail })

/** The assertion as its signature covers it; null when no key of the provider made one. */
const verifiedAssertion = async (
  xml: string,
  certificates: ReadonlyArray<string>,
): Promise<string | null> => {
  const saml = new SAML({
    idpCert: [...certificates],
    issuer: 'grantlog',
    callbackUrl: 'https://signin.aliyun.com/saml-role/sso',
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    // Audience and times are read in the verified bytes, by the clock that was handed in.
    audience: false,
    acceptedClockSkewMs: -1,
  })
  const SAMLResponse = Buffer.from(xml, 'utf8').toString('base64')
  try {
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse })
    return profile?.getAssertionXml?.() ?? null
  } catch {
    // Its own words are not passed on: they are made for those who wrote it.
    return null
  }
}

export const proveAssertion = async (
  response: string,
  { entityId, certificates, validUntil }: SamlMetadata,
  now: number,
): Promise<Proof> => {
  if (validUntil !== undefined && validUntil <= now) return E.left({ type: 'SAMLMetadataOver' })
  try {
    const xml = xmlOfBase64(response, RESPONSE_CHARACTERS_MAX)
    const { destination } = checkResponse(parseXml(xml))
    if (!isKnownDestination(destination)) return invalid('it was to be sent elsewhere')
    const verified = await verifiedAssertion(xml, certificates)
    return verified === null
      ? invalid('no signature of the provider is on it')
      : readAssertion(parseXml(verified), entityId, now)
  } catch (cause) {
    return invalid(cause instanceof Error ? cause.message : 'it cannot be read')
  }
}
