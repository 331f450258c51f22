/**
 * The shape of a route of the read API: what it is, what it needs permission for, and how it
 * answers.
 */
import type { Position } from '@grantlog/engine'
import type * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Fault } from '../rpc/faults.js'
import type { Scene } from '../rpc/scene.js'
import type { ReceivedCall } from '../signature/call.js'
import type { Verifier } from '../signature/verify.js'
import type { RouteAbout } from './about.js'
import type { GivenNotes } from './notes.js'
import type { PathParts } from './path.js'
import type { ReadFault } from './problem.js'

export type ReadAnswer = {
  readonly body: Readonly<Record<string, unknown>>
  /** Written in place of the body: whole lines, made as they are read. */
  readonly lines?: AsyncIterable<string>
  readonly position: Position
}

export type PreparedRead = {
  readonly action: string
  readonly resource: string
  /** Where the permission is needed for more than one. */
  readonly moreResources?: ReadonlyArray<string>
  /** What a denial names in place of the resource, which would tell more than was asked. */
  readonly toldResource?: string
  /**
   * What is put on record beside the log's own events. Reads of what happened are, always; of an
   * order its refusals are, for what it does is an event; of a question only that it was denied,
   * since questions are asked all the time.
   */
  readonly onRecord: 'Always' | 'Refusals' | 'Denials'
  /** Of an order: what its body says of why it is given. */
  readonly notes?: GivenNotes
  readonly run: (scene: Scene) => TE.TaskEither<Fault | ReadFault, ReadAnswer>
}

export type Route = {
  readonly method: 'GET' | 'POST'
  /** True where it asks for a change. */
  readonly isCommand?: true
  /** The largest body that it takes; that of the read API when left out. Unit: bytes. */
  readonly bodyBytesMax?: number
  readonly about: RouteAbout
  readonly prepare: (
    call: ReceivedCall,
    parts: PathParts,
    scene: Scene,
    /** For a call that another service received. */
    verifier: Verifier,
  ) => E.Either<Fault | ReadFault, PreparedRead>
}
