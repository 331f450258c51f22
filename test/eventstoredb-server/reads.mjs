/**
 * Read: pages of a stream or of $all in both directions, and subscriptions to $all.
 *
 * Reads include the position they start at, subscriptions do not; backwards is strictly before.
 */
import { randomUUID } from 'node:crypto'
import { indexOfPosition } from './store.mjs'
import {
  caughtUp,
  checkpoint,
  confirmation,
  failure,
  fellBehind,
  grpc,
  nameOf,
  readEvent,
  streamNotFound,
} from './wire.mjs'

const { CANCELLED, INVALID_ARGUMENT } = grpc.status

const FORWARDS = 0

/** How many events of a live subscriber may wait before it is told that it fell behind. */
const LIVE_BUFFER_EVENTS = 32

const WINDOW_EVENTS_DEFAULT = 32

const NO_RECORD = failure(INVALID_ARGUMENT, 'Unexpected position: no record starts there')

export const readHandler = (server, subscriptions) => async (call) => {
  const { store, switches } = server
  if (switches.state.mute) return undefined
  const away = switches.sentAway(call.metadata)
  if (away !== null) return call.emit('error', away)
  await switches.pause()
  const options = call.request.getOptions()
  if (options.hasSubscription()) return subscribe(server, subscriptions, call, options)
  const count = Number(options.getCount())
  const found = options.hasStream()
    ? pageOfStream(store, options, count)
    : pageOfAll(store, options, count)
  if (found.error !== undefined) return call.emit('error', found.error)
  if (found.missing !== undefined) await send(call, streamNotFound(found.missing))
  for (const event of found.events ?? []) {
    if (call.cancelled) return undefined
    await send(call, readEvent(event))
  }
  return call.end()
}

const READY_AGAIN = ['drain', 'cancelled', 'close', 'error']

/** Resolves when the call takes more, or takes no more at all. */
const send = (call, message) => {
  if (call.cancelled || call.destroyed || call.write(message)) return undefined
  return new Promise((resolve) => {
    const done = () => {
      for (const name of READY_AGAIN) call.off(name, done)
      resolve()
    }
    for (const name of READY_AGAIN) call.on(name, done)
  })
}

const pageOfStream = (store, options, count) => {
  const from = options.getStream()
  const name = nameOf(from.getStreamIdentifier())
  const events = store.stream(name)
  if (events.length === 0) return { missing: name }
  const revision = Number(from.getRevision())
  if (options.getReadDirection() === FORWARDS) {
    const start = from.hasStart() ? 0 : from.hasEnd() ? events.length : revision
    return { events: events.slice(start, start + count) }
  }
  const last = from.hasStart() ? 0 : from.hasEnd() ? events.length - 1 : revision
  const end = Math.min(last, events.length - 1) + 1
  return { events: events.slice(Math.max(0, end - count), end).reverse() }
}

const pageOfAll = ({ all }, options, count) => {
  const from = options.getAll()
  const index = from.hasPosition()
    ? indexOfPosition(all, Number(from.getPosition().getCommitPosition()))
    : from.hasStart()
      ? 0
      : all.length
  if (index < 0) return { error: NO_RECORD }
  if (options.getReadDirection() === FORWARDS) return { events: all.slice(index, index + count) }
  return { events: all.slice(Math.max(0, index - count), index).reverse() }
}

/** Whether an event passes, by the filter of a subscription. */
const filterOf = (options) => {
  if (!options.hasFilter()) return () => true
  const filter = options.getFilter()
  const byStream = filter.hasStreamIdentifier()
  const expression = byStream ? filter.getStreamIdentifier() : filter.getEventType()
  const prefixes = expression.getPrefixList()
  const pattern = new RegExp(expression.getRegex())
  const matches =
    prefixes.length > 0
      ? (text) => prefixes.some((prefix) => text.startsWith(prefix))
      : (text) => pattern.test(text)
  return (event) => matches(byStream ? event.stream : event.type)
}

/** After how many considered events a filtered subscription reports where it is. */
const checkpointEvery = (options) => {
  if (!options.hasFilter()) return Number.POSITIVE_INFINITY
  const filter = options.getFilter()
  const window = filter.hasMax() ? filter.getMax() : WINDOW_EVENTS_DEFAULT
  return Math.max(1, filter.getCheckpointintervalmultiplier()) * window
}

const subscribe = async ({ store, switches }, subscriptions, call, options) => {
  const { all } = store
  const from = options.getAll()
  const position = Number(from.getPosition()?.getCommitPosition() ?? 0)
  const at = from.hasPosition() ? indexOfPosition(all, position) : -1
  if (from.hasPosition() && at < 0) return call.emit('error', NO_RECORD)
  if (options.hasStream()) return call.emit('error', failure(INVALID_ARGUMENT, 'only $all here'))

  const run = { ended: false, wake: () => undefined, call }
  const stop = () => {
    run.ended = true
    subscriptions.delete(run)
    run.wake()
  }
  subscriptions.add(run)
  call.on('cancelled', stop)
  call.on('close', stop)
  call.on('error', stop)

  const passes = filterOf(options)
  const interval = checkpointEvery(options)
  let next = from.hasEnd() ? all.length : at + 1
  let considered = 0
  let live = false
  await send(call, confirmation(randomUUID()))
  while (!run.ended) {
    if (next >= all.length || switches.state.stalled) {
      if (!live && next >= all.length) await send(call, caughtUp())
      live ||= next >= all.length
      if (next < all.length && !switches.state.stalled) continue
      await store.grown((wake) => {
        run.wake = wake
      })
      continue
    }
    if (live && all.length - next > LIVE_BUFFER_EVENTS) {
      live = false
      await send(call, fellBehind())
    }
    const event = all[next]
    next += 1
    considered += 1
    if (passes(event)) await send(call, readEvent(event))
    if (considered % interval === 0 && !run.ended) await send(call, checkpoint(event.position))
  }
  return undefined
}

/** Ends every subscription from this side: with OK, or as a server that shuts down. */
export const endSubscriptions = (subscriptions, how) => {
  for (const { call } of [...subscriptions])
    if (how === 'ok') call.end()
    else call.emit('error', failure(CANCELLED, 'the server shuts down'))
}
