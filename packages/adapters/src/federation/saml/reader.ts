/**
 * The way to the thread that reads XML. The thread is started when it is first needed; one that
 * takes too long is ended, and the next question starts another.
 */
import type { EngineError } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { startThread, type Thread } from '../../thread.js'
import type { SamlAnswer, SamlQuestion } from './messages.js'

/** How long a question may take, those before it included. Unit: milliseconds. */
const ANSWER_MS_MAX = 5_000

/** How many questions may wait. */
const WAITING_MAX = 32

/** Unit: mebibytes. */
const ROOM = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 }

export type SamlReader = {
  readonly ask: (question: SamlQuestion) => Promise<E.Either<EngineError, SamlAnswer>>
  readonly close: () => Promise<void>
}

export const samlReader = (
  script: URL = new URL('./saml-thread.js', import.meta.url),
  answerMsMax: number = ANSWER_MS_MAX,
): SamlReader => {
  let thread: Thread<SamlQuestion, SamlAnswer> | undefined
  let waiting = 0

  const end = async (): Promise<void> => {
    const ended = thread
    thread = undefined
    await ended?.end()
  }

  return {
    ask: async (question) => {
      if (waiting >= WAITING_MAX) return E.left({ type: 'Overloaded', waiting })
      // It gets no environment: nothing in there is its business.
      thread ??= startThread(script, null, { env: {}, resourceLimits: ROOM })
      const asked = thread
      waiting += 1
      let deadline: NodeJS.Timeout | undefined
      const late = new Promise<never>((_, reject) => {
        deadline = setTimeout(() => reject(new Error('too late')), answerMsMax)
      })
      try {
        return E.right(await Promise.race([asked.ask(question), late]))
      } catch {
        if (thread === asked) thread = undefined
        await asked.end()
        return E.left({ type: 'Overloaded', waiting })
      } finally {
        clearTimeout(deadline)
        waiting -= 1
      }
    },
    close: end,
  }
}
