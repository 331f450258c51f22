/**
 * The answer to a question "could this principal do this?" as it goes out.
 */
import type { AccessAnswer, SessionEnd } from '@grantlog/engine'
import type { ForeignResource, StatementVerdict } from '@grantlog/policy'
import { decidingMembers } from './deciding.js'
import { behindMembers, grantMembers, markMembers } from './marks.js'
import { type GivenMoment, isoText } from './moment.js'
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

/** Of an event of another account `reader` is told that it was. */
export const sessionMembers = (session: AccessAnswer['session'], reader: string): Members => {
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
    case 'Ended': {
      const { type: basis, sessionId, end } = session
      const reason = { type: 'SessionEnded', detail: endSentence(end) }
      return { session: { basis, sessionId, end: endMembers(end, reader) }, reason }
    }
  }
}

const ENDED_BY: Readonly<Record<SessionEnd['type'], string>> = {
  Expired: 'its time was over',
  Revoked: 'it was revoked',
  CallerRevoked: 'a session that it came from was revoked',
  RoleDeleted: 'a role that it rests on was deleted',
  UserDeleted: 'the user it came from was deleted',
  ProviderDeleted: 'the identity provider it came from was deleted',
}

const endSentence = ({ type, at }: SessionEnd): string =>
  `The session ended at ${isoText(at)}: ${ENDED_BY[type]}.`

/** How a session ended. */
export const endMembers = (end: SessionEnd, reader: string): Members => {
  const at = isoText(end.at)
  switch (end.type) {
    case 'Expired':
      return { type: end.type, at }
    case 'Revoked':
    case 'CallerRevoked':
    case 'RoleDeleted':
    case 'UserDeleted':
    case 'ProviderDeleted':
      return { type: end.type, at, id: end.id, event: markMembers(end.event, reader) }
  }
}

export const answerMembers = (
  { at, explain }: Question,
  { explanation, position, applied, principalId, session }: AccessAnswer,
  reader: string,
): Members => ({
  allowed: explanation.outcome === 'Allow',
  outcome: explanation.outcome,
  unit: explanation.unit,
  ...reasonMembers(explanation.reason),
  asked: askedMembers(at),
  position,
  applied,
  principalId,
  ...sessionMembers(session, reader),
  ...behindMembers(explanation, reader),
  ...(explain
    ? {
        statements: explanation.statements?.map(verdictMembers) ?? [],
        grants: explanation.grants?.map((grant) => grantMembers(grant, reader)) ?? [],
      }
    : {}),
})
