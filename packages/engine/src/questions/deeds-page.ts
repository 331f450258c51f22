/** Pages of what was done with a credential, in the order of the log. */
import type { Position } from '../ports.js'

/** The deeds of one event; a batch of records may tell of several calls. */
export type Found<Deed> = { readonly position: Position; readonly deeds: ReadonlyArray<Deed> }

/** What a page tells, and where to go on after; absent when everything is told. */
export type DeedsPage<Deed> = { readonly deeds: ReadonlyArray<Deed>; readonly next?: Position }

/** One page: whole events, `limit` of them at most, so that a batch of calls is never cut. */
export const pageOfDeeds = <Deed>(
  found: ReadonlyArray<Found<Deed>>,
  seen: Position,
  limit: number,
): DeedsPage<Deed> => {
  const known = found
    .filter(({ position }) => position <= seen)
    .sort((a, b) => a.position - b.position)
  const page = known.slice(0, limit)
  const last = known.length > limit ? page.at(-1)?.position : undefined
  const next = last ?? (Number.isFinite(seen) ? seen : undefined)
  const deeds = page.flatMap((each) => each.deeds)
  return next === undefined ? { deeds } : { deeds, next }
}
