/**
 * A call as it was received: within its limits, parsed once, and not yet believed.
 */
import * as E from 'fp-ts/lib/Either.js'
import {
  type HttpRequest,
  type ProtocolSettings,
  plainAddress,
  URL_CHARACTERS_MAX,
} from '../http.js'
import type { SignatureFault } from './faults.js'
import { mergeParameters, NO_PARAMETERS, type Parameters, parseParameters } from './parameters.js'

export type ReceivedCall = {
  /** GET or POST; any for a call that another service received. */
  readonly method: string
  readonly path: string
  readonly query: Parameters
  /** The query and the form body together. */
  readonly parameters: Parameters
  /** Whether the body was read as a form, so that its content type decides what it means. */
  readonly isForm: boolean
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer | string
  /** The SHA-256 of a body that stayed with the service that received it. */
  readonly bodyDigest?: string
  /** From where it came; absent for a call that another service received. */
  readonly remoteAddress?: string
}

const FORM_TYPE = 'application/x-www-form-urlencoded'

const isFormType = (contentType: string | undefined): boolean =>
  contentType?.trim().toLowerCase().startsWith(FORM_TYPE) === true

/** Unit: bytes. */
const sizeOf = (body: Buffer | string): number =>
  typeof body === 'string' ? Buffer.byteLength(body) : body.length

const invalidUtf8 = '\uFFFD'

/** The text of a body; null when its bytes are not UTF-8. */
export const bodyText = (body: Buffer | string): string | null => {
  if (typeof body === 'string') return body
  const text = body.toString('utf8')
  return text.includes(invalidUtf8) && !Buffer.from(text, 'utf8').equals(body) ? null : text
}

const readForm = (request: HttpRequest, isForm: boolean): E.Either<SignatureFault, Parameters> => {
  if (!isForm) return E.right(NO_PARAMETERS)
  const text = bodyText(request.body)
  return text === null ? E.left({ type: 'ParametersMalformed' }) : parseParameters(text)
}

/** Takes a request in: method and protocol, sizes, then the parameters. */
export const receiveCall = (
  request: HttpRequest,
  settings: ProtocolSettings,
  bodyBytesMax: number,
): E.Either<SignatureFault, ReceivedCall> => {
  const { method, rawUrl, headers, body } = request
  if (rawUrl.length > URL_CHARACTERS_MAX)
    return E.left({ type: 'RequestTooLarge', part: 'url', limit: URL_CHARACTERS_MAX })
  if (sizeOf(body) > bodyBytesMax)
    return E.left({ type: 'RequestTooLarge', part: 'body', limit: bodyBytesMax })
  if (method !== 'GET' && method !== 'POST') return E.left({ type: 'MethodNotSupported' })
  if (settings.secureTransportRequired && !request.secure)
    return E.left({ type: 'SecureTransportRequired' })

  const mark = rawUrl.indexOf('?')
  const path = mark === -1 ? rawUrl : rawUrl.slice(0, mark)
  const query = parseParameters(mark === -1 ? '' : rawUrl.slice(mark + 1))
  if (E.isLeft(query)) return query
  const isForm = body.length > 0 && isFormType(headers['content-type'])
  const form = readForm(request, isForm)
  if (E.isLeft(form)) return form

  const parameters = mergeParameters(query.right, form.right)
  const remoteAddress = plainAddress(request.remoteAddress)
  const taken = { method, path, query: query.right, parameters, isForm, headers, body }
  return E.right({ ...taken, remoteAddress })
}

/** How the call says who calls. The header decides; a call with neither is anonymous. */
export type Scheme = 'ACS3' | 'V1' | 'Bearer' | 'Anonymous'

export const schemeOf = (call: ReceivedCall): Scheme => {
  const { authorization } = call.headers
  if (authorization !== undefined) return /^bearer\b/i.test(authorization) ? 'Bearer' : 'ACS3'
  return call.parameters.has('Signature') ? 'V1' : 'Anonymous'
}

const headerAndParameter = (
  call: ReceivedCall,
  header: string | undefined,
  name: 'Action' | 'Version',
): E.Either<SignatureFault, string> => {
  const parameter = call.parameters.get(name)
  const given = header === '' ? undefined : header
  if (given !== undefined && parameter !== undefined && given !== parameter)
    return E.left({ type: 'ActionAmbiguous' })
  // Headers are outside a V1 signature: there the parameter alone may name the operation.
  const value = schemeOf(call) === 'V1' ? parameter : (given ?? parameter)
  return value === undefined || value === ''
    ? E.left({ type: 'SignatureParameterMissing', name })
    : E.right(value)
}

/** The operation a call names, by the part of the request that its signature covers. */
export const operationOf = (
  call: ReceivedCall,
): E.Either<SignatureFault, { readonly action: string; readonly version: string }> => {
  const action = headerAndParameter(call, call.headers['x-acs-action'], 'Action')
  if (E.isLeft(action)) return action
  const version = headerAndParameter(call, call.headers['x-acs-version'], 'Version')
  if (E.isLeft(version)) return version
  return E.right({ action: action.right, version: version.right })
}
