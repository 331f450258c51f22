/**
 * What an assertion says, read in the bytes that its signature covers, and whether that holds at a
 * moment, for us.
 */
import type { AssertionFault, ProvenAssertion } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import {
  ASSERTION_NS,
  attributeOf,
  childrenOf,
  momentOf,
  named,
  only,
  textOf,
  unreadable,
} from './xml.js'

/** Where assertions are to be sent, and for whom: the two sites of the service. */
const SITES: ReadonlyMap<string, string> = new Map([
  ['https://signin.aliyun.com/saml-role/sso', 'urn:alibaba:cloudcomputing'],
  ['https://signin.alibabacloud.com/saml-role/sso', 'urn:alibaba:cloudcomputing:international'],
])

const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const ATTRIBUTES = 'https://www.aliyun.com/SAML-Role/Attributes/'

/** The longest subject. Unit: characters. Source: SAML 2.0, persistent identifiers. */
const SUBJECT_CHARACTERS_MAX = 256

/** How many roles an assertion may name. */
const ROLES_MAX = 100

/** How far a provider's clock may be ahead of ours. Never counts for the end. Milliseconds. */
const AHEAD_MS_MAX = 60_000

type Proof = E.Either<AssertionFault, ProvenAssertion>

/** Thrown where what was said is over; everything else that is thrown is a fault of the text. */
const OVER = Symbol('over')

/** A stretch of time: it ends strictly at its end. */
const checkStretch = (element: Element, now: number): void => {
  const from = momentOf(element, 'NotBefore')
  const to = momentOf(element, 'NotOnOrAfter')
  if (from !== undefined && from > now + AHEAD_MS_MAX) unreadable('it does not hold yet')
  if (to !== undefined && to <= now) throw OVER
}

const checkConditions = (assertion: Element, audience: string, now: number): void => {
  const conditions = only(assertion, ASSERTION_NS, 'Conditions')
  checkStretch(conditions, now)
  const restrictions = named(conditions, ASSERTION_NS, 'AudienceRestriction')
  if (restrictions.length === 0) unreadable('it is for no audience')
  for (const restriction of restrictions)
    if (!named(restriction, ASSERTION_NS, 'Audience').some((one) => textOf(one) === audience))
      unreadable('it is for another audience')
  // A condition that is not understood, or cannot be kept, is not met.
  for (const { localName } of childrenOf(conditions))
    if (localName !== 'AudienceRestriction' && localName !== 'ProxyRestriction')
      unreadable(`its condition ${localName} cannot be kept`)
}

const readSubject = (assertion: Element, now: number) => {
  const subject = only(assertion, ASSERTION_NS, 'Subject')
  const nameId = only(subject, ASSERTION_NS, 'NameID')
  const name = textOf(nameId)
  if (name === '' || name.length > SUBJECT_CHARACTERS_MAX) unreadable('its subject is not one')
  const confirmation = only(subject, ASSERTION_NS, 'SubjectConfirmation')
  if (attributeOf(confirmation, 'Method') !== BEARER) unreadable('its subject is no bearer')
  const data = only(confirmation, ASSERTION_NS, 'SubjectConfirmationData')
  const recipient = attributeOf(data, 'Recipient') ?? ''
  const audience = SITES.get(recipient) ?? unreadable('it is for another recipient')
  if (momentOf(data, 'NotOnOrAfter') === undefined) unreadable('its subject has no end')
  checkStretch(data, now)
  const format = attributeOf(nameId, 'Format') ?? 'unspecified'
  return { name, recipient, audience, subjectType: format.slice(format.lastIndexOf(':') + 1) }
}

/** The values of an attribute; none when it is not there. It must not be there twice. */
const valuesOf = (assertion: Element, name: string): ReadonlyArray<string> => {
  const [attribute, ...others] = named(assertion, ASSERTION_NS, 'AttributeStatement')
    .flatMap((statement) => named(statement, ASSERTION_NS, 'Attribute'))
    .filter((one) => attributeOf(one, 'Name') === `${ATTRIBUTES}${name}`)
  if (others.length > 0) unreadable(`its attribute ${name} is given twice`)
  return attribute === undefined ? [] : named(attribute, ASSERTION_NS, 'AttributeValue').map(textOf)
}

const onlyValueOf = (assertion: Element, name: string): string | undefined => {
  const [value, ...others] = valuesOf(assertion, name)
  return others.length > 0 ? unreadable(`its attribute ${name} has two values`) : value
}

const endOfSession = (assertion: Element, now: number): number | undefined => {
  const statement = only(assertion, ASSERTION_NS, 'AuthnStatement')
  const end = momentOf(statement, 'SessionNotOnOrAfter')
  if (end !== undefined && end <= now) throw OVER
  return end
}

const read = (assertion: Element, entityId: string, now: number): ProvenAssertion => {
  const isAssertion = assertion.localName === 'Assertion' && assertion.namespaceURI === ASSERTION_NS
  if (!isAssertion || attributeOf(assertion, 'Version') !== '2.0')
    unreadable('it is no assertion of version 2.0')
  const issuer = textOf(only(assertion, ASSERTION_NS, 'Issuer'))
  if (issuer !== entityId) unreadable('it is of another issuer')
  const { name, recipient, audience, subjectType } = readSubject(assertion, now)
  checkConditions(assertion, audience, now)
  const endsBefore = endOfSession(assertion, now)
  const roles = valuesOf(assertion, 'Role')
  if (roles.length === 0 || roles.length > ROLES_MAX) unreadable('it names no role, or too many')
  const sessionName = onlyValueOf(assertion, 'RoleSessionName')
  if (sessionName === undefined) return unreadable('it gives the session no name')
  const sourceIdentity = onlyValueOf(assertion, 'SourceIdentity')
  return {
    issuer,
    subject: name,
    subjectType,
    recipient,
    roles,
    sessionName,
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(endsBefore === undefined ? {} : { endsBefore }),
  }
}

/** Whether a response may name this as where it was to be sent. */
export const isKnownDestination = (destination: string | undefined): boolean =>
  destination === undefined || destination === '' || SITES.has(destination)

export const readAssertion = (assertion: Element, entityId: string, now: number): Proof => {
  try {
    return E.right(read(assertion, entityId, now))
  } catch (cause) {
    return E.left(
      cause === OVER
        ? { type: 'SAMLAssertionExpired' }
        : { type: 'SAMLAssertionInvalid', detail: (cause as Error).message },
    )
  }
}
