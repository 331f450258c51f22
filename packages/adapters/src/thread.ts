/**
 * A worker thread that answers questions in the order in which they were asked.
 *
 * When the thread dies, every open question and every later one is rejected.
 */
import { Worker, type WorkerOptions } from 'node:worker_threads'

export type Thread<Question, Answer> = {
  readonly ask: (question: Question) => Promise<Answer>
  /** Ends the thread. Questions that are open are rejected. */
  readonly end: () => Promise<void>
}

type Waiting<Answer> = {
  readonly resolve: (answer: Answer) => void
  readonly reject: (cause: unknown) => void
}

/** `script` is a built file; it answers each message with one message. */
export const startThread = <Question, Answer>(
  script: URL,
  workerData: unknown,
  options: Pick<WorkerOptions, 'env' | 'resourceLimits'> = {},
): Thread<Question, Answer> => {
  const worker = new Worker(script, { workerData, ...options })
  const waiting: Array<Waiting<Answer>> = []
  let death: Error | null = null

  const die = (cause: Error): void => {
    death ??= cause
    for (const { reject } of waiting.splice(0)) reject(death)
  }
  worker.on('message', (answer: Answer) => waiting.shift()?.resolve(answer))
  worker.on('messageerror', die)
  worker.on('error', die)
  worker.on('exit', () => die(new Error('the thread has ended')))

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (death !== null) return reject(death)
        waiting.push({ resolve, reject })
        worker.postMessage(question)
      }),
    end: async () => {
      await worker.terminate()
    },
  }
}
