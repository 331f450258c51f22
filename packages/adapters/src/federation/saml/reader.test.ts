/** The way to the thread that reads XML, when the thread does not do as it should. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { samlReader } from './reader.js'

const script = (text: string): URL => new URL(`data:text/javascript,${encodeURIComponent(text)}`)

/** Hangs at a document that says so, as a parser might, and reads every other. */
const HANGING = script(`
  import { parentPort } from 'node:worker_threads'
  parentPort.on('message', ({ document }) => {
    while (document === 'hang') {}
    parentPort.postMessage({ type: 'Read', metadata: { read: document } })
  })
`)

const asking = (document: string) => ({ type: 'ReadMetadata', document, now: 0 }) as const

describe('the reader of XML', () => {
  it('given a document that keeps the thread busy, then it is refused, and the next is read by another', async () => {
    const reader = samlReader(HANGING, 3_000)
    expect(await reader.ask(asking('hang'))).toMatchObject(E.left({ type: 'Overloaded' }))
    expect(await reader.ask(asking('fine'))).toMatchObject(
      E.right({ type: 'Read', metadata: { read: 'fine' } }),
    )
    await reader.close()
  })
  it('given a thread that dies of what it reads, then that is refused, and nothing else ends', async () => {
    const reader = samlReader(script('process.exit(7)'), 5_000)
    expect(await reader.ask(asking('any'))).toMatchObject(E.left({ type: 'Overloaded' }))
    await reader.close()
  })
  it('given more questions than may wait, then those beyond are refused at once', async () => {
    const reader = samlReader(HANGING, 3_000)
    const answers = Array.from({ length: 40 }, () => reader.ask(asking('hang')))
    expect(await answers[39]).toMatchObject(E.left({ type: 'Overloaded', waiting: 32 }))
    await reader.close()
    await Promise.all(answers)
  })
})
