/**
 * The thread of a log's writer: opens the file, then answers one question after the other.
 *
 * The tree is brought up to date after the answer has left, while the log gathers the next group.
 */
import { parentPort, workerData } from 'node:worker_threads'
import * as E from 'fp-ts/lib/Either.js'
import type { Writer } from './writer.js'
import { openWriterIn, type WriterAnswer, type WriterQuestion } from './writer-link.js'

let writer: Writer | null = null

const say = (answer: WriterAnswer): void => parentPort?.postMessage(answer)

const open = (): void => {
  const opened = openWriterIn(String(workerData.directory))
  if (E.isRight(opened)) writer = opened.right
  say({ type: 'Opened', opened: E.map((opened: Writer) => opened.head())(opened) })
}

const answerOf = (writer: Writer, question: WriterQuestion): WriterAnswer => {
  switch (question.type) {
    case 'Commit':
      return { type: 'Answered', answer: writer.commit(question.group) }
    case 'TreeHead':
      return { type: 'TreeHead', head: writer.treeHead() }
    case 'Close':
      writer.close()
      return { type: 'Closed' }
  }
}

parentPort?.on('message', (question: WriterQuestion | { readonly type: 'Open' }) => {
  if (question.type === 'Open') return open()
  if (writer === null) return
  say(answerOf(writer, question))
  if (question.type === 'Commit') writer.settle()
})
