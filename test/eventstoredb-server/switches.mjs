/**
 * The faults that a test may order. Numbers count down: each such call has the fault once.
 */
import { failure, grpc } from './wire.mjs'

/** `user` is `name:password`; when there is one, everybody else is refused. */
export const openSwitches = (address, user) => {
  const state = {
    /** Nothing is answered, and nothing that is asked happens. */
    mute: false,
    /** Each answer comes this much later. Unit: milliseconds. */
    slowMs: 0,
    /** Added to the clock that stamps events. Unit: milliseconds. */
    clockOffsetMs: 0,
    /** Subscriptions stay open and deliver nothing. */
    stalled: false,
    /** Appends that happen and are never answered. */
    dropAcks: 0,
    /** Appends that happen and whose call breaks. */
    breakAcks: 0,
    /** Appends that do not happen and whose call breaks. */
    loseRequests: 0,
    /** Appends that do not happen and are told that the server was too slow. */
    timeouts: 0,
    /** Calls that ask for the leader and are sent away. */
    notLeader: 0,
    /** Questions for the server's features that fail. */
    failFeatures: 0,
  }

  /** Whether a counted fault is due now. */
  const due = (name) => {
    if (state[name] === 0) return false
    state[name] -= 1
    return true
  }

  return {
    state,
    due,
    set: (changes) => Object.assign(state, changes),
    pause: async () => {
      if (state.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, state.slowMs))
    },
    /** The error of a call by a stranger, or that should have gone to the leader; else null. */
    sentAway: (metadata) => {
      const [authorization] = metadata.get('authorization')
      if (user !== undefined && authorization !== basic(user))
        return failure(grpc.status.PERMISSION_DENIED, 'Access Denied', {
          exception: 'access-denied',
        })
      if (metadata.get('requires-leader')[0] !== 'true' || !due('notLeader')) return null
      const { host, port } = address()
      return failure(grpc.status.NOT_FOUND, 'Leader info available', {
        exception: 'not-leader',
        'leader-endpoint-host': host,
        'leader-endpoint-port': String(port),
      })
    },
  }
}

const basic = (user) => `Basic ${Buffer.from(user).toString('base64')}`
