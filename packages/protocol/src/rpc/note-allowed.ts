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
): JudgedAccess => ({
  ...judgedCaller(caller),
  requestId: circumstances.requestId,
  action,
  resources,
  context,
  ...came,
})

/** A call was allowed: on record in the background, where the account wants that. */
export const noteAllowed = (scene: Scene, call: JudgedCall, position: Position): void =>
  scene.engine.noteAccess(
    scene.caller.accountId,
    accessOf(scene, call, { outcome: 'Allowed', code: '', position }),
  )
