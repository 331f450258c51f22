/**
 * A name that nobody has at the moment that is asked about and several had before: who they were,
 * and how to say which of them is meant.
 */
import type { Bearing } from '@grantlog/views'
import type { ProblemRows } from './problem-rows.js'

export type NameAmbiguous = {
  readonly type: 'NameAmbiguous'
  readonly entity: 'Principal' | 'Policy'
  readonly bearings: ReadonlyArray<Bearing>
  /** The parameters that choose a moment. */
  readonly moments: readonly [string, string]
}

/** Of a question about one moment. */
export const nameAmbiguous = (
  entity: NameAmbiguous['entity'],
  bearings: ReadonlyArray<Bearing>,
): NameAmbiguous => ({ type: 'NameAmbiguous', entity, bearings, moments: ['at', 'position'] })

/** The same fault, of a question about two of them. */
export const ofTwoMoments = <Fault extends { readonly type: string }>(
  fault: Fault | NameAmbiguous,
): Fault | NameAmbiguous => (isAmbiguous(fault) ? { ...fault, moments: ['from', 'to'] } : fault)

const isAmbiguous = (fault: { readonly type: string }): fault is NameAmbiguous =>
  fault.type === 'NameAmbiguous'

/** How many of those who had a name are told, the last ones. */
const BEARERS_TOLD_MAX = 10

export const NAME_AMBIGUOUS_PROBLEMS: ProblemRows<NameAmbiguous> = {
  NameAmbiguous: ({ entity, bearings, moments: [one, other] }) => {
    const bearers = bearings
      .slice(-BEARERS_TOLD_MAX)
      .map(({ id, from, to }) => ({ id, from, to: to === null ? null : to - 1 }))
    const words = bearers.map(({ id, from, to }) => `${id} from position ${from} to ${to ?? 'now'}`)
    const last = bearings.length > bearers.length ? ', the last of them' : ''
    return {
      status: 404,
      code: `EntityNotExist.${entity}`,
      detail:
        `Nothing has this name any more, and ${bearings.length} had it${last}: ${words.join(', ')}. ` +
        `Give by \`${one}\` or \`${other}\` a moment at which the one that is meant had it.`,
      bearers,
    }
  },
}
