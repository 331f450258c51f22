/**
 * The one table from faults to what clients see. A fault without a row does not compile.
 */
import type { Caller, EngineError } from '@grantlog/engine'
import type { SignatureFault } from '../signature/faults.js'
import {
  ACCOUNT_ERRORS,
  ALIAS_ERRORS,
  durationText,
  type ErrorRows,
  SESSION_ERRORS,
} from './account-errors.js'
import { DURATION_SECONDS_MAX, DURATION_SECONDS_MIN } from './codecs.js'
import type { CallFault, Fault, ParameterFault, ParameterRule } from './faults.js'
import { FEDERATION_ERRORS } from './federation-errors.js'
import { noPermission, type WireError, wireError } from './wire-error.js'

/** When a throttled client may come back. Unit: milliseconds. */
const RETRY_AFTER_MS = 1000

const bad = (code: string, message: string): WireError => wireError(400, code, message)

const throttled = (): WireError => ({
  ...wireError(429, 'Throttling', 'Request was denied due to request throttling.'),
  retryAfterMs: RETRY_AFTER_MS,
})

const unavailable = (): WireError =>
  wireError(503, 'ServiceUnavailable', 'The request has failed due to a temporary failure.')

const nonceUsed = (): WireError =>
  bad('SignatureNonceUsed', 'Specified signature nonce was used already.')

const SIGNATURE_ERRORS: ErrorRows<SignatureFault> = {
  ParametersMalformed: () => bad('InvalidParameter', 'The parameters cannot be decoded.'),
  ParameterRepeated: ({ name }) =>
    bad('InvalidParameter', `The parameter "${shown(name)}" is given more than once.`),
  TooManyParameters: ({ limit }) =>
    bad('InvalidParameter', `A call has at most ${limit} parameters.`),
  RequestTooLarge: ({ part, limit }) =>
    wireError(413, 'RequestTooLarge', `The ${part} of the request is larger than ${limit}.`),
  MethodNotSupported: () =>
    bad('UnsupportedHTTPMethod', 'This http method is not supported; use GET or POST.'),
  PathNotFound: () => wireError(404, 'InvalidAction.NotFound', NO_SUCH_API),
  SecureTransportRequired: () =>
    bad('InvalidProtocol.NeedSsl', 'Your request is denied as lack of ssl protect.'),
  SignatureParameterMissing: ({ name }) =>
    bad('MissingParameter', `The parameter ${name} is mandatory for this action.`),
  ActionAmbiguous: () =>
    bad('InvalidParameter', 'The specified parameter "Action or Version" is not valid.'),
  SignatureIncomplete: ({ detail }) =>
    bad(
      'IncompleteSignature',
      `The request signature does not conform to Aliyun standards: ${detail}.`,
    ),
  SignatureMethodNotSupported: () =>
    bad(
      'InvalidSignatureMethod',
      'Specified signature method is not supported; use ACS3-HMAC-SHA256 or HMAC-SHA1 1.0.',
    ),
  TimestampMalformed: () =>
    bad('InvalidTimeStamp.Format', 'Specified time stamp or date value is not well formatted.'),
  TimestampOutOfWindow: () =>
    bad('InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.'),
  AccessKeyUnknown: () =>
    wireError(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.'),
  AccessKeyInactive: () => bad('InvalidAccessKeyId.Inactive', 'Specified access key is disabled.'),
  SecurityTokenMissing: () =>
    bad('MissingSecurityToken', 'SecurityToken is mandatory for this action.'),
  SecurityTokenMalformed: () =>
    bad('InvalidSecurityToken.Malformed', 'Specified SecurityToken is malformed.'),
  SecurityTokenExpired: () =>
    bad('InvalidSecurityToken.Expired', 'Specified SecurityToken is expired.'),
  SecurityTokenMismatch: () =>
    bad(
      'InvalidSecurityToken.MismatchWithAccessKey',
      'Specified SecurityToken mismatch with the AccessKey.',
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

const NO_SUCH_API = 'Specified api is not found, please check your url and method.'

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
  InvalidChars: (name) => `The parameter - "${name}" contains invalid chars.`,
  Length: (name) => `The parameter - "${name}" beyond the length limit.`,
  Format: (name) => `The format of the parameter - "${name}" is incorrect.`,
  Range: (name) => `The parameter - "${name}" lies outside its range.`,
  TooWeak: (name) => `The parameter - "${name}" does not meet the password policy.`,
  ReusePrevention: (name) => `The parameter - "${name}" was a password of the user not long ago.`,
  Incorrect: (name) => `The parameter - "${name}" does not match.`,
  Value: (name) => `The parameter - "${name}" is incorrect.`,
}

/** STS words these its own way, and its clients know them so. */
const STS_TEXT: Readonly<Record<string, string>> = {
  RoleArn: 'The parameter RoleArn is wrongly formed.',
  RoleSessionName: 'The parameter RoleSessionName is wrongly formed.',
  DurationSeconds: durationText(DURATION_SECONDS_MIN, DURATION_SECONDS_MAX),
}

const place = (path: string): string => (path === '' ? 'the document' : path)

const PARAMETER_ERRORS: ErrorRows<ParameterFault> = {
  ParameterMissing: ({ name }) =>
    bad(`MissingParameter.${name}`, `The parameter - "${name}" is required.`),
  ParameterInvalid: ({ name, rule }) =>
    bad(
      rule === 'Value' ? `InvalidParameter.${name}` : `InvalidParameter.${name}.${rule}`,
      STS_TEXT[name] ?? RULE_TEXT[rule](name),
    ),
  PolicyDocumentMalformed: ({ name, path, fault }) =>
    bad('MalformedPolicyDocument', `${name}, at ${place(path)}: ${fault}.`),
  SessionPolicyMalformed: ({ path, fault }) =>
    bad(
      'InvalidParameter.PolicyGrammar',
      `The parameter Policy has not passed grammar check. At ${place(path)}: ${fault}.`,
    ),
  SessionPolicyTooLong: ({ limit }) =>
    bad(
      'InvalidParameter.PolicySize',
      `The size of Policy must be smaller than ${limit} characters.`,
    ),
}

const CALL_ERRORS: ErrorRows<CallFault> = {
  ActionUnknown: () => wireError(404, 'InvalidAction.NotFound', NO_SUCH_API),
  VersionUnknown: () => bad('InvalidVersion', 'Specified parameter Version is not valid.'),
  NotAuthorized: ({ action, decision }, caller) => noPermission(caller, action, decision),
  ResourceGroupNotFound: () =>
    wireError(404, 'EntityNotExists.ResourceGroup', 'The resource group does not exist.'),
  AccountNotSupported: () => bad('NotSupport.Account', 'Only a RAM user can do this for itself.'),
}

const ENGINE_ERRORS: ErrorRows<EngineError> = {
  OutcomeUnknown: unavailable,
  LogUnavailable: unavailable,
  LogFailed: unavailable,
  EventTooLarge: () => wireError(500, 'InternalError', 'An internal error occurred.'),
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
export const errorOf = (fault: Fault, caller?: Caller): WireError => {
  const row = ERRORS[fault.type] as (fault: Fault, caller: Caller | undefined) => WireError
  return row(fault, caller)
}

/** Whether the engine could not answer, as opposed to the caller being refused. */
export const isEngineError = (fault: Fault): fault is EngineError => fault.type in ENGINE_ERRORS
