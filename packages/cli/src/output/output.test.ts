/** The formats by themselves: widths, control characters, formulas, colour, progress. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvCell, csvLine } from './csv.js'
import { writerOf } from './format.js'
import { progressLine, progressOf } from './progress.js'
import { tableOf } from './table.js'
import { paintFor, printable, type Terminal, widthOf } from './terminal.js'

describe('CSV', () => {
  /** RFC 4180 as a reader has it, for one record: a quote inside is doubled. */
  const read = (line: string): ReadonlyArray<string> => {
    const cells: string[] = []
    let rest = `${line},`
    while (rest !== '') {
      const [whole = '', quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^,]*)),/.exec(rest) ?? []
      if (whole === '') throw new Error(`no record: ${rest}`)
      cells.push(quoted?.replaceAll('""', '"') ?? plain)
      rest = rest.slice(whole.length)
    }
    return cells
  }

  it('given any texts, then a reader gets them back, but for the sign before a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (texts) => {
        const back = read(csvLine(texts).slice(0, -2))
        expect(
          back.map((cell, index) => cell === texts[index] || cell === `'${texts[index]}`),
        ).toEqual(texts.map(() => true))
      }),
    )
  })

  it('given any text, then no cell begins as a formula does', () => {
    const start = fc.constantFrom('=', '+', '-', '@', '\t=', ' =', '\r', '＝', '\n+', '\u00a0@')
    fc.assert(
      fc.property(start, fc.string(), (sign, rest) => {
        expect(csvCell(sign + rest)).toMatch(/^"?'/)
      }),
    )
  })

  it('given numbers, then they stay numbers', () => {
    expect(csvLine([-1, null, true, 'a,b'])).toBe('-1,,true,"a,b"\r\n')
  })
})

describe('a table', () => {
  const plain = (_: unknown, text: string): string => text

  it('given wide characters, then the columns stand below each other', () => {
    const lines = tableOf(['name', 'n'], plain).lines([
      ['王小明', 7],
      ['alice', 12],
    ])
    expect(lines).toBe('NAME     N\n王小明   7\nalice   12\n')
  })

  it('given a second page, then it has the widths of the first and no head', () => {
    const table = tableOf(['userName'], plain)
    expect(table.lines([['alice']])).toBe('USER NAME\nalice\n')
    expect(table.lines([[null], [true]])).toBe('\nyes\n')
  })

  it('given what commands a terminal, then it is spelt out', () => {
    expect(printable('a\u001b[2Jb\r\nc\u202ed\u009b')).toBe(
      'a\\u001b[2Jb\\u000d\\u000ac\\u202ed\\u009b',
    )
    expect(widthOf('e\u0301')).toBe(1)
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/\p{Cc}/u)
      }),
    )
  })
})

describe('colour', () => {
  it('given a terminal, then there is colour; given none, NO_COLOR or a dumb one, then not', () => {
    expect(paintFor(true, {})('good', 'x')).toBe('\u001b[32mx\u001b[39m')
    for (const paint of [
      paintFor(false, {}),
      paintFor(true, { NO_COLOR: '1' }),
      paintFor(true, { TERM: 'dumb' }),
    ])
      expect(paint('good', 'x')).toBe('x')
    expect(paintFor(true, { NO_COLOR: '' })('good', 'x')).not.toBe('x')
  })
})

describe('progress', () => {
  const drawnOn = (isTerminal: boolean) => {
    const drawn: string[] = []
    const drawing = { columns: 40, draw: (text: string) => void drawn.push(text) }
    const paint = (_: unknown, text: string): string => text
    const terminal: Terminal = {
      write: async () => undefined,
      tell: () => undefined,
      paint,
      paintTalk: paint,
      drawing: isTerminal ? drawing : null,
    }
    return { terminal, drawn }
  }

  it('given a whole, then a bar; given none, then a count', () => {
    expect(progressLine('reading', 50, 200)).toBe(
      'reading  [########                      ]  25 %  50 of 200',
    )
    expect(progressLine('reading', 1500, null)).toBe('reading  1,500')
  })

  it('given a terminal, then it is drawn within its width and cleared at the end', () => {
    const { terminal, drawn } = drawnOn(true)
    const progress = progressOf(terminal, 'reading')
    progress.at(1, 3)
    progress.at(2, 3)
    progress.end()
    expect(drawn).toHaveLength(2)
    expect(drawn[0]?.length).toBeLessThanOrEqual(40 + '\r\u001b[2K'.length)
    expect(drawn[1]).toBe('\r\u001b[2K')
  })

  it('given no terminal, then nothing is drawn', () => {
    const { terminal, drawn } = drawnOn(false)
    const progress = progressOf(terminal, 'reading')
    progress.at(1, 3)
    progress.end()
    expect(drawn).toEqual([])
  })
})

describe('a table of an answer in pages', () => {
  const show = { list: 'rows', heading: () => ['of all'], none: 'None.' }
  const written = async (...pages: ReadonlyArray<{ rows: string[]; next: string | null }>) => {
    let text = ''
    const terminal: Terminal = {
      write: async (more) => {
        text += more
      },
      tell: () => undefined,
      paint: paintFor(false, {}),
      paintTalk: paintFor(false, {}),
      drawing: null,
    }
    const writer = writerOf('table', terminal, show)
    for (const { rows, next } of pages)
      await writer.page({ rows: rows.map((name) => ({ name })), next })
    await writer.end()
    return text
  }
  const empty = { rows: [], next: 'x' }

  it('given no row, then it says so only where the last page was read', async () => {
    expect(await written(empty)).toBe('of all\n')
    expect(await written(empty, { ...empty, next: null })).toBe('of all\n\nNone.\n')
  })

  it('given rows after an empty page, then they are shown, and nothing says that there are none', async () => {
    const text = await written(empty, { rows: ['alice'], next: null })
    expect(text).toBe('of all\n\nNAME\nalice\n')
  })
})
