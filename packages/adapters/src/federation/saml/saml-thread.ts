/**
 * The thread in which XML from outside is parsed: apart from everything that holds a secret, and
 * with little room.
 */
import { parentPort } from 'node:worker_threads'
import type { SamlAnswer, SamlQuestion } from './messages.js'
import { proveAssertion } from './prove-assertion.js'
import { readMetadata } from './read-metadata.js'

const answerTo = async (question: SamlQuestion): Promise<SamlAnswer> => {
  switch (question.type) {
    case 'ProveAssertion': {
      const { response, trust, now } = question
      return { type: 'Proved', proof: await proveAssertion(response, trust, now) }
    }
    case 'ReadMetadata':
      return { type: 'Read', metadata: readMetadata(question.document, question.now) }
  }
}

let last: Promise<unknown> = Promise.resolve()
parentPort?.on('message', (question: SamlQuestion) => {
  // One after the other: answers are told apart by their order.
  last = last.then(async () => parentPort?.postMessage(await answerTo(question)))
})
