/**
 * Whether a call is permitted: by the grants of its caller, or by a switch of the account.
 */
import type { Caller, Position } from '@grantlog/engine'
import type { Verdict } from '@grantlog/policy'
import { securityPreferenceOf } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Fault } from './faults.js'
import type { JudgedCall } from './note-allowed.js'
import type { Authorization } from './operation.js'
import { judgedBy, type Scene } from './scene.js'

/** A refusal, with what was known of the call by then. */
export type Refused = {
  readonly fault: Fault
  readonly caller?: Caller
  readonly position?: Position
  /** What was judged, where it was a judgement that refused. */
  readonly judged?: JudgedCall
}

export const refused = (
  fault: Fault,
  known: Omit<Refused, 'fault'> = {},
): E.Either<Refused, never> => E.left({ fault, ...known })

/** What is judged of a call. */
export const judgedCall = (authorization: Authorization, scene: Scene): JudgedCall => {
  const { action, resources } = authorization
  return { action, resources, context: judgedBy(authorization, scene) }
}

export type Permitted = {
  /** The scene to run in. */
  readonly scene: Scene
  readonly judged: JudgedCall
  readonly position: Position
}

/** What a call that is allowed is run with: by the grants of this moment, and only then. */
export const permit = async (
  authorization: Authorization,
  scene: Scene,
): Promise<E.Either<Refused, Permitted>> => {
  const { action, resources } = authorization
  const { engine, caller } = scene
  const judged = judgedCall(authorization, scene)
  const authorized = await engine.authorize({ caller, ...judged, resources })()
  if (E.isLeft(authorized)) return refused(authorized.left, { caller })
  const { decision, position } = authorized.right
  if (decision.outcome !== 'ExplicitDeny' && isSwitchedOff(authorization, scene)) {
    const parameter = 'AllowUserToChangePassword'
    return refused({ type: 'SwitchedOff', action, parameter }, { caller, position, judged })
  }
  const isAllowed = decision.outcome === 'Allow'
  if (!isAllowed && !isSelfService(authorization, scene, decision.outcome))
    return refused({ type: 'NotAuthorized', action, decision }, { caller, position, judged })
  const running = isAllowed ? scene : { ...scene, isSelfService: true as const }
  return E.right({ scene: running, judged, position })
}

/** Whether the account lets its users do this for themselves; a policy that denies it counts. */
const isSelfService = (
  { selfService, isOwn }: Authorization,
  { engine, caller }: Scene,
  outcome: Verdict['outcome'],
): boolean =>
  selfService !== undefined &&
  caller.type === 'User' &&
  outcome === 'ImplicitDeny' &&
  securityPreferenceOf(engine.views.directory, caller.accountId)[selfService] &&
  (isOwn === undefined || isOwn(engine))

/** Whether it needs a switch of the account, whatever the policies say, and that is off. */
const isSwitchedOff = ({ needs }: Authorization, { engine, caller }: Scene): boolean =>
  needs !== undefined && !securityPreferenceOf(engine.views.directory, caller.accountId)[needs]
