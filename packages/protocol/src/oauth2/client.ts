/**
 * Which client asks for a token: its id and secret from the header or from the form, never both.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { ReceivedCall } from '../signature/call.js'
import { decodePercent } from '../signature/percent.js'
import { SECURITY_TOKEN_CHARACTERS_MAX } from '../signature/presented.js'
import type { TokenFault } from './faults.js'

export type PresentedClient = {
  readonly accessKeyId: string
  readonly secret: string
  /** With temporary credentials. */
  readonly securityToken: string | undefined
}

/** Printable ASCII, so that a secret has one spelling as the key of an HMAC. */
const CLIENT_ID = /^[\x21-\x7e]{1,128}$/
const SECRET = /^[\x21-\x7e]{1,128}$/
const BASIC = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i
const BASIC_CHARACTERS_MAX = 2048

type Pair = { readonly id: string; readonly secret: string }

/** `Basic base64(id:secret)`, each encoded as in a form first; null when it is not that. */
const basicPair = (authorization: string): Pair | null => {
  if (authorization.length > BASIC_CHARACTERS_MAX) return null
  const encoded = BASIC.exec(authorization)?.[1]
  if (encoded === undefined) return null
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.toString('base64') !== encoded) return null
  const text = bytes.toString('latin1')
  const colon = text.indexOf(':')
  if (colon === -1) return null
  const id = decodePercent(text.slice(0, colon))
  const secret = decodePercent(text.slice(colon + 1))
  return id === null || secret === null ? null : { id, secret }
}

const malformed = (description: string): E.Either<TokenFault, never> =>
  E.left({ type: 'RequestMalformed', description })

const pairOf = ({ headers, parameters }: ReceivedCall): E.Either<TokenFault, Pair> => {
  const { authorization } = headers
  const [id, secret] = [parameters.get('client_id'), parameters.get('client_secret')]
  if (authorization === undefined)
    return id === undefined || secret === undefined
      ? E.left({ type: 'ClientMissing' })
      : E.right({ id, secret })
  if (secret !== undefined)
    return malformed('The secret must be given once: in the header or in the form.')
  const pair = basicPair(authorization)
  if (pair === null) return E.left({ type: 'ClientRefused' })
  return id === undefined || id === pair.id
    ? E.right(pair)
    : malformed('The header and the form name different clients.')
}

export const presentedClient = (call: ReceivedCall): E.Either<TokenFault, PresentedClient> => {
  const pair = pairOf(call)
  if (E.isLeft(pair)) return pair
  const { id, secret } = pair.right
  if (!CLIENT_ID.test(id) || !SECRET.test(secret)) return E.left({ type: 'ClientRefused' })
  const securityToken = call.parameters.get('security_token')
  if ((securityToken?.length ?? 0) > SECURITY_TOKEN_CHARACTERS_MAX)
    return E.left({ type: 'ClientRefused' })
  return E.right({ accessKeyId: id, secret, securityToken: securityToken || undefined })
}
