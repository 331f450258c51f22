/**
 * SigningSecret: an AccessKey secret in the two forms that signatures need, held as key objects.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { SigningSecret } from '@grantlog/engine'

/**
 * A signing secret from clear text. A key object is made when it is first needed: a request is
 * signed in one of the two ways, and a session's secret is used once per request.
 */
export const signingSecretOf = (secret: string): SigningSecret => {
  let v1: KeyObject | undefined
  const acs3 = createSecretKey(secret, 'utf8')
  return {
    signV1: (stringToSign) => {
      v1 ??= createSecretKey(Buffer.concat([acs3.export(), AMPERSAND]))
      return createHmac('sha1', v1).update(stringToSign, 'utf8').digest('base64')
    },
    signAcs3: (stringToSign) =>
      createHmac('sha256', acs3).update(stringToSign, 'utf8').digest('hex'),
  }
}

const AMPERSAND = Buffer.from('&')
