/**
 * Calls that were judged, as they are put on record: whose, under which circumstances, and what
 * came of it.
 */
import { type JudgedAccess, judgedCaller, type Position } from '@grantlog/engine'
import type { RequestContext } from '@grantlog/policy'
import type { Scene } from './scene.js'

/** What was judged, and the circumstances that it was judged by. */
export type JudgedCall = {
  readonly action: string
  readonly resources: ReadonlyArray<string>
  readonly context: RequestContext
}

/** What came of a call, and where that was decided. */
type Came = Pick<JudgedAccess, 'outcome' | 'code' | 'position'>

export const accessOf = (
  { caller, circumstances }: Scene,
  { action, resources, context }: JudgedCall,
  came: Came,
): JudgedAccess => {
  const { principal, subject } = judgedCaller(caller)
  const { requestId } = circumstances
  const { outcome, code, position } = came
  return { requestId, principal, subject, action, resources, context, outcome, code, position }
}

/** What came of a call goes on record in the background, where the account wants that. */
export const noteAccess = (scene: Scene, call: JudgedCall, came: Came): void => {
  const { engine, caller, circumstances } = scene
  const { requestId } = circumstances
  engine.noteAccess(caller.accountId, { outcome: came.outcome, requestId }, () =>
    accessOf(scene, call, came),
  )
}

export const noteAllowed = (scene: Scene, call: JudgedCall, position: Position): void =>
  noteAccess(scene, call, { outcome: 'Allowed', code: '', position })
