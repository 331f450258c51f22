/**
 * The list of what every statement had to say about a question, made a part at a time: of somebody
 * who holds many, others would wait for it.
 */
import type { StatementVerdict } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import type { TooManyStatements } from './engine.js'

/** How many are made before other calls have their turn. Unit: statements. */
const STATEMENTS_AT_A_TIME = 256

/**
 * How many are listed at most: what each says of each resource counts. Unit: statements. Ours: the
 * list is held in memory, and sent, as a whole.
 */
export const STATEMENTS_LISTED_MAX = 20_000

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export const listStatements = async (
  listing: Iterable<StatementVerdict>,
): Promise<E.Either<TooManyStatements, ReadonlyArray<StatementVerdict>>> => {
  const statements: Array<StatementVerdict> = []
  for (const statement of listing) {
    if (statements.length === STATEMENTS_LISTED_MAX)
      return E.left({ type: 'TooManyStatements', limit: STATEMENTS_LISTED_MAX })
    statements.push(statement)
    if (statements.length % STATEMENTS_AT_A_TIME === 0) await pause()
  }
  return E.right(statements)
}
