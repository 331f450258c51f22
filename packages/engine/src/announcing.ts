/**
 * A log that tells the other nodes of each append. The hint follows the acknowledgement and is not
 * waited for: an append never depends on it.
 */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Hints } from './messaging.js'
import type { EventLog } from './ports.js'

export const announcing = (log: EventLog, hints: Pick<Hints, 'announce'>): EventLog => ({
  ...log,
  append: (stream, expected, events) =>
    pipe(
      log.append(stream, expected, events),
      TE.map((appended) => {
        hints.announce(appended.position)
        return appended
      }),
    ),
})
