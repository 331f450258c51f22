/**
 * An event as a leaf of the tree: every field, each preceded by its length, so that no two events
 * read the same.
 */
import { type Hash, leafHash } from './merkle.js'

export const eventLeaf = (
  position: number,
  stream: string,
  revision: number,
  id: string,
  type: string,
  schemaVersion: number,
  recordedAt: number,
  data: string,
  metadata: string,
): Hash =>
  leafHash(
    digits(position) +
      text(stream) +
      digits(revision) +
      text(id) +
      text(type) +
      digits(schemaVersion) +
      digits(recordedAt) +
      text(data) +
      text(metadata),
  )

/** Length in UTF-8 bytes, a colon, the text. */
const text = (value: string): string => `${Buffer.byteLength(value)}:${value}`

const digits = (value: number): string => {
  const written = String(value)
  return `${written.length}:${written}`
}
