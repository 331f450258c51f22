/**
 * The sessions of one shard that have credentials and no recorded end, in order of expiry: a
 * binary heap.
 */

export type OpenSession = {
  readonly sessionId: string
  readonly accountId: string
  /** Milliseconds since the epoch, UTC. */
  readonly expiresAt: number
}

export type OpenSessions = {
  readonly add: (session: OpenSession) => void
  /** Another worker has recorded its end. */
  readonly close: (sessionId: string) => void
  /** Takes out at most `limit` sessions that are over at `now`, the earliest first. */
  readonly takeDue: (now: number, limit: number) => ReadonlyArray<OpenSession>
  /** When the first of them may be over, or earlier; infinite when there is none. */
  readonly nextExpiry: () => number
  readonly size: () => number
}

export const openSessions = (): OpenSessions => {
  const heap: OpenSession[] = []
  /** Those that are open: a session that was closed stays in the heap until it would be due. */
  const open = new Set<string>()
  const expiry = (index: number): number => heap[index]?.expiresAt ?? Number.POSITIVE_INFINITY
  const swap = (a: number, b: number): void => {
    const [left, right] = [heap[a], heap[b]]
    if (left === undefined || right === undefined) return
    heap[a] = right
    heap[b] = left
  }

  const rise = (start: number): void => {
    let index = start
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (expiry(parent) <= expiry(index)) return
      swap(parent, index)
      index = parent
    }
  }
  const sink = (): void => {
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      const least = expiry(left + 1) < expiry(left) ? left + 1 : left
      if (expiry(least) >= expiry(index)) return
      swap(least, index)
      index = least
    }
  }
  const takeFirst = (): OpenSession | undefined => {
    const [first] = heap
    const last = heap.pop()
    if (last !== undefined && heap.length > 0) {
      heap[0] = last
      sink()
    }
    return first
  }

  return {
    add: (session) => {
      open.add(session.sessionId)
      heap.push(session)
      rise(heap.length - 1)
    },
    close: (sessionId) => {
      open.delete(sessionId)
    },
    takeDue: (now, limit) => {
      const due: OpenSession[] = []
      while (due.length < limit && expiry(0) <= now) {
        const session = takeFirst()
        if (session !== undefined && open.delete(session.sessionId)) due.push(session)
      }
      return due
    },
    nextExpiry: () => expiry(0),
    size: () => open.size,
  }
}
