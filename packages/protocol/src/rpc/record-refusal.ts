/**
 * Refusals on record: who was refused what, durable before the refusal is answered.
 */
import { type SessionRefusal, SessionRefusalCodecs } from '@grantlog/domain'
import type { EngineError, Position } from '@grantlog/engine'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { errorOf, isEngineError } from './errors.js'
import type { Fault } from './faults.js'
import { accessOf } from './note-allowed.js'
import type { Authorization, Operation } from './operation.js'
import { ACTION_PREFIX } from './product.js'
import { judgedBy, type Scene } from './scene.js'

/** A refused AssumeRole is recorded by the engine itself, as an event of its own. */
const isSessionRefusal = (fault: Fault): fault is SessionRefusal =>
  fault.type in SessionRefusalCodecs

/** Whether a refusal has to be on record before it is answered. */
export const isRecorded = (row: Pick<Operation, 'kind'>, fault: Fault): boolean =>
  !isEngineError(fault) &&
  !isSessionRefusal(fault) &&
  (row.kind === 'command' || fault.type === 'NotAuthorized')

/** Records a refusal. Fails when that could not be done, and then the call fails. */
export const recordRefusal = (
  scene: Scene,
  row: Pick<Operation, 'product' | 'name'>,
  authorization: Authorization | null,
  fault: Fault,
  position: Position | undefined,
): TE.TaskEither<EngineError, void> => {
  const { engine, caller, circumstances } = scene
  const call = {
    action: authorization?.action ?? `${ACTION_PREFIX[row.product]}:${row.name}`,
    resources: authorization?.resources ?? [],
    context: judgedBy(authorization, scene),
  }
  const access = accessOf(scene, call, {
    outcome: fault.type === 'NotAuthorized' || fault.type === 'SwitchedOff' ? 'Denied' : 'Refused',
    code: errorOf(fault).code,
    position: position ?? engine.status().applied,
  })
  return engine.recordAccess(caller.accountId, access, circumstances)
}
