/**
 * The two streams of the process: data on standard output, talk on standard error; colour only
 * where a person looks.
 */
import { styleText } from 'node:util'
import type { Environment } from '../settings/connection.js'

export type Style = 'good' | 'bad' | 'dim' | 'strong'

export type Paint = (style: Style, text: string) => string

export type Terminal = {
  /** Resolves when the reader has taken it: whoever writes much waits. */
  readonly write: (text: string) => Promise<void>
  /** A line for people. */
  readonly tell: (text: string) => void
  readonly paint: Paint
  readonly paintTalk: Paint
  /** Where progress may be drawn over and over; null where nobody looks. */
  readonly drawing: { readonly columns: number; readonly draw: (text: string) => void } | null
}

const FORMATS = {
  good: 'green',
  bad: 'red',
  dim: 'dim',
  strong: 'bold',
} as const satisfies Readonly<Record<Style, string>>

const plain: Paint = (_, text) => text

const inColour: Paint = (style, text) => styleText(FORMATS[style], text, { validateStream: false })

/** https://no-color.org: set and not empty means no colour. */
export const paintFor = (isTerminal: boolean, env: Environment): Paint =>
  isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb' ? inColour : plain

/** Sequences that move a cursor, colour, or turn the direction of writing. */
const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/** What others named and wrote may not command the terminal of whoever reads it. */
export const printable = (text: string): string =>
  text.replace(
    CONTROL,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const WITHOUT_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u

/** How many columns of a terminal a text takes: two for most characters of East Asia. */
export const widthOf = (text: string): number => {
  let width = 0
  for (const character of text)
    width += WITHOUT_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return width
}

/** Ends quietly when the reader has seen enough, as `head` does. */
const endWithReader = (stream: NodeJS.WriteStream): void => {
  stream.on('error', (fault: NodeJS.ErrnoException) => {
    if (fault.code === 'EPIPE') process.exit()
    throw fault
  })
}

export const terminalOf = (
  out: NodeJS.WriteStream,
  err: NodeJS.WriteStream,
  env: Environment,
): Terminal => {
  endWithReader(out)
  endWithReader(err)
  return {
    write: (text) =>
      new Promise((resolve) => {
        out.write(text, () => resolve())
      }),
    tell: (text) => void err.write(`${text}\n`),
    paint: paintFor(out.isTTY === true, env),
    paintTalk: paintFor(err.isTTY === true, env),
    drawing:
      err.isTTY === true && env['TERM'] !== 'dumb'
        ? { columns: err.columns ?? 80, draw: (text) => void err.write(text) }
        : null,
  }
}
