/**
 * An event as EventStoreDB keeps it, and back: JSON content, so that its own tools can show it, and
 * metadata that carry what it has no place for.
 *
 * Texts come back as they were given: one that JSON would spell differently travels beside.
 * `recordedAt` is the server's time, or `notBefore` where that is later: what the writer had seen
 * of the log's time. So it is a function of the stored event alone, the same for every reader, and
 * does not step back behind anything its writer knew when the server's clock does.
 */
import type { AllStreamResolvedEvent, JSONType, ResolvedEvent } from '@eventstore/db-client'
import type { NewEvent, StoredEvent } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

/** What is kept in the metadata of an event. */
const Envelope = t.intersection([
  t.type({ schemaVersion: t.Int, notBefore: t.Int, metadata: t.unknown }),
  t.partial({ dataText: t.string, metadataText: t.string }),
])

export type EnvelopedEvent = {
  readonly id: string
  readonly type: string
  readonly contentType: 'application/json'
  readonly data: JSONType
  readonly metadata: JSONType
}

export const enveloped = (event: NewEvent, notBefore: number): EnvelopedEvent => {
  const { id, type, schemaVersion } = event
  const data = spelled(event.data)
  const metadata = spelled(event.metadata)
  const envelope = {
    schemaVersion,
    notBefore,
    metadata: metadata.value,
    ...(data.text === undefined ? {} : { dataText: data.text }),
    ...(metadata.text === undefined ? {} : { metadataText: metadata.text }),
  }
  return {
    id: id.toLowerCase(),
    type,
    contentType: 'application/json',
    data: data.value as JSONType,
    metadata: envelope,
  }
}

/**
 * The value that is spelled like the text; null and the text where there is none. So the client,
 * which spells the value again, never meets one that it can't.
 */
const spelled = (text: string): { readonly value: unknown; readonly text?: string } => {
  try {
    const value: unknown = JSON.parse(text)
    if (JSON.stringify(value) === text) return { value }
  } catch {
    // Not JSON, or nested deeper than it can be spelled.
  }
  return { value: null, text }
}

/** Null for an event of the server itself: statistics, metadata, links. */
export const unveiled = ({
  event,
}: ResolvedEvent | AllStreamResolvedEvent): E.Either<string, StoredEvent> | null => {
  if (event === undefined || event.streamId.startsWith('$') || event.type.startsWith('$'))
    return null
  const { id, type, streamId: stream, position } = event
  const revision = Number(event.revision)
  const commit = Number(position?.commit ?? Number.NaN)
  if (!Number.isSafeInteger(commit) || !Number.isSafeInteger(revision))
    return E.left(`event ${revision} of ${stream} has a position that is no safe integer`)
  const envelope = Envelope.decode(event.metadata)
  if (E.isLeft(envelope) || !event.isJson)
    return E.left(`event ${revision} of ${stream} was not written by grantlog`)
  const { schemaVersion, notBefore, metadata, dataText, metadataText } = envelope.right
  return E.right({
    id,
    type,
    schemaVersion,
    data: dataText ?? JSON.stringify(event.data),
    metadata: metadataText ?? JSON.stringify(metadata),
    stream,
    revision,
    position: commit,
    recordedAt: Math.max(event.created.getTime(), notBefore),
  })
}
