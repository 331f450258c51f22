/**
 * Percent-encoding as signatures demand it (RFC 3986), and the decoding of what was sent.
 *
 * Everything but letters, digits, '-', '_', '.' and '~' is encoded, in upper-case hex, from UTF-8.
 */

const UNRESERVED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~'

const hexOf = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`

/** The encoding of each byte; '' for those that stand for themselves. */
const ENCODED: ReadonlyArray<string> = Array.from({ length: 256 }, (_, byte) =>
  byte < 128 && UNRESERVED.includes(String.fromCharCode(byte)) ? '' : hexOf(byte),
)

const encodeUtf8 = (text: string): string => {
  let out = ''
  for (const byte of Buffer.from(text, 'utf8')) {
    const encoded = ENCODED[byte]
    out += encoded === '' ? String.fromCharCode(byte) : encoded
  }
  return out
}

/** Encodes a name or a value. Text of unreserved characters comes back as it is. */
export const encodePercent = (text: string): string => {
  let out = ''
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code > 127) return encodeUtf8(text)
    const encoded = ENCODED[code]
    if (encoded === '') continue
    out += text.slice(from, at) + encoded
    from = at + 1
  }
  return from === 0 ? text : out + text.slice(from)
}

/**
 * Decodes what was sent; a bare '+' is a space. Null for a broken escape or for what is not UTF-8.
 */
export const decodePercent = (raw: string): string | null => {
  const spaced = raw.includes('+') ? raw.replaceAll('+', ' ') : raw
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return null
  }
}
