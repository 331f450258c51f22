/**
 * Progress of long work: a bar where the whole is known, a count where it is not. Drawn on standard
 * error and only on a terminal, and gone when the work is done.
 */
import type { Terminal } from './terminal.js'

export type Progress = {
  /** `whole` is null where nobody knows it. */
  readonly at: (done: number, whole: number | null) => void
  readonly end: () => void
}

const REDRAW_EVERY_MS = 100
const BAR_COLUMNS = 30

/** e.g. `replaying  [##########          ]  33 %  1,000,000 of 3,000,000`. */
export const progressLine = (what: string, done: number, whole: number | null): string => {
  if (whole === null || whole <= 0) return `${what}  ${done.toLocaleString('en')}`
  const share = Math.min(1, Math.max(0, done / whole))
  const bar = '#'.repeat(Math.round(share * BAR_COLUMNS)).padEnd(BAR_COLUMNS)
  const percent = String(Math.floor(share * 100)).padStart(3)
  const counts = `${done.toLocaleString('en')} of ${whole.toLocaleString('en')}`
  return `${what}  [${bar}] ${percent} %  ${counts}`
}

const CLEAR = '\r\u001b[2K'

export const progressOf = ({ drawing }: Terminal, what: string): Progress => {
  if (drawing === null) return { at: () => undefined, end: () => undefined }
  let drawnAt = Number.NEGATIVE_INFINITY
  return {
    at: (done, whole) => {
      const now = performance.now()
      if (now - drawnAt < REDRAW_EVERY_MS) return
      drawnAt = now
      drawing.draw(`${CLEAR}${progressLine(what, done, whole).slice(0, drawing.columns - 1)}`)
    },
    end: () => {
      if (drawnAt !== Number.NEGATIVE_INFINITY) drawing.draw(CLEAR)
    },
  }
}
