/**
 * The event that the append benches write: a user was created, with everything that a real one
 * carries: a bit over 400 bytes as one line of JSON.
 */
import { randomIds } from '@grantlog/adapters/system'
import { EventCodecs, EventMetadata } from '@grantlog/domain'
import { demand } from './statistics.mjs'

export const ACCOUNT_ID = '1234567890123456'

const ids = randomIds()

export const circumstancesOf = (commandId) => ({
  commandId,
  requestId: commandId,
  actor: {
    accountId: ACCOUNT_ID,
    principalType: 'Root',
    principalId: ACCOUNT_ID,
    arn: `acs:ram::${ACCOUNT_ID}:root`,
  },
})

/** A new event of the domain, in the shape in which the log takes it. */
export const newEvent = () => {
  const commandId = ids.uuid()
  const userId = ids.userId()
  const event = { userId, userName: `u${userId}` }
  const metadata = { ...circumstancesOf(commandId), critical: true }
  return {
    id: ids.eventId(commandId, 0),
    type: 'UserCreated',
    schemaVersion: 1,
    data: JSON.stringify(event),
    metadata: JSON.stringify(metadata),
  }
}

/** The same event as the floor keeps it. */
export const lineOf = ({ id, type, schemaVersion, data, metadata }) =>
  `{"id":"${id}","type":"${type}","schemaVersion":${schemaVersion},"data":${data},"metadata":${metadata}}\n`

/** The size of a line, after a look that the event is one that the domain reads. Unit: bytes. */
export const checkedLineBytes = () => {
  const event = newEvent()
  const data = { type: event.type, ...JSON.parse(event.data) }
  demand(
    EventCodecs.UserCreated.decode(data)._tag === 'Right',
    'the event does not follow its codec',
  )
  demand(
    EventMetadata.decode(JSON.parse(event.metadata))._tag === 'Right',
    'neither does its metadata',
  )
  const line = lineOf(event)
  demand(JSON.parse(line).id === event.id, 'the line of the floor is not JSON')
  return Buffer.byteLength(line)
}
