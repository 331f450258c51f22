/**
 * The one table from faults to what clients see. A fault without a row does not compile.
 */
import { ACCOUNT_ALIAS_CHARACTERS_MAX, ACCOUNT_ALIAS_CHARACTERS_MIN } from '@grantlog/domain'
import type { Caller, EngineError } from '@grantlog/engine'
import type { SignatureFault } from '../signature/faults.js'
import {
  ACCOUNT_ERRORS,
  ALIAS_ERRORS,
  durationText,
  type ErrorRows,
  SESSION_ERRORS,
} from './account-errors.js'
import { DURATION_SECONDS_MAX, DURATION_SECONDS_MIN, OIDC_TOKEN_CHARACTERS } from './codecs.js'
import type { CallFault, Fault, ParameterFault, ParameterRule } from './faults.js'
import { FEDERATION_ERRORS } from './federation-errors.js'
import { noPermission, refusedBeside, type WireError, wireError } from './wire-error.js'

/** When a throttled client may come back. Unit: milliseconds. */
const RETRY_AFTER_MS = 1000

const bad = (code: string, message: string): WireError => wireError(400, code, message)

const throttled = (): WireError => ({
  ...wireError(429, 'Throttling', 'There are too many calls at once; come back later.'),
  retryAfterMs: RETRY_AFTER_MS,
})

const unavailable = (): WireError =>
  wireError(503, 'ServiceUnavailable', 'This cannot be answered now; try again.')

const nonceUsed = (): WireError =>
  bad('SignatureNonceUsed', 'A call with this nonce was taken before.')

const SIGNATURE_ERRORS: ErrorRows<SignatureFault> = {
  ParametersMalformed: () => bad('InvalidParameter', 'The parameters cannot be decoded.'),
  ParameterRepeated: ({ name }) =>
    bad('InvalidParameter', `The parameter "${shown(name)}" is given more than once.`),
  TooManyParameters: ({ limit }) =>
    bad('InvalidParameter', `A call has at most ${limit} parameters.`),
  RequestTooLarge: ({ part, limit }) =>
    wireError(413, 'RequestTooLarge', `The ${part} of the request is larger than ${limit}.`),
  MethodNotSupported: () => bad('UnsupportedHTTPMethod', 'Calls are made by GET or POST.'),
  PathNotFound: () => wireError(404, 'InvalidAction.NotFound', NO_SUCH_API),
  SecureTransportRequired: () => bad('InvalidProtocol.NeedSsl', 'Calls are taken over TLS alone.'),
  SignatureParameterMissing: ({ name }) =>
    bad('MissingParameter', `A call needs the parameter ${name}.`),
  ActionAmbiguous: () =>
    bad('InvalidParameter', 'The call names more than one operation or version.'),
  SignatureIncomplete: ({ detail }) =>
    bad('IncompleteSignature', `The signature is not whole: ${detail}.`),
  SignatureMethodNotSupported: () =>
    bad(
      'InvalidSignatureMethod',
      'Calls are signed by ACS3-HMAC-SHA256, or by HMAC-SHA1 in its version 1.0.',
    ),
  TimestampMalformed: () =>
    bad('InvalidTimeStamp.Format', 'The time of the call is not written as 2026-01-02T03:04:05Z.'),
  TimestampOutOfWindow: () =>
    bad('InvalidTimeStamp.Expired', 'The time of the call is too far from that of the server.'),
  AccessKeyUnknown: () =>
    wireError(404, 'InvalidAccessKeyId.NotFound', 'There is no access key with this id.'),
  AccessKeyInactive: () => bad('InvalidAccessKeyId.Inactive', 'The access key is switched off.'),
  SecurityTokenMissing: () =>
    bad('MissingSecurityToken', 'A temporary access key signs together with its security token.'),
  SecurityTokenMalformed: () =>
    bad('InvalidSecurityToken.Malformed', 'The security token is none of this server.'),
  SecurityTokenExpired: () =>
    bad(
      'InvalidSecurityToken.Expired',
      'The time of the security token is over, or its session has ended.',
    ),
  SecurityTokenMismatch: () =>
    bad(
      'InvalidSecurityToken.MismatchWithAccessKey',
      'The security token belongs to another access key.',
    ),
  SignatureMismatch: ({ stringToSign, canonicalRequest }) =>
    bad('SignatureDoesNotMatch', mismatchText(stringToSign, canonicalRequest)),
  CredentialsMissing: () =>
    wireError(401, 'MissingCredentials', 'The call must be signed, or carry an access token.'),
  AccessTokenInvalid: ({ reason }) =>
    wireError(401, `InvalidAccessToken.${reason}`, TOKEN_TEXT[reason]),
  NonceUsed: nonceUsed,
  NoncesFull: throttled,
  NoncesUnavailable: unavailable,
}

const TOKEN_TEXT = {
  Malformed: 'The access token is malformed.',
  Expired: 'The access token is expired.',
  Ended: 'The access token has ended with its key, its user or its session.',
} as const

const NO_SUCH_API = 'There is no such operation; see its name, and the version beside it.'

/** Clients take the string to sign out of this text and compare it with their own. */
const mismatchText = (stringToSign: string, canonicalRequest: string | undefined): string =>
  canonicalRequest === undefined
    ? 'Specified signature is not matched with our calculation. ' +
      `server string to sign is:${stringToSign}`
    : 'Specified signature does not match our calculation. ' +
      `server StringToSign is [${stringToSign}] server CanonicalRequest is [${canonicalRequest}]`

/** What a caller sent, cut to what an answer should repeat. Unit: characters. */
const shown = (text: string): string => text.slice(0, 128)

const RULE_TEXT: Readonly<Record<ParameterRule, (name: string) => string>> = {
  InvalidChars: (name) => `The parameter "${name}" has a character that it must not have.`,
  Length: (name) => `The parameter "${name}" is too long, or empty.`,
  Format: (name) => `The parameter "${name}" does not have the form that it must have.`,
  Range: (name) => `The parameter "${name}" lies outside its range.`,
  TooWeak: (name) => `The parameter "${name}" does not meet the password policy.`,
  ReusePrevention: (name) => `The parameter "${name}" was a password of the user not long ago.`,
  Incorrect: (name) => `The parameter "${name}" does not match.`,
  Value: (name) => `The parameter "${name}" is not a value that it may have.`,
}

const lengthText = (name: string, { min, max }: Readonly<Record<'min' | 'max', number>>) =>
  `The parameter "${name}" must have ${min} to ${max} characters.`

/** What can be said more exactly of some, or of some when one rule is broken. */
const EXACT_TEXT: Readonly<Record<string, string>> = {
  RoleArn: 'The parameter "RoleArn" is not the ARN of a role.',
  RoleSessionName:
    'The parameter "RoleSessionName" must have 2 to 64 letters, digits and the characters . @ - _ = , +.',
  'OIDCToken.Length': lengthText('OIDCToken', OIDC_TOKEN_CHARACTERS),
  'AccountAlias.Length': lengthText('AccountAlias', {
    min: ACCOUNT_ALIAS_CHARACTERS_MIN,
    max: ACCOUNT_ALIAS_CHARACTERS_MAX,
  }),
  DurationSeconds: durationText(DURATION_SECONDS_MIN, DURATION_SECONDS_MAX),
}

const place = (path: string): string => (path === '' ? 'the document' : path)

const PARAMETER_ERRORS: ErrorRows<ParameterFault> = {
  ParameterMissing: ({ name }) =>
    bad(`MissingParameter.${name}`, `The parameter "${name}" is missing.`),
  ParameterInvalid: ({ name, rule }) =>
    bad(
      rule === 'Value' ? `InvalidParameter.${name}` : `InvalidParameter.${name}.${rule}`,
      EXACT_TEXT[`${name}.${rule}`] ?? EXACT_TEXT[name] ?? RULE_TEXT[rule](name),
    ),
  PolicyDocumentMalformed: ({ name, path, fault }) =>
    bad('MalformedPolicyDocument', `${name}, at ${place(path)}: ${fault}.`),
  SessionPolicyMalformed: ({ path, fault }) =>
    bad(
      'InvalidParameter.PolicyGrammar',
      `The session policy cannot be read, at ${place(path)}: ${fault}.`,
    ),
  SessionPolicyTooLong: ({ limit }) =>
    bad('InvalidParameter.PolicySize', `A session policy has at most ${limit} characters.`),
}

const CALL_ERRORS: ErrorRows<CallFault> = {
  ActionUnknown: () => wireError(404, 'InvalidAction.NotFound', NO_SUCH_API),
  VersionUnknown: () =>
    bad(
      'InvalidVersion',
      'There is no such version; RAM has 2015-05-01, STS 2015-04-01 and IMS 2019-08-15.',
    ),
  NotAuthorized: ({ action, decision }, caller) => noPermission(caller, action, decision),
  SwitchedOff: ({ action, parameter }, caller) =>
    refusedBeside(
      caller,
      action,
      `SecurityPreference.${parameter}`,
      `The account does not let its users do this: "${parameter}" of its security preference is off.`,
    ),
  ResourceGroupNotFound: () =>
    wireError(404, 'EntityNotExists.ResourceGroup', 'There is no such resource group.'),
  AccountNotSupported: () => bad('NotSupport.Account', 'Only a RAM user can do this for itself.'),
}

const ENGINE_ERRORS: ErrorRows<EngineError> = {
  OutcomeUnknown: unavailable,
  LogUnavailable: unavailable,
  LogFailed: unavailable,
  EventTooLarge: () => wireError(500, 'InternalError', 'Something went wrong inside the server.'),
  SecretNotFound: unavailable,
  VaultUnavailable: unavailable,
  ViewsBehind: unavailable,
  AccountQuarantined: unavailable,
  EngineStopped: unavailable,
  IssuerTimedOut: unavailable,
  Contended: throttled,
  Overloaded: throttled,
  // The command's id is made of key and nonce: another node has done it.
  CommandRepeated: nonceUsed,
}

export const ERRORS: ErrorRows<Fault> = {
  ...SIGNATURE_ERRORS,
  ...PARAMETER_ERRORS,
  ...CALL_ERRORS,
  ...ACCOUNT_ERRORS,
  ...ALIAS_ERRORS,
  ...SESSION_ERRORS,
  ...FEDERATION_ERRORS,
  ...ENGINE_ERRORS,
}

/** What is answered to a fault; the caller is named in denials once it is known. */
export const errorOf = (fault: Fault, caller?: Caller, action?: string): WireError => {
  const row = ERRORS[fault.type] as (
    fault: Fault,
    caller: Caller | undefined,
    action: string | undefined,
  ) => WireError
  return row(fault, caller, action)
}

/** Whether the engine could not answer, as opposed to the caller being refused. */
export const isEngineError = (fault: Fault): fault is EngineError => fault.type in ENGINE_ERRORS
