/** An error as the server tells it: problem details of RFC 9457. */
import * as t from 'io-ts'
import { Position } from './parts.js'

/** Problem details as the server writes them. Programs go by `code`. */
export const Problem = t.intersection(
  [
    t.type({ status: t.number, code: t.string, detail: t.string }),
    t.partial({
      title: t.string,
      requestId: t.string,
      /** The faulty parameter of a query. */
      parameter: t.string,
      /** The faulty member of a body, as a JSON pointer. */
      pointer: t.string,
      /** The faulty header. */
      header: t.string,
      /** The permission that is missing. */
      action: t.string,
      resource: t.string,
      /** Who had a name that several had: at `to` for the last time, or null for still. */
      bearers: t.readonlyArray(
        t.type({ id: t.string, from: Position, to: t.union([Position, t.null]) }),
      ),
      outcome: t.union([t.literal('ImplicitDeny'), t.literal('ExplicitDeny')]),
    }),
  ],
  'Problem',
)
export type Problem = t.TypeOf<typeof Problem>
