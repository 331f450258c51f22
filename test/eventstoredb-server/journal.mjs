/**
 * Where the test server keeps what it acknowledges: one line of JSON per append, flushed before
 * the answer, many appends per flush. Without a folder nothing is kept.
 */
import {
  closeSync,
  fdatasync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  write,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const writeBytes = promisify(write)
const flush = promisify(fdatasync)

export const openJournal = (directory) => (directory === undefined ? inMemory : onDisk(directory))

const inMemory = { load: () => [], append: () => Promise.resolve(), close: () => undefined }

const onDisk = (directory) => {
  mkdirSync(directory, { recursive: true })
  const path = join(directory, 'journal.jsonl')
  const file = openSync(path, 'a+')
  let waiting = []
  let writing = false

  const writeWaiting = async () => {
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      const bytes = Buffer.from(group.map(({ line }) => line).join(''))
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await writeBytes(file, bytes, done, bytes.length - done)
        done += bytesWritten
      }
      await flush(file)
      for (const { resolve } of group) resolve()
    }
    writing = false
  }

  return {
    /** A line that a kill cut off was never acknowledged: it is cut off here too. */
    load: () => {
      const bytes = readFileSync(path)
      const whole = bytes.lastIndexOf(0x0a) + 1
      ftruncateSync(file, whole)
      const lines = bytes.subarray(0, whole).toString().split('\n').slice(0, -1)
      return lines.map((line) => JSON.parse(line).map(eventOf))
    },
    append: (events) =>
      new Promise((resolve) => {
        waiting.push({ line: `${JSON.stringify(events.map(rowOf))}\n`, resolve })
        // The turn of the event loop ends first, so that its other appends share the flush.
        if (!writing) setImmediate(writeWaiting)
        writing = true
      }),
    close: () => closeSync(file),
  }
}

const rowOf = ({ data, metadata, ...event }) => ({
  ...event,
  data: Buffer.from(data).toString('base64'),
  metadata: Buffer.from(metadata).toString('base64'),
})

const eventOf = ({ data, metadata, ...event }) => ({
  ...event,
  data: Buffer.from(data, 'base64'),
  metadata: Buffer.from(metadata, 'base64'),
})
