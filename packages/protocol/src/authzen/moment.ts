/**
 * The moment that a question of AuthZEN is asked at: now or, by the options `at` or `position`,
 * which are grantlog's own, any moment of the past.
 */
import { type Moment, positionOf } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import type { Scene } from '../rpc/scene.js'
import { type GivenMoment, momentOf } from '../v1/moment.js'
import { noteAnswer, noteSubject } from '../v1/note-decision.js'
import type { ReadFault } from '../v1/problem.js'
import type { World } from './evaluate.js'
import type { KnownEntities } from './known-entities.js'

/** The world as it is when the call is answered. */
export type Asking = () => E.Either<ReadFault, World>

/** Questions about now are accesses: whoever asks is about to let somebody do something. */
const noteOf = (scene: Scene, moment: Moment): Pick<World, 'note'> =>
  moment.type === 'Now'
    ? {
        note: {
          answer: (question, answer, entityId) => noteAnswer(scene, question, answer, entityId),
          subject: (came, contextOf) => noteSubject(scene, came, contextOf),
        },
      }
    : {}

const given = (options: unknown): GivenMoment | null => {
  if (options === undefined) return undefined
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return null
  const { at, position } = options as { readonly at?: unknown; readonly position?: unknown }
  if (at !== undefined && position !== undefined) return null
  if (at !== undefined) return typeof at === 'string' ? at : null
  if (position === undefined) return undefined
  return typeof position === 'string' || typeof position === 'number' ? { position } : null
}

export const askingOf = (
  scene: Scene,
  entities: KnownEntities,
  options: unknown,
): E.Either<ReadFault, Asking> => {
  const { engine, caller } = scene
  const { accountId } = caller
  const named = given(options)
  const moment = named === null ? null : momentOf(engine, accountId, named)
  if (moment === null) {
    const fault = 'at must be an RFC 3339 time, position a position, and only one be given'
    return E.left({ type: 'BodyMalformed', pointer: '/options', fault })
  }
  return E.right(() => {
    const now = engine.clock.now()
    const present = { applied: engine.status().applied, now }
    const position = positionOf(engine.views, accountId, moment, present)
    if (E.isLeft(position)) return position
    const time = { Now: now, AtTime: 'time' in moment ? moment.time : now, AtPosition: undefined }
    return E.right({
      engine,
      entities,
      accountId,
      position: position.right,
      time: time[moment.type],
      ...noteOf(scene, moment),
    })
  })
}
