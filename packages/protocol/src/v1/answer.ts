/**
 * The answer to a question "could this principal do this?" as it goes out.
 */
import type { AccessAnswer } from '@grantlog/engine'
import type { ForeignResource, StatementVerdict } from '@grantlog/policy'
import { decidingMembers } from './deciding.js'
import type { GivenMoment } from './moment.js'
import type { Question } from './question.js'

type Members = Readonly<Record<string, unknown>>

const verdictMembers = (verdict: StatementVerdict): Members => ({
  ...decidingMembers(verdict),
  unit: verdict.unit,
  resource: verdict.resource,
  matched: verdict.matched,
  ...(verdict.failed === undefined ? {} : { failed: verdict.failed }),
  ...(verdict.detail === undefined ? {} : { detail: verdict.detail }),
})

const REASONS: Readonly<Record<ForeignResource, string>> = {
  ResourceOfNoAccount:
    'The resource names no account, so the own policies of the principal open nothing there; ' +
    'write the id of the account that has it: acs:<service>:<region>:<account>:<id>.',
  ResourceOfOtherAccount:
    "The resource is another account's, where the own policies of the principal open nothing.",
}

export const reasonMembers = (type: ForeignResource | undefined): Members =>
  type === undefined ? {} : { reason: { type, detail: REASONS[type] } }

/** The moment as it was asked for, whatever position it led to. */
export const askedMembers = (at: GivenMoment): Members =>
  at === undefined ? { now: true } : typeof at === 'string' ? { at } : at

/** How many ids of sessions an answer lists, the newest ones. Unit: ids. */
const SESSION_IDS_MAX = 100

export const sessionMembers = (session: AccessAnswer['session']): Members => {
  if (session === undefined) return {}
  switch (session.type) {
    case 'Supposed':
      return { session: { basis: session.type } }
    case 'Known':
      return {
        session: {
          basis: session.type,
          count: session.sessionIds.length,
          sessionIds: session.sessionIds.slice(-SESSION_IDS_MAX),
        },
      }
  }
}

export const answerMembers = (
  { at, explain }: Question,
  { explanation, position, applied, principalId, session }: AccessAnswer,
): Members => ({
  allowed: explanation.outcome === 'Allow',
  outcome: explanation.outcome,
  unit: explanation.unit,
  ...reasonMembers(explanation.reason),
  asked: askedMembers(at),
  position,
  applied,
  principalId,
  ...sessionMembers(session),
  deciding: explanation.deciding.map(decidingMembers),
  ...(explain ? { statements: explanation.statements?.map(verdictMembers) ?? [] } : {}),
})
