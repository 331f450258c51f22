/**
 * How operations come to their answers: a command is executed, a question is asked of the
 * directory.
 */
import type { AccountCommand } from '@grantlog/domain'
import type { Executed } from '@grantlog/engine'
import type { DirectoryState } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { AnswerMembers } from './envelope.js'
import type { Fault } from './faults.js'
import type { Answer } from './operation.js'
import type { Scene } from './scene.js'

/** Has a command executed on the caller's account. */
export const execute = (
  { engine, caller, circumstances }: Scene,
  command: AccountCommand,
): TE.TaskEither<Fault, Executed> => engine.execute(caller.accountId, command, circumstances)

/** Executes a command whose answer is that it was done. */
export const done = (scene: Scene, command: AccountCommand): TE.TaskEither<Fault, Answer> =>
  pipe(
    execute(scene, command),
    TE.map(({ position }) => ({ members: {}, position })),
  )

/** Executes a command, then shows what has become of things. */
export const doneAndShown = (
  scene: Scene,
  command: AccountCommand,
  show: (executed: Executed) => TE.TaskEither<Fault, AnswerMembers>,
): TE.TaskEither<Fault, Answer> =>
  pipe(
    execute(scene, command),
    TE.flatMap((executed) =>
      pipe(
        show(executed),
        TE.map((members) => ({ members, position: executed.position })),
      ),
    ),
  )

/** Answers from the directory as it is at this moment, all of it at one position. */
export const asked = (
  { engine, caller }: Scene,
  ask: (directory: DirectoryState, accountId: string) => E.Either<Fault, AnswerMembers>,
): TE.TaskEither<Fault, Answer> =>
  TE.fromIOEither(() => {
    const position = engine.status().applied
    return pipe(
      ask(engine.views.directory, caller.accountId),
      E.map((members) => ({ members, position })),
    )
  })

/** What was looked for, or the refusal that says it is not there. */
export const found = <A, F extends Fault>(value: A | undefined, fault: F): E.Either<F, A> =>
  value === undefined ? E.left(fault) : E.right(value)
