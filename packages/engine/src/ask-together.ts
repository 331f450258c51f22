/**
 * Several questions that are asked together: answered for one moment, all of them or none.
 */
import type { AccountId } from '@grantlog/domain'
import type { Outcome } from '@grantlog/policy'
import type { AnswerBasis } from './asked-principal.js'
import type { Position } from './ports.js'

/** The first question that has no answer. */
export type OneQuestionRefused<Refusal> = {
  readonly type: 'OneQuestionRefused'
  readonly index: number
  readonly refusal: Refusal
}

/** The outcome of each question, and the last change of what any of them rests on. */
export type AccessOutcomes = {
  readonly outcomes: ReadonlyArray<Outcome>
  /** Whom each was about. */
  readonly bases: ReadonlyArray<AnswerBasis>
  readonly position: Position
  readonly applied: Position
}

type AskedAbout = { readonly principal: { readonly accountId: AccountId } }

export const accountsOf = (questions: ReadonlyArray<AskedAbout>): ReadonlySet<AccountId> =>
  new Set(questions.map(({ principal }) => principal.accountId))
