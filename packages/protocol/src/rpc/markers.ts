/**
 * Page markers: where the next page starts, sealed, so that they mean nothing to anybody else.
 *
 * Invariant: a marker opens only for the account and the list that it was made for.
 */
import type { Engine } from '@grantlog/engine'
import type { Page } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { ParameterFault } from './faults.js'
import { invalid } from './fields.js'

/** How many items a page holds when the call does not say. */
const PAGE_ITEMS_DEFAULT = 100

export type PageParameterValues = {
  readonly marker?: string | undefined
  readonly maxItems?: number | undefined
}

/** Reads where a page starts. `list` names the list and whatever narrows it. */
export const pageRequest = (
  engine: Engine,
  accountId: string,
  list: string,
  { marker, maxItems }: PageParameterValues,
): E.Either<ParameterFault, { readonly after?: number; readonly limit: number }> => {
  const limit = maxItems ?? PAGE_ITEMS_DEFAULT
  if (marker === undefined) return E.right({ limit })
  const text = engine.vault.openText('page-marker', accountId, marker)
  const after = text?.startsWith(`${list}@`) ? Number(text.slice(list.length + 1)) : Number.NaN
  return Number.isSafeInteger(after) ? E.right({ after, limit }) : invalid('Marker', 'Value')
}

/** `IsTruncated`, and the marker of the next page when there is one. */
export const pageMembers = (
  engine: Engine,
  accountId: string,
  list: string,
  { next }: Page<unknown>,
): { readonly IsTruncated: boolean; readonly Marker?: string } =>
  next === undefined
    ? { IsTruncated: false }
    : {
        IsTruncated: true,
        Marker: engine.vault.sealText('page-marker', accountId, `${list}@${next}`),
      }
