/**
 * Judges recorded calls again, each at its own position, on the grants of then and on those grants
 * with a proposed change.
 *
 * Fast by doing everything once: a policy is compiled once, what a principal holds is put together
 * once for each stretch of positions in which it did not change, and each question of a batch is
 * decided once for each such stretch, unless a policy looked at the time. Invariant: decides as
 * `authorize` and `judgeTrust` do on `policiesInForceAt`. Deny on doubt.
 */
import type { AccountId } from '@grantlog/domain'
import {
  type CompiledPolicy,
  type ContextReader,
  type DecidingStatement,
  type Decision,
  type Holding,
  NOTHING_HELD,
  type PolicyDocument,
  type PolicyInForce,
  type Principal,
  parsePolicy,
  policyUniverse,
  TIME_KEY,
  timeKey,
} from '@grantlog/policy'
import { type HistoryState, heldSpanAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { isAssumption } from '../assumption.js'
import { decisionOn, type PastCall, principalOf, whoText } from './past-call.js'
import { afterChanges, type Bearer, type HeldText, type PreparedChange } from './proposed.js'
import type { JudgeablePrincipal, Proposed } from './questions.js'

/** What one side says: the grants of then, or those with the change. */
type Side = { readonly held: ReadonlyArray<HeldText> | undefined; readonly holding: Holding }

type Span = {
  readonly from: number
  readonly to: number
  readonly principal: Principal
  readonly before: Side
  /** The same object as `before` where the change changes nothing. */
  readonly after: Side
}

type Who = {
  readonly principal: JudgeablePrincipal
  readonly narrowings: ReadonlyArray<Holding>
  span: Span | undefined
}

/** A call with what was found out about it last. Made by the judge alone. */
export type PastQuestion = {
  readonly call: PastCall
  readonly who: Who
  /** The stretch that the verdicts are good for; undefined when for no other moment. */
  known: Span | undefined
  before: boolean
  after: boolean
}

/** A statement that decides, and what of it the change would make. */
export type DecidingOrProposed = DecidingStatement & { readonly proposed?: Proposed }

/** Both decisions on a call, with the statements that made them. */
export type PastReasons = {
  readonly before: Decision
  readonly after: Omit<Decision, 'deciding'> & {
    readonly deciding: ReadonlyArray<DecidingOrProposed>
  }
}

export type PastJudge = {
  /** Good until the next `rest`. */
  readonly question: (call: PastCall) => PastQuestion
  /** Leaves in the question whether it is allowed, before and after the change. */
  readonly judge: (question: PastQuestion, position: number, time: number) => void
  readonly reasons: (question: PastQuestion, position: number, time: number) => PastReasons
  /** Forgets everything when it has become too much: all questions are to be made anew. */
  readonly rest: () => void
  /** What the principal of a question was called. */
  readonly nameOf: (question: PastQuestion, position: number) => string
}

/** How many principals and policies are remembered before all is begun anew. */
const PEOPLE_MAX = 100_000
const POLICIES_MAX = 20_000

/** A policy, parsed and compiled; undefined when it can't be read. */
type Read = { readonly document: PolicyDocument; readonly policy: CompiledPolicy } | undefined

/** Everything that is remembered between two calls. */
const memory = () => ({
  universe: policyUniverse(),
  policies: new Map<string, Read>(),
  people: new Map<string, Who>(),
})

/** Statements are of the very sources that are held. */
const asProposed =
  ({ held }: Side) =>
  (statement: DecidingStatement): DecidingOrProposed => {
    const proposed = held?.find(({ source }) => source === statement.source)?.proposed
    return proposed === undefined ? statement : { ...statement, proposed }
  }

export const pastJudge = (
  history: HistoryState,
  accountId: AccountId,
  changes: ReadonlyArray<PreparedChange>,
): PastJudge => {
  let known = memory()

  const policyOf = (text: string): Read => {
    if (known.policies.has(text)) return known.policies.get(text)
    const parsed = parsePolicy('identity', text)
    const read = E.isLeft(parsed)
      ? undefined
      : { document: parsed.right, policy: known.universe.add(parsed.right) }
    known.policies.set(text, read)
    return read
  }
  /** One policy that can't be read might have been the one that says no: then nothing is held. */
  const sideOf = (held: ReadonlyArray<HeldText> | undefined): Side => {
    const policies = new Set<CompiledPolicy>()
    for (const { text } of held ?? []) {
      const read = policyOf(text)
      if (read === undefined) return { held: undefined, holding: NOTHING_HELD }
      policies.add(read.policy)
    }
    return { held, holding: known.universe.holding(policies) }
  }
  const spanOf = (principal: JudgeablePrincipal, position: number): Span => {
    if (principal.type === 'Root') {
      const side = { held: [], holding: NOTHING_HELD }
      const root = principalOf(accountId, principal, '')
      return { from: 0, to: Number.POSITIVE_INFINITY, principal: root, before: side, after: side }
    }
    const { type } = principal
    const id = type === 'User' ? principal.userId : principal.roleId
    const { from, to, held, groups } = heldSpanAt(history, { type, accountId, id }, position)
    const name = held?.label ?? ''
    const texts = held?.held.map(({ via, version }) => ({
      source: { ...version.source, via },
      text: version.text.text,
    }))
    const before = sideOf(texts)
    const bearers: ReadonlyArray<Bearer> = [
      { type, id, name },
      ...groups.map((group) => ({ type: 'Group' as const, ...group })),
    ]
    const changed = texts === undefined ? undefined : afterChanges(texts, changes, bearers)
    const isSame =
      texts?.length === changed?.length && texts?.every((one, i) => one === changed?.[i])
    const after = isSame === false ? sideOf(changed) : before
    return { from, to, principal: principalOf(accountId, principal, name), before, after }
  }
  const spanAt = (who: Who, position: number): Span => {
    const { span } = who
    if (span !== undefined && position >= span.from && position < span.to) return span
    if (span !== undefined) {
      known.universe.release(span.before.holding)
      if (span.after !== span.before) known.universe.release(span.after.holding)
    }
    who.span = spanOf(who.principal, position)
    return who.span
  }

  const sessionHolding = (text: string): Holding => {
    const parsed = parsePolicy('session', text)
    return E.isLeft(parsed)
      ? NOTHING_HELD
      : known.universe.holding([known.universe.add(parsed.right)])
  }
  const whoOf = (call: PastCall): Who => {
    const key = whoText(call)
    const found = known.people.get(key)
    if (found !== undefined) return found
    const narrowings = call.sessionPolicies.map(sessionHolding)
    const made: Who = { principal: call.principal, narrowings, span: undefined }
    known.people.set(key, made)
    return made
  }

  const decide = (
    { call, who }: PastQuestion,
    { principal }: Span,
    { holding: identity }: Side,
    context: ContextReader,
  ): boolean => {
    const { action, resources } = call
    const request = { principal, action, resources, context }
    const { universe } = known
    if (who.narrowings.length === 0)
      return universe.decide(request, { identity }).outcome === 'Allow'
    return who.narrowings.every(
      (session) => universe.decide(request, { identity, session }).outcome === 'Allow',
    )
  }

  /** With the statements that made the decision. */
  const explained = (
    { call }: PastQuestion,
    { principal }: Span,
    { held }: Side,
    when: { readonly position: number; readonly time: number },
  ): Decision => {
    const identity: ReadonlyArray<PolicyInForce> = (held ?? []).flatMap(({ source, text }) => {
      const read = policyOf(text)
      return read === undefined ? [] : [{ source, document: read.document }]
    })
    return decisionOn(history, call, principal, identity, when)
  }

  const judgeAssumption = (question: PastQuestion, span: Span, position: number, time: number) => {
    const says = (side: Side): boolean =>
      explained(question, span, side, { position, time }).outcome === 'Allow'
    question.before = says(span.before)
    question.after = span.after === span.before ? question.before : says(span.after)
    question.known = undefined
  }

  return {
    question: (call) => ({
      call,
      who: whoOf(call),
      known: undefined,
      before: false,
      after: false,
    }),
    judge: (question, position, time) => {
      const span = spanAt(question.who, position)
      if (question.known === span) return
      const { call } = question
      if (isAssumption(call)) return judgeAssumption(question, span, position, time)
      let hasReadTime = false
      const context: ContextReader = call.hasTime
        ? {
            get: (key) => {
              if (key !== TIME_KEY) return call.context.get(key)
              hasReadTime = true
              return timeKey(time)[1]
            },
          }
        : call.context
      question.before = decide(question, span, span.before, context)
      question.after =
        span.after === span.before ? question.before : decide(question, span, span.after, context)
      question.known = hasReadTime ? undefined : span
    },
    reasons: (question, position, time) => {
      const span = spanAt(question.who, position)
      const after = explained(question, span, span.after, { position, time })
      return {
        before: explained(question, span, span.before, { position, time }),
        after: { ...after, deciding: after.deciding.map(asProposed(span.after)) },
      }
    },
    rest: () => {
      if (known.people.size >= PEOPLE_MAX || known.policies.size >= POLICIES_MAX) known = memory()
    },
    nameOf: ({ who }, position) => {
      const { principal } = spanAt(who, position)
      if (principal.type === 'User') return principal.userName
      return principal.type === 'Session' ? principal.roleName : ''
    },
  }
}
