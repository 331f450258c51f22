/**
 * Signature version 1.0: HMAC-SHA1 over the sorted parameters of query and form.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { ReceivedCall } from './call.js'
import type { SignatureFault } from './faults.js'
import type { Parameters } from './parameters.js'
import { encodePercent } from './percent.js'
import { checkPresented, type Presented } from './presented.js'

/** `METHOD&path&query`: the query sorted by name, without the signature itself, encoded twice. */
export const stringToSignV1 = (method: string, path: string, parameters: Parameters): string => {
  const names: Array<string> = []
  for (const name of parameters.keys()) if (name !== 'Signature') names.push(name)
  names.sort()
  let query = ''
  for (const name of names) {
    if (query !== '') query += '&'
    query += `${encodePercent(name)}=${encodePercent(parameters.get(name) ?? '')}`
  }
  return `${method}&${encodePercent(path)}&${encodePercent(query)}`
}

/** Reads the parameters of the signature. */
export const presentedV1 = (call: ReceivedCall): E.Either<SignatureFault, Presented> => {
  const { parameters } = call
  const method = parameters.get('SignatureMethod')
  const version = parameters.get('SignatureVersion')
  if (!method) return E.left({ type: 'SignatureParameterMissing', name: 'SignatureMethod' })
  if (method !== 'HMAC-SHA1') return E.left({ type: 'SignatureMethodNotSupported' })
  if (!version) return E.left({ type: 'SignatureParameterMissing', name: 'SignatureVersion' })
  if (version !== '1.0' || (parameters.get('SignatureType') ?? '') !== '')
    return E.left({ type: 'SignatureMethodNotSupported' })
  return checkPresented(
    {
      accessKeyId: parameters.get('AccessKeyId'),
      securityToken: parameters.get('SecurityToken'),
      timestamp: parameters.get('Timestamp'),
      nonce: parameters.get('SignatureNonce'),
      signature: parameters.get('Signature'),
    },
    {
      accessKeyId: 'AccessKeyId',
      signature: 'Signature',
      timestamp: 'Timestamp',
      nonce: 'SignatureNonce',
    },
  )
}
