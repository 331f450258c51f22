/**
 * An event for the outside: CloudEvents 1.0 in structured JSON.
 *
 * Each names its position and the one before it, so that a reader sees a hole, a repetition and
 * the order by itself. Personal data is sealed text in the log already, and stays so.
 */
import { EventMetadata } from '@grantlog/domain'
import type { Position, StoredEvent } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { addressOf } from './subjects.js'

interface DigitsBrand {
  readonly Digits: unique symbol
}
/** CloudEvents' own integers end at 31 bits, so larger ones travel as text. */
const Digits = t.brand(
  t.string,
  (s): s is t.Branded<string, DigitsBrand> =>
    /^(0|[1-9][0-9]{0,15})$/.test(s) && Number.isSafeInteger(Number(s)),
  'Digits',
)

/** The members of CloudEvents itself, and grantlog's own after `data`. */
export const CloudEvent = t.intersection(
  [
    t.type({
      specversion: t.literal('1.0'),
      /** The event's id; unique in its source. */
      id: t.string,
      /** `/grantlog/<stream>`. */
      source: t.string,
      /** `grantlog.<Event>`. */
      type: t.string,
      time: t.string,
      /** The account's uid; `unknown` when the event names none. */
      account: t.string,
      stream: t.string,
      revision: Digits,
      position: Digits,
      /** 0 for the first event. */
      previousposition: Digits,
      schemaversion: t.number,
    }),
    t.partial({
      /** What it is about, by id: `user/<UserId>`. */
      subject: t.string,
      datacontenttype: t.literal('application/json'),
      data: t.unknown,
      /** The event is too large for a message, or its data can't be read: look into the log. */
      dataomitted: t.boolean,
      commandid: t.string,
      requestid: t.string,
      /** Who gave the command, by immutable id. */
      actor: t.string,
      actortype: t.string,
      actoraccount: t.string,
      traceparent: t.string,
    }),
  ],
  'CloudEvent',
)
export type CloudEvent = t.TypeOf<typeof CloudEvent>

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What the metadata says of the circumstances; nothing when it can't be read. */
const circumstancesOf = (text: string): Partial<CloudEvent> => {
  const metadata = EventMetadata.decode(parsed(text))
  if (E.isLeft(metadata)) return {}
  const { commandId, requestId, actor, traceparent } = metadata.right
  return {
    commandid: commandId,
    requestid: requestId,
    actor: actor.principalId,
    actortype: actor.principalType,
    actoraccount: actor.accountId,
    ...(traceparent === undefined ? {} : { traceparent }),
  }
}

const digits = (n: number): CloudEvent['position'] => String(n) as CloudEvent['position']

export type Encoded = { readonly subject: string; readonly body: Buffer }

/** The event as a message of at most `bytesMax`: without its data, if it must. */
export const encodeCloudEvent = (
  stored: StoredEvent,
  previousPosition: Position,
  bytesMax: number,
): Encoded => {
  const { id, type, stream, revision, position, recordedAt, schemaVersion } = stored
  const data = parsed(stored.data)
  const { subject, account, about } = addressOf(stored, data)
  const attributes: CloudEvent = {
    specversion: '1.0',
    id,
    source: `/grantlog/${stream}`,
    type: `grantlog.${type}`,
    ...(about === null ? {} : { subject: about }),
    time: new Date(recordedAt).toISOString(),
    account,
    stream,
    revision: digits(revision),
    position: digits(position),
    previousposition: digits(previousPosition),
    schemaversion: schemaVersion,
    ...circumstancesOf(stored.metadata),
  }
  if (data !== undefined) {
    const datacontenttype = 'application/json' as const
    const body = Buffer.from(JSON.stringify({ ...attributes, datacontenttype, data }))
    if (body.length <= bytesMax) return { subject, body }
  }
  return { subject, body: Buffer.from(JSON.stringify({ ...attributes, dataomitted: true })) }
}

/** Null for anything that is not an event of grantlog. */
export const decodeCloudEvent = (body: Uint8Array): CloudEvent | null => {
  const decoded = CloudEvent.decode(parsed(Buffer.from(body).toString('utf8')))
  return E.isRight(decoded) ? decoded.right : null
}
