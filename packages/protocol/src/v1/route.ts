/**
 * The shape of a route of the read API: what it needs permission for, and how it answers.
 */
import type { Caller, Position } from '@grantlog/engine'
import type * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Fault } from '../rpc/faults.js'
import type { Scene } from '../rpc/scene.js'
import type { ReceivedCall } from '../signature/call.js'
import type { ReadFault } from './problem.js'

export type ReadAnswer = {
  readonly body: Readonly<Record<string, unknown>>
  readonly position: Position
}

export type PreparedRead = {
  readonly action: string
  readonly resource: string
  /**
   * Reads of what happened are put on record; questions are not, since they are asked all the time.
   */
  readonly isRecorded: boolean
  readonly run: (scene: Scene) => TE.TaskEither<Fault | ReadFault, ReadAnswer>
}

export type Route = {
  readonly method: 'GET' | 'POST'
  /** Null when the path is another's. */
  readonly match: (path: string) => PathParts | null
  readonly prepare: (
    call: ReceivedCall,
    parts: PathParts,
    caller: Caller,
  ) => E.Either<Fault | ReadFault, PreparedRead>
}

export type PathParts = { readonly accountId?: string }
