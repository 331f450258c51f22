/** Whom a question is about, and what an answer about a session rests on. */
import type { AccountId } from '@grantlog/domain'
import type { HolderRef } from '@grantlog/views'
import type { SessionEnd } from './questions/session-story.js'

/**
 * A role, or a session of one. The session policy is one to suppose: then no session that exists
 * is looked for.
 */
type RoleAsked = {
  readonly accountId: AccountId
  readonly roleName: string
  readonly sessionPolicy?: string
}

/** A principal by its name at the moment of the question; it need not be the caller. */
export type AskedPrincipal =
  | { readonly type: 'Root'; readonly accountId: AccountId }
  | { readonly type: 'User'; readonly accountId: AccountId; readonly userName: string }
  | (RoleAsked & { readonly type: 'Role' })
  | (RoleAsked & { readonly type: 'Session'; readonly sessionName: string })

/** Who holds the policies of a principal with this id; undefined for a root, which holds none. */
export const holderOf = (
  { type, accountId }: AskedPrincipal,
  id: string,
): HolderRef | undefined => {
  switch (type) {
    case 'Root':
      return undefined
    case 'User':
      return { type, accountId, id }
    case 'Role':
    case 'Session':
      return { type: 'Role', accountId, id }
  }
}

/**
 * What an answer about a session rests on beside its role: a session policy that the question
 * supposes, or the sessions of that name, all of which must be allowed, or the last one of that
 * name, which was over.
 */
export type SessionBasis =
  | { readonly type: 'Supposed' }
  | { readonly type: 'Known'; readonly sessionIds: ReadonlyArray<string> }
  | { readonly type: 'Ended'; readonly sessionId: string; readonly end: SessionEnd }

/** Whom an answer is about. */
export type AnswerBasis = {
  readonly principalId: string
  /** For a session only. */
  readonly session?: SessionBasis
  /** The session policies that had to allow too. */
  readonly sessionPolicies: ReadonlyArray<string>
}
