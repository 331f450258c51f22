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
  /** Takes out at most `limit` sessions that are over at `now`, the earliest first. */
  readonly takeDue: (now: number, limit: number) => ReadonlyArray<OpenSession>
  readonly size: () => number
}

export const openSessions = (): OpenSessions => {
  const heap: OpenSession[] = []
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
      heap.push(session)
      rise(heap.length - 1)
    },
    takeDue: (now, limit) => {
      const due: OpenSession[] = []
      while (due.length < limit && expiry(0) <= now) {
        const session = takeFirst()
        if (session !== undefined) due.push(session)
      }
      return due
    },
    size: () => heap.length,
  }
}
