/**
 * Consistency tokens: the position an answer was made at, sealed for the account that asked.
 */
import type { Engine, EngineError, Position } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { LRUCache } from 'lru-cache'
import type { ParameterFault } from './faults.js'

/** Handed out with answers. */
export const POSITION_HEADER = 'x-grantlog-position-token'
/**
 * Handed in with calls: the answer must be at least as fresh as this, or as each of several,
 * separated by commas: whoever waits for several changes at once does not know which is the last.
 */
export const AT_LEAST_HEADER = 'x-grantlog-at-least'

const TOKEN_CHARACTERS_MAX = 1024
const TOKENS_KEPT_MAX = 1000

/** How many tokens one call may hand in. Unit: tokens. */
const TOKENS_HANDED_MAX = 16

export type PositionTokens = {
  readonly seal: (accountId: string, position: Position) => string
  /** Waits until this node shows the position of a token; no token, no wait. */
  readonly waitAtLeast: (
    accountId: string,
    token: string | undefined,
  ) => TE.TaskEither<ParameterFault | EngineError, void>
}

/** Opens a token; null for anything that was not handed to this account. */
export const openPosition = (engine: Engine, accountId: string, token: string): Position | null => {
  if (token.length > TOKEN_CHARACTERS_MAX) return null
  const text = engine.vault.openText('position', accountId, token)
  const position = text === null || text === '' ? Number.NaN : Number(text)
  return Number.isSafeInteger(position) && position >= 0 ? position : null
}

/** The last of what is handed in; null when one of it is no token of the account. */
const lastPosition = (engine: Engine, accountId: string, handed: string): Position | null => {
  const tokens = handed.split(',', TOKENS_HANDED_MAX + 1)
  if (tokens.length > TOKENS_HANDED_MAX) return null
  let last = 0
  for (const token of tokens) {
    const position = openPosition(engine, accountId, token.trim())
    if (position === null) return null
    last = Math.max(last, position)
  }
  return last
}

export const positionTokens = (engine: Engine): PositionTokens => {
  // Reads between two writes answer at the same position.
  const kept = new LRUCache<string, string>({ max: TOKENS_KEPT_MAX })
  return {
    seal: (accountId, position) => {
      const key = `${accountId}/${position}`
      const known = kept.get(key)
      if (known !== undefined) return known
      const token = engine.vault.sealText('position', accountId, String(position))
      kept.set(key, token)
      return token
    },
    waitAtLeast: (accountId, token) => {
      if (token === undefined || token === '') return TE.right(undefined)
      const position = lastPosition(engine, accountId, token)
      return position === null
        ? TE.fromEither(E.left({ type: 'ParameterInvalid', name: 'AtLeast', rule: 'Value' }))
        : engine.waitFor(position)
    },
  }
}
