/**
 * The streams and $all of the test server: expected revisions, idempotency and positions as
 * EventStoreDB has them.
 *
 * An event is accepted when it is checked and numbered, and committed when its line is flushed;
 * readers see committed events only, and in the order of acceptance.
 */

/** What a record weighs beside its data: positions are offsets, so they are not dense. */
const RECORD_OVERHEAD_BYTES = 64

/** Where the first record ends up; before it a real log has its epoch. */
const FIRST_POSITION = 232

const TICKS_PER_MS = 10_000n

/** How many ids are known again under ANY; the knowledge is gone after a restart. */
const RECENT_IDS_MAX = 10_000

export const openStore = (journal, { now }) => {
  const all = []
  const streams = new Map()
  const recent = new Map()
  const waiters = new Set()
  let accepted = 0
  let nextPosition = FIRST_POSITION
  let flushing = Promise.resolve()

  const place = (event) => {
    const stream = streams.get(event.stream) ?? []
    streams.set(event.stream, stream)
    stream.push(event)
    nextPosition = event.position + RECORD_OVERHEAD_BYTES + event.data.length
    return event
  }

  const commit = (events) => {
    for (const event of events) all.push(event)
    for (const wake of waiters) wake()
    waiters.clear()
  }

  const remember = ({ stream, id, revision }) => {
    recent.set(`${stream} ${id}`, revision)
    if (recent.size > RECENT_IDS_MAX) recent.delete(recent.keys().next().value)
  }

  /** Everything of one append is one line of the journal, so that it happens wholly or not. */
  const accept = (name, proposed) => {
    const created = String(BigInt(now()) * TICKS_PER_MS)
    const events = proposed.map((event) => {
      const revision = streams.get(name)?.length ?? 0
      const placed = place({ ...event, stream: name, revision, position: nextPosition, created })
      remember(placed)
      return placed
    })
    accepted += events.length
    const durable = journal.append(events)
    flushing = Promise.all([flushing, durable]).then(() => commit(events))
    return { last: events.at(-1), committed: flushing }
  }

  const head = (name) => (streams.get(name)?.length ?? 0) - 1

  const append = (name, expected, proposed) => {
    const current = head(name)
    const verdict = judge(streams.get(name) ?? [], recent, name, expected, proposed, current)
    if (verdict === 'fresh')
      return proposed.length === 0
        ? { type: 'Appended', last: streams.get(name)?.at(-1), committed: flushing }
        : { type: 'Appended', ...accept(name, proposed) }
    if (verdict === 'conflict') return { type: 'Conflict', current }
    return { type: 'Appended', last: streams.get(name)[verdict.last], committed: flushing }
  }

  for (const events of journal.load()) commit(events.map(place))
  accepted = all.length

  return {
    append,
    all,
    /** Events that readers may see. */
    stream: (name) => visible(streams.get(name) ?? [], all.at(-1)?.position ?? -1),
    /** Resolves when something is committed. `onWait` is given the same resolve. */
    grown: (onWait) =>
      new Promise((resolve) => {
        waiters.add(resolve)
        onWait(resolve)
      }),
    count: () => accepted,
  }
}

/** Accepted events that are not flushed yet are at the end. */
const visible = (events, lastPosition) => {
  let end = events.length
  while (end > 0 && events[end - 1].position > lastPosition) end -= 1
  return end === events.length ? events : events.slice(0, end)
}

/**
 * 'fresh', 'conflict', or where a repetition ended. An explicit revision is looked up in the
 * stream for ever; ANY and STREAM_EXISTS in memory only.
 */
const judge = (events, recent, name, expected, proposed, current) => {
  if (expected === 'any' || expected === 'stream-exists') {
    const first = proposed.length === 0 ? undefined : recent.get(`${name} ${proposed[0].id}`)
    if (first !== undefined) return repetitionAt(events, first, proposed)
    return expected === 'any' || current >= 0 ? 'fresh' : 'conflict'
  }
  const wanted = expected === 'no-stream' ? -1 : expected
  if (wanted === current) return 'fresh'
  return wanted > current || proposed.length === 0
    ? 'conflict'
    : repetitionAt(events, wanted + 1, proposed)
}

const repetitionAt = (events, first, proposed) =>
  proposed.every(({ id }, i) => events[first + i]?.id === id)
    ? { last: first + proposed.length - 1 }
    : 'conflict'

/** The index in $all of the record at a position, or -1 when no record starts there. */
export const indexOfPosition = (all, position) => {
  let low = 0
  let high = all.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = all[middle].position
    if (found === position) return middle
    if (found < position) low = middle + 1
    else high = middle - 1
  }
  return -1
}
