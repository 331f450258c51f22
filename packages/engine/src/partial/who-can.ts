/**
 * Who could do this: from the policies that might allow it to those who held them, each of whom is
 * then judged for itself.
 *
 * Invariant: whoever is left out is allowed under no context that adds keys to the given one.
 * Cost: the policies of the account, and a little for whoever holds one that might allow it; the
 * statements behind an answer are looked for only on the page that is asked for.
 */
import {
  cutTo,
  mayAllow,
  narrowed,
  type PolicyDocument,
  type PolicyInForce,
  type Principal,
} from '@grantlog/policy'
import {
  documentsHeldAt,
  holdersReached,
  lastChangeAt,
  policiesInForceAt,
  type Reached,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { type Trust, trustOf } from '../ask-judge.js'
import { decideOn, isAssumption } from '../assumption.js'
import type { MomentNotReached, Views } from '../engine.js'
import { grantsBehind } from '../grants-behind.js'
import { type Present, positionOf } from '../moment.js'
import { numbering } from '../numbering.js'
import type { Position } from '../ports.js'
import { type Candidate, candidateOf, rootOf } from './candidate.js'
import { boundRole, judged } from './judge.js'
import type { WhoCanAnswer, WhoCanHit, WhoCanQuestion } from './questions.js'

type History = Pick<Views, 'history'>

/** A question with everything that does not depend on who is asked about. */
type Asking = History & {
  readonly question: WhoCanQuestion
  readonly position: Position
  readonly trust: Trust
  /** Whether a policy speaks about the question at all. */
  readonly isSpeaking: (policy: PolicyInForce) => boolean
}

const requestOf = ({ action, resources, context }: WhoCanQuestion, principal: Principal) => ({
  principal,
  action,
  resources,
  context,
})

const SOURCE = { policyType: 'Custom', policyName: '', versionId: '' } as const

/**
 * Whether somebody might be allowed who holds these documents, cut to the question and read at
 * best. But for the assumption of a role, which is a matter of names, users and roles of one
 * account differ only in what they hold: those who hold the same are judged once.
 */
const possibility = ({ question, trust }: Asking) => {
  const role = boundRole('Best', trust.role, question)
  const isNamed = isAssumption(question)
  const numberOf = numbering<PolicyDocument>()
  const known = new Map<string, boolean>()

  return (principal: () => Principal, documents: ReadonlyArray<PolicyDocument>): boolean => {
    const decide = (): boolean => {
      const identity = documents.map((document) => ({ source: SOURCE, document }))
      return decideOn(requestOf(question, principal()), { identity }, role).outcome === 'Allow'
    }
    if (isNamed) return decide()
    const held = documents.map(numberOf).sort((a, b) => a - b)
    const key = held.filter((number, index) => number !== held[index - 1]).join()
    const before = known.get(key)
    if (before !== undefined) return before
    const isPossible = decide()
    known.set(key, isPossible)
    return isPossible
  }
}

/** Everybody who might be allowed, in no order. */
const candidatesOf = (asking: Asking): ReadonlyArray<Candidate> => {
  const { history, question, position } = asking
  const { accountId, types = ['Root', 'User', 'Role'] } = question
  const atBest = narrowed('Best', question)
  const isPossible = possibility(asking)
  const isAllowing = (document: PolicyDocument): boolean => mayAllow(atBest(document))
  const documentsOf = documentsHeldAt(history, position)

  const isCandidate = (reached: Reached): boolean => {
    if (!types.includes(reached.type)) return false
    const held = documentsOf(reached)
    const matters = held?.map(atBest).filter(({ statements }) => statements.length > 0) ?? []
    return (
      matters.some(mayAllow) && isPossible(() => candidateOf(accountId, reached).principal, matters)
    )
  }
  const hasRoot = types.includes('Root') && lastChangeAt(history, accountId, position) > 0
  const candidates: Candidate[] = hasRoot ? [rootOf(accountId)] : []
  // Each is judged while what it holds is still near.
  for (const reached of holdersReached(history, accountId, position, isAllowing))
    if (isCandidate(reached)) candidates.push(candidateOf(accountId, reached))
  return candidates
}

/** Undefined for whoever cannot be known or is never allowed. */
const hitOf = (
  { history, question, position, trust, isSpeaking }: Asking,
  { principal, holder, ...shown }: Candidate,
): WhoCanHit | undefined => {
  const held = holder && policiesInForceAt(history, holder, position)
  if (holder !== undefined && held === undefined) return undefined
  const identity = (held?.policies ?? []).filter(isSpeaking)
  const answer = judged(requestOf(question, principal), { identity }, trust.role)
  if (answer.certainty === 'Never') return undefined
  const behind = [...answer.decision.deciding, ...answer.open]
  return { ...shown, ...answer, grants: grantsBehind(history, holder, behind, position) }
}

const byArn = (a: Candidate, b: Candidate): number => (a.arn < b.arn ? -1 : 1)

export const whoCan = (
  { history, grants }: Pick<Views, 'history' | 'grants'>,
  question: WhoCanQuestion,
  present: Present,
): E.Either<MomentNotReached, WhoCanAnswer> => {
  const { accountId, moment, after, limit } = question
  const at = positionOf({ history }, accountId, moment, present)
  if (E.isLeft(at)) return at
  const position = at.right
  const trust = trustOf({ history, grants }, question, present)
  const cut = cutTo(question)
  const isSpeaking = ({ document }: PolicyInForce) => cut(document).statements.length > 0
  const asking = { history, question, position, trust, isSpeaking }

  const ordered = candidatesOf(asking)
    .filter(({ arn }) => after === undefined || arn > after)
    .sort(byArn)
  const hits: Array<WhoCanHit> = []
  let next: string | null = null
  for (const candidate of ordered) {
    const hit = hitOf(asking, candidate)
    if (hit === undefined) continue
    if (hits.length === limit) {
      next = hits.at(-1)?.arn ?? null
      break
    }
    hits.push(hit)
  }
  const changed = Math.max(lastChangeAt(history, accountId, position), trust.changed)
  return E.right({ hits, next, position: changed, applied: present.applied })
}
