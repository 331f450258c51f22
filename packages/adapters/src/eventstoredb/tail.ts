/**
 * What is remembered of a stream's end: its revision and the ids that were appended lately.
 *
 * The server surely knows ids again only under an explicit revision, so every append is sent under
 * one, and whether its ids are there already is answered here. A tail may lag behind the stream,
 * never be ahead of it: an append that was judged by one that lags fails its expected revision.
 */
import type { ExpectedRevision, NewEvent } from '@grantlog/engine'
import { LRUCache } from 'lru-cache'

/** How many ids are remembered, of all streams together. Unit: events. */
const IDS_MAX = 65_536

/** How many streams are remembered. */
const TAILS_MAX = 10_000

export type Tail = {
  /** Revision of the last event; -1 for an absent stream. */
  head: number
  /** Every event from this revision on is remembered. */
  from: number
  readonly revisions: Map<string, number>
}

export type Tails = {
  readonly get: (stream: string) => Tail | undefined
  /** A stream of which nothing is known before this revision. */
  readonly begin: (stream: string, from: number) => Tail
  /** An event that came by. A gap before it makes the tail unknown. */
  readonly follow: (stream: string, revision: number, id: string) => void
}

export const openTails = (): Tails => {
  const tails = new LRUCache<string, Tail>({ max: TAILS_MAX })
  const ring: Array<{ readonly tail: Tail; readonly id: string }> = []
  let next = 0

  const remember = (tail: Tail, id: string): void => {
    tail.head += 1
    tail.revisions.set(id, tail.head)
    const oldest = ring[next]
    if (oldest !== undefined) {
      oldest.tail.from = (oldest.tail.revisions.get(oldest.id) ?? oldest.tail.from - 1) + 1
      oldest.tail.revisions.delete(oldest.id)
    }
    ring[next] = { tail, id }
    next = (next + 1) % IDS_MAX
  }

  return {
    get: (stream) => tails.get(stream),
    begin: (stream, from) => {
      const tail = { head: from - 1, from, revisions: new Map() }
      tails.set(stream, tail)
      return tail
    },
    follow: (stream, revision, id) => {
      const tail = tails.peek(stream)
      if (tail === undefined || revision <= tail.head) return
      if (revision > tail.head + 1) tails.delete(stream)
      else remember(tail, id)
    },
  }
}

/** What an append is judged by: a tail, and what is about to be appended before it. */
export type Known = {
  readonly head: number
  readonly from: number
  /** -1 for an id that is not there. */
  readonly placeOf: (id: string) => number
}

export type Verdict =
  | { readonly type: 'Fresh' }
  /** The same ids stand in a row from this revision on. */
  | { readonly type: 'Repeated'; readonly first: number }
  | { readonly type: 'Conflict' }
  /** What stands where the writer meant to append is not remembered any more. */
  | { readonly type: 'Forgotten'; readonly first: number }
  /** The writer knows more of the stream than this tail does. */
  | { readonly type: 'Behind' }

/** Whether an append is new, by the rules of the port. */
export const judge = (
  { head, from, placeOf }: Known,
  expected: ExpectedRevision,
  events: ReadonlyArray<NewEvent>,
): Verdict => {
  const wanted = expected === 'no-stream' ? -1 : expected
  const places = events.map(({ id }) => placeOf(id.toLowerCase()))
  const first = places[0] ?? -1
  if (places.every((place) => place === -1)) {
    if (wanted === 'any' || wanted === head) return { type: 'Fresh' }
    if (wanted === 'stream-exists') return { type: head >= 0 ? 'Fresh' : 'Behind' }
    if (wanted > head) return { type: 'Behind' }
    const forgotten = wanted >= -1 && wanted + 1 < from
    return forgotten ? { type: 'Forgotten', first: wanted + 1 } : { type: 'Conflict' }
  }
  const inRow = first !== -1 && places.every((place, i) => place === first + i)
  const mayBeMeant = typeof wanted === 'string' || first === wanted + 1 || wanted === head
  return inRow && mayBeMeant ? { type: 'Repeated', first } : { type: 'Conflict' }
}
