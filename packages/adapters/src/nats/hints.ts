/**
 * Hints over NATS: one subject, the newest position wins, and nothing is sent while the server is
 * away.
 */
import type { Hints } from '@grantlog/engine'
import type { NatsLink } from './link.js'
import { decodeMessage, HINT_SUBJECT, HintMessage } from './wire.js'

/** The shortest time between two hints of one process. Unit: milliseconds. */
const HINT_EVERY_MS = 2

export const natsHints = (link: NatsLink): Hints => {
  let newest = 0
  let sent = 0
  let timer: NodeJS.Timeout | undefined

  const send = (): void => {
    timer = undefined
    if (newest <= sent) return
    sent = newest
    try {
      link.connection()?.publish(HINT_SUBJECT, JSON.stringify({ position: newest }))
    } catch {
      // The connection closed this instant. The hint is lost, and a hint may be.
    }
    timer = setTimeout(send, HINT_EVERY_MS)
    timer.unref()
  }

  return {
    announce: (position) => {
      newest = Math.max(newest, position)
      if (timer === undefined) send()
    },
    listen: (onHint) =>
      link.subscribe(HINT_SUBJECT, {}, (message) => {
        const hint = decodeMessage(HintMessage, message)
        if (hint === null) link.drop(message)
        else onHint(hint.position)
      }),
  }
}
