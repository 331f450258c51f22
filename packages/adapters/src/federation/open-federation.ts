/** Identity providers of others: tokens proved here, assertions in a thread of their own. */
import type { Federation } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { issuerKeys } from './issuer-keys.js'
import type { OutboundSettings } from './outbound.js'
import { proveToken } from './prove-token.js'
import { samlReader } from './saml/reader.js'

/** An answer to another question is none. */
const OUT_OF_TURN = E.left({ type: 'Overloaded', waiting: 0 } as const)

export const openFederation = (settings: OutboundSettings): Federation => {
  const reader = samlReader()
  return {
    proveToken: proveToken(issuerKeys(settings)),
    proveAssertion: async (response, trust, now) => {
      const answer = await reader.ask({ type: 'ProveAssertion', response, trust, now })
      if (E.isLeft(answer)) return answer
      return answer.right.type === 'Proved' ? answer.right.proof : OUT_OF_TURN
    },
    readMetadata: async (document, now) => {
      const answer = await reader.ask({ type: 'ReadMetadata', document, now })
      if (E.isLeft(answer)) return answer
      return answer.right.type === 'Read' ? answer.right.metadata : OUT_OF_TURN
    },
    close: reader.close,
  }
}
