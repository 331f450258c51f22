/**
 * Append and BatchAppend: one call per append, or one call for all appends of a connection.
 */
import {
  appendConflict,
  appendSuccess,
  batchBadRequest,
  batchConflict,
  batchSuccess,
  batchTimeout,
  batchTooLarge,
  bytesOf,
  expectedOf,
  failure,
  grpc,
  nameOf,
  proposedOf,
} from './wire.mjs'

const { ABORTED, INVALID_ARGUMENT, UNAVAILABLE } = grpc.status

const BROKEN = failure(UNAVAILABLE, 'the connection broke')

/**
 * What became of an append, after its flush. `Silence` is the server that never answers,
 * `Broken` the connection that ends.
 */
const outcomeOf = async ({ store, switches, maxAppendBytes }, name, expected, messages) => {
  if (switches.state.mute) return { type: 'Silence' }
  await switches.pause()
  if (switches.due('loseRequests')) return { type: 'Broken' }
  if (switches.due('timeouts')) return { type: 'Timeout' }
  const proposed = messages.map(proposedOf)
  if (proposed.includes(null)) return { type: 'BadRequest' }
  const bytes = proposed.reduce((sum, event) => sum + bytesOf(event), 0)
  if (bytes > maxAppendBytes) return { type: 'TooLarge' }
  const outcome = store.append(name, expected, proposed)
  if (outcome.type === 'Conflict') return outcome
  await outcome.committed
  if (switches.due('dropAcks')) return { type: 'Silence' }
  return switches.due('breakAcks') ? { type: 'Broken' } : outcome
}

export const appendHandler = (server) => (call, callback) => {
  const away = server.switches.sentAway(call.metadata)
  if (away !== null) return callback(away)
  let options = null
  const messages = []
  call.on('data', (request) => {
    if (request.hasOptions()) options = request.getOptions()
    else messages.push(request.getProposedMessage())
  })
  call.on('error', () => undefined)
  call.on('end', async () => {
    if (options === null) return callback(failure(INVALID_ARGUMENT, 'no options'))
    const name = nameOf(options.getStreamIdentifier())
    const expected = expectedOf(options, options.getRevision())
    const outcome = await outcomeOf(server, name, expected, messages)
    switch (outcome.type) {
      case 'Silence':
        return undefined
      case 'Broken':
        return callback(BROKEN)
      case 'Timeout':
        return callback(failure(ABORTED, 'Operation timed out'))
      case 'BadRequest':
        return callback(failure(INVALID_ARGUMENT, 'an event without a proper id or type'))
      case 'TooLarge':
        return callback(
          failure(INVALID_ARGUMENT, `Maximum Append Size of ${server.maxAppendBytes} Exceeded.`, {
            exception: 'maximum-append-size-exceeded',
            'maximum-append-size': String(server.maxAppendBytes),
          }),
        )
      case 'Conflict':
        return callback(null, appendConflict(expected, outcome.current))
      case 'Appended':
        return callback(null, appendSuccess(outcome.last))
    }
  })
}

/** An append may come in several messages; the first has its options, the last says so. */
export const batchAppendHandler = (server) => (call) => {
  const away = server.switches.sentAway(call.metadata)
  if (away !== null) return call.destroy(Object.assign(new Error(away.details), away))
  const pending = new Map()
  const write = (response) => {
    if (!call.cancelled && !call.destroyed) call.write(response)
  }
  const answer = async (correlationId, { name, expected, messages }) => {
    const outcome = await outcomeOf(server, name, expected, messages)
    switch (outcome.type) {
      case 'Silence':
        return undefined
      case 'Broken':
        return call.destroy(Object.assign(new Error(BROKEN.details), BROKEN))
      case 'Timeout':
        return write(batchTimeout(correlationId, name))
      case 'BadRequest':
        return write(batchBadRequest(correlationId, name, 'an event without a proper id or type'))
      case 'TooLarge':
        return write(batchTooLarge(correlationId, name, server.maxAppendBytes))
      case 'Conflict':
        return write(batchConflict(correlationId, name, expected, outcome.current))
      case 'Appended':
        return write(batchSuccess(correlationId, name, outcome.last))
    }
  }
  call.on('data', (request) => {
    const id = request.getCorrelationId().getString()
    const options = request.getOptions()
    const append = pending.get(id) ?? {
      name: nameOf(options.getStreamIdentifier()),
      expected: expectedOf(options, options.getStreamPosition()),
      messages: [],
    }
    pending.set(id, append)
    append.messages.push(...request.getProposedMessagesList())
    if (!request.getIsFinal()) return
    pending.delete(id)
    answer(request.getCorrelationId(), append)
  })
  call.on('error', () => undefined)
  call.on('end', () => call.end())
}
