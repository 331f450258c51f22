/**
 * The floor of a durable append: a file of lines. All lines that wait share one write and one
 * fdatasync, and nobody is answered before that. No index, no revisions, no readers.
 */
import { close, fdatasync, fdatasyncSync, openSync, write, writeSync } from 'node:fs'
import { promisify } from 'node:util'

const writeLater = promisify(write)
const flushLater = promisify(fdatasync)
const closeLater = promisify(close)

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

const inThread = (file) => async (bytes) => {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
  fdatasyncSync(file)
}

/** Node's own thread pool writes and flushes, and this thread goes on. */
const inPool = (file) => async (bytes) => {
  for (let at = 0; at < bytes.length; ) at += (await writeLater(file, bytes, at)).bytesWritten
  await flushLater(file)
}

export const openFloorFile = (path, mode) => {
  const file = openSync(path, 'a')
  const store = mode === 'pool' ? inPool(file) : inThread(file)
  let waiting = []
  let running = null

  const run = async () => {
    await nextTurn()
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      let text = ''
      for (const { line } of group) text += line
      await store(Buffer.from(text))
      for (const { answer } of group) answer()
      await nextTurn()
    }
    running = null
  }

  return {
    append: (line) =>
      new Promise((answer) => {
        waiting.push({ line, answer })
        running ??= run()
      }),
    close: async () => {
      await running
      await closeLater(file)
    },
  }
}
