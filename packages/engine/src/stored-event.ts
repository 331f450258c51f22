/**
 * Between an event of the domain and the event that a log stores: encoding, decoding, and the
 * upgrade of old shapes.
 *
 * Invariant: what was decoded and encoded again is what was stored.
 */
import {
  type AccountId,
  type DomainEvent,
  type DomainEventType,
  EventCodecs,
  EventMetadata,
  isCritical,
  isForViews,
  parseStream,
  type Recorded,
  readerOf,
  schemaVersionOf,
} from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import { PathReporter } from 'io-ts/lib/PathReporter.js'
import type { NewEvent, StoredEvent } from './ports.js'
import { parseTraceparent } from './traceparent.js'

/** An event of a type that this version does not know. */
export type UnknownEvent = {
  readonly type: 'UnknownEvent'
  readonly eventType: string
  readonly position: number
  readonly critical: boolean
}

/** An event of a known type whose content does not follow its codec. */
export type UndecodableEvent = {
  readonly type: 'UndecodableEvent'
  readonly eventType: string
  readonly position: number
  readonly stream: string
  readonly accountId: string | undefined
  readonly fault: string
}

type Known = {
  readonly event: DomainEvent
  readonly metadata: EventMetadata
  readonly stored: NewEvent
}

/**
 * How many events that this process wrote are remembered in decoded form. Unit: events.
 */
const WRITTEN_MAX = 16_384

/**
 * What this process wrote last, by event id, so that its own readers need not decode it again.
 * Two generations: the older is dropped when the newer is full.
 */
let written = new Map<string, Known>()
let writtenBefore = new Map<string, Known>()

/** What no reader of views decodes need not be kept for them. */
const rememberWritten = (known: Known): void => {
  if (!isForViews(known.event.type)) return
  if (written.size >= WRITTEN_MAX / 2) {
    writtenBefore = written
    written = new Map()
  }
  written.set(known.stored.id, known)
}

/** Only the very same texts are the same event. */
const recallWritten = (stored: StoredEvent): Known | undefined => {
  const known = written.get(stored.id) ?? writtenBefore.get(stored.id)
  return known !== undefined &&
    known.stored.type === stored.type &&
    known.stored.data === stored.data &&
    known.stored.metadata === stored.metadata &&
    known.stored.schemaVersion === stored.schemaVersion
    ? known
    : undefined
}

/**
 * An event as it is appended. `id` comes from the command, so that saying a command again adds
 * nothing.
 */
export const encodeEvent = (
  id: string,
  event: DomainEvent,
  circumstances: Omit<EventMetadata, 'critical'>,
): NewEvent => {
  const { type, ...data } = event
  const metadata = { ...circumstances, critical: isCritical(type) }
  const stored = {
    id,
    type,
    schemaVersion: schemaVersionOf(type),
    data: JSON.stringify(data),
    metadata: JSON.stringify(metadata),
  }
  rememberWritten({ event, metadata, stored })
  return stored
}

/**
 * The traces that events belong to, each once, in their order: of those that are recorded. What
 * can't be read names none.
 */
export const traceparentsOf = (events: ReadonlyArray<NewEvent>): ReadonlyArray<string> => {
  const found = new Set<string>()
  for (const { id, metadata } of events) {
    const known = written.get(id) ?? writtenBefore.get(id)
    const told = known === undefined ? parsed(metadata) : known.metadata
    const traceparent =
      typeof told === 'object' && told !== null && 'traceparent' in told ? told.traceparent : null
    if (typeof traceparent === 'string' && parseTraceparent(traceparent)?.isSampled)
      found.add(traceparent)
  }
  return [...found]
}

const isKnown = (type: string): type is DomainEventType => Object.hasOwn(EventCodecs, type)

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An unknown event counts as critical unless its metadata says plainly that it is not. */
const saysNotCritical = (metadata: unknown): boolean =>
  typeof metadata === 'object' &&
  metadata !== null &&
  'critical' in metadata &&
  metadata.critical === false

/**
 * The account an event belongs to: from its stream's name, or from its data where a stream holds
 * many accounts.
 */
const accountOf = (stream: string, data: unknown): AccountId | undefined => {
  const { accountId } = parseStream(stream)
  if (accountId !== undefined) return accountId
  return typeof data === 'object' && data !== null && 'accountId' in data
    ? (data.accountId as AccountId)
    : undefined
}

/** Reads a stored event, or says why it cannot be read. */
export const decodeEvent = (
  stored: StoredEvent,
): E.Either<UnknownEvent | UndecodableEvent, Recorded> => {
  const known = recallWritten(stored)
  const accountId = known === undefined ? undefined : accountOf(stored.stream, known.event)
  if (known === undefined || accountId === undefined) return decodeTexts(stored)
  const { id, stream, revision, position, recordedAt } = stored
  const { event, metadata } = known
  return E.right({ id, stream, revision, position, recordedAt, accountId, event, metadata })
}

/** Decodes the texts of an event by its codecs. */
const decodeTexts = (stored: StoredEvent): E.Either<UnknownEvent | UndecodableEvent, Recorded> => {
  const { type: eventType, position, stream, revision, recordedAt, id } = stored
  const metadata = parsed(stored.metadata)
  if (!isKnown(eventType))
    return E.left({
      type: 'UnknownEvent',
      eventType,
      position,
      critical: !saysNotCritical(metadata),
    })

  const data = parsed(stored.data)
  const accountId = accountOf(stream, data)
  const undecodable = (fault: string) =>
    E.left({ type: 'UndecodableEvent' as const, eventType, position, stream, accountId, fault })
  if (typeof data !== 'object' || data === null) return undecodable('its data is not a JSON object')
  if (accountId === undefined) return undecodable('it names no account')
  const read = readerOf(eventType, stored.schemaVersion)
  if (read === undefined)
    return undecodable(`its schema version ${stored.schemaVersion} is not known`)

  const event = read({ type: eventType, ...data })
  if (E.isLeft(event)) return undecodable(PathReporter.report(event).join('; '))
  const decodedMetadata = EventMetadata.decode(metadata)
  if (E.isLeft(decodedMetadata)) return undecodable(PathReporter.report(decodedMetadata).join('; '))

  return E.right({
    id,
    stream,
    revision,
    position,
    recordedAt,
    accountId,
    event: event.right,
    metadata: decodedMetadata.right,
  })
}
