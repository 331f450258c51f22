/**
 * Questions to the STS workers over request and reply: one subject per shard, one queue group, so
 * that each question goes to one of the workers of a shard.
 */
import type { IssueRequests, Position } from '@grantlog/engine'
import type { Msg } from 'nats'
import type { NatsLink } from './link.js'
import { decodeMessage, IssueAnswer, IssueMessage, issueSubject } from './wire.js'

/** How long an answer is waited for. Unit: milliseconds. */
export const ISSUE_REQUEST_MS_MAX = 800

/** How many questions a worker has in hand; what is beyond is dropped, and its asker reads on. */
const QUESTIONS_MAX = 4_096

export const natsIssueRequests = (
  link: NatsLink,
  { timeoutMs = ISSUE_REQUEST_MS_MAX }: { readonly timeoutMs?: number } = {},
): IssueRequests => {
  const answer = (message: Msg, position: Position | null): void => {
    try {
      message.respond(JSON.stringify({ position }))
    } catch {
      // The connection is gone; the asker reads the log.
    }
  }

  return {
    request: async (question) => {
      const connection = link.connection()
      if (connection === null) return null
      try {
        const text = JSON.stringify(question)
        const subject = issueSubject(question.shard)
        const message = await connection.request(subject, text, { timeout: timeoutMs })
        const answered = decodeMessage(IssueAnswer, message)
        if (answered === null) link.drop(message)
        return answered?.position ?? null
      } catch {
        return null
      }
    },
    serve: (shard, handler) => {
      const inHand = new Set<Promise<void>>()
      const subject = issueSubject(shard)
      const subscription = link.subscribe(subject, { queue: subject }, (message) => {
        const question = decodeMessage(IssueMessage, message)
        if (question?.shard !== shard || inHand.size >= QUESTIONS_MAX) return link.drop(message)
        const work = Promise.resolve(question)
          .then(handler)
          .catch(() => null)
          .then((position) => answer(message, position))
          .finally(() => inHand.delete(work))
        inHand.add(work)
      })
      return {
        stop: async () => {
          await subscription.stop()
          await Promise.all(inHand)
        },
      }
    },
  }
}
