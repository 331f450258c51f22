/**
 * The thread of a view store's writer: opens the file, then answers one question after the other.
 */
import { parentPort, workerData } from 'node:worker_threads'
import * as E from 'fp-ts/lib/Either.js'
import { openViewWriterIn, type ViewQuestion, type ViewThreadAnswer } from './view-link.js'
import type { ViewWriter } from './view-writer.js'

let writer: ViewWriter | null = null

const open = (): ViewThreadAnswer => {
  const opened = openViewWriterIn(String(workerData.directory))
  if (E.isRight(opened)) writer = opened.right
  return { type: 'Opened', opened: E.map(() => null)(opened) }
}

const answer = (question: ViewQuestion): ViewThreadAnswer => {
  if (question.type === 'Open') return open()
  if (writer === null) return { type: 'Failed', detail: 'the file is not open' }
  switch (question.type) {
    case 'Commit':
      return writer.commit(question.commit)
    case 'Reset':
      return writer.reset(question.view)
    case 'Close':
      writer.close()
      writer = null
      return { type: 'Stored' }
  }
}

parentPort?.on('message', (question: ViewQuestion) => parentPort?.postMessage(answer(question)))
