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

export const accessOf = (
  { caller, circumstances }: Scene,
  { action, resources, context }: JudgedCall,
  came: Pick<JudgedAccess, 'outcome' | 'code' | 'position'>,
): JudgedAccess => {
  const { principal, subject } = judgedCaller(caller)
  const { requestId } = circumstances
  const { outcome, code, position } = came
  return { requestId, principal, subject, action, resources, context, outcome, code, position }
}

/** A call was allowed: on record in the background, where the account wants that. */
export const noteAllowed = (scene: Scene, call: JudgedCall, position: Position): void => {
  const { engine, caller, circumstances } = scene
  const { requestId } = circumstances
  if (engine.wantsAccess(caller.accountId, { outcome: 'Allowed', requestId }))
    engine.noteAccess(
      caller.accountId,
      accessOf(scene, call, { outcome: 'Allowed', code: '', position }),
    )
}
