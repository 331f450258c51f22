/**
 * Who could do this: from the policies that might allow it to those who held them, each of whom is
 * then judged for itself.
 *
 * Invariant: whoever is left out is allowed under no context that adds keys to the given one.
 * Cost: the policies of the account, and whoever holds one that might allow it; the statements
 * behind an answer are looked for only on the page that is asked for.
 */
import type { AccountId } from '@grantlog/domain'
import {
  type AuthorizationRequest,
  mayAllow,
  narrowed,
  type PolicyDocument,
  type Principal,
} from '@grantlog/policy'
import {
  type HistoryState,
  type HolderRef,
  holdersReached,
  lastChangeAt,
  policiesInForceAt,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { type Trust, trustOf } from '../ask.js'
import type { MomentNotReached, Views } from '../engine.js'
import { type Present, positionOf } from '../moment.js'
import type { Position } from '../ports.js'
import { grantsBehind } from './grants-behind.js'
import { boundRole, decideOn, judged } from './judge.js'
import type { PrincipalType, WhoCanAnswer, WhoCanHit, WhoCanQuestion } from './questions.js'

/** Somebody who might be allowed; the root holds nothing. */
type Candidate = {
  readonly type: PrincipalType
  readonly id: string
  readonly name: string
  readonly arn: string
  readonly principal: Principal
  readonly holder: HolderRef | undefined
}

const rootOf = (accountId: AccountId): Candidate => ({
  type: 'Root',
  id: accountId,
  name: 'root',
  arn: `acs:ram::${accountId}:root`,
  principal: { type: 'Root', accountId },
  holder: undefined,
})

const candidateOf = (accountId: AccountId, holder: HolderRef, name: string): Candidate => {
  const { type, id } = holder
  const shown = { type, id, name, holder }
  switch (type) {
    case 'User':
      return {
        ...shown,
        arn: `acs:ram::${accountId}:user/${name}`,
        principal: { type, accountId, userId: id, userName: name },
      }
    case 'Role':
      return {
        ...shown,
        arn: `acs:ram::${accountId}:role/${name}`,
        principal: { type: 'Session', accountId, roleId: id, roleName: name, sessionName: '' },
      }
  }
}

const byArn = (a: Candidate, b: Candidate): number => (a.arn < b.arn ? -1 : 1)

/** Everybody of the page and after it who might be allowed, in order. */
const candidatesOf = (
  history: HistoryState,
  { accountId, types, after }: WhoCanQuestion,
  position: Position,
  isLookedFor: (document: PolicyDocument) => boolean,
): ReadonlyArray<Candidate> => {
  const isAsked = ({ type, arn }: Candidate): boolean =>
    (types === undefined || types.includes(type)) && (after === undefined || arn > after)
  const isOpened = lastChangeAt(history, accountId, position) > 0
  const reached = holdersReached(history, accountId, position, isLookedFor)
  return [
    ...(isOpened ? [rootOf(accountId)] : []),
    ...reached.map(({ holder, label }) => candidateOf(accountId, holder, label)),
  ]
    .filter(isAsked)
    .sort(byArn)
}

type Asking = {
  readonly history: HistoryState
  readonly position: Position
  readonly trust: Trust
  readonly requestOf: (principal: Principal) => AuthorizationRequest
}

/** Undefined for whoever cannot be known or is never allowed. */
const hitOf = (
  { history, position, trust, requestOf }: Asking,
  { principal, holder, ...shown }: Candidate,
): WhoCanHit | undefined => {
  const held = holder && policiesInForceAt(history, holder, position)
  if (holder !== undefined && held === undefined) return undefined
  const answer = judged(requestOf(principal), { identity: held?.policies ?? [] }, trust.role)
  if (answer.certainty === 'Never') return undefined
  const behind = [...answer.decision.deciding, ...answer.open]
  const grants = grantsBehind(history, holder, behind, position)
  return { ...shown, ...answer, grants }
}

export const whoCan = (
  views: Views,
  question: WhoCanQuestion,
  present: Present,
): E.Either<MomentNotReached, WhoCanAnswer> => {
  const { history } = views
  const { accountId, action, resources, context, moment, limit } = question
  const at = positionOf(views, accountId, moment, present)
  if (E.isLeft(at)) return at
  const position = at.right
  const trust = trustOf(views, question, present)
  const requestOf = (principal: Principal) => ({ principal, action, resources, context })
  const atBest = narrowed('Best', { action, resources, context })
  const bestRole = boundRole('Best', trust.role, question)

  const isPossible = ({ principal, holder }: Candidate): boolean => {
    const held = holder && policiesInForceAt(history, holder, position)
    if (holder !== undefined && held === undefined) return false
    const identity = (held?.policies ?? []).map(({ source, document }) => ({
      source,
      document: atBest(document),
    }))
    return decideOn(requestOf(principal), { identity }, bestRole).outcome === 'Allow'
  }
  const asking = { history, position, trust, requestOf }
  const hits: Array<WhoCanHit> = []
  let next: string | null = null
  const isLookedFor = (document: PolicyDocument): boolean => mayAllow(atBest(document))
  for (const candidate of candidatesOf(history, question, position, isLookedFor)) {
    if (!isPossible(candidate)) continue
    if (hits.length === limit) {
      next = hits.at(-1)?.arn ?? null
      break
    }
    const hit = hitOf(asking, candidate)
    if (hit !== undefined) hits.push(hit)
  }
  const changed = Math.max(lastChangeAt(history, accountId, position), trust.changed)
  return E.right({ hits, next, position: changed, applied: present.applied })
}
