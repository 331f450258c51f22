/**
 * Questions that leave something open: who could do this, which of these could it do.
 *
 * Condition keys that a question does not give are not known. Whatever depends on one of them is
 * `Conditional` and never `Allowed`; a key that is given without values is known to be absent.
 */
import type { AccountId } from '@grantlog/domain'
import type {
  Certainty,
  Decision,
  OpenStatement,
  RequestContext,
  SheetAllow,
  SheetLine,
  WrittenStatement,
} from '@grantlog/policy'
import type { Grant } from '@grantlog/views'
import type { AskedPrincipal, SessionBasis } from '../asked-principal.js'
import type { Moment, Present } from '../engine-error.js'
import type { Position } from '../ports.js'

/** What is said of one principal, one action and its resources. */
export type Judged = {
  /** `Allowed` whatever the keys hold that are not given, `Never` in no case. */
  readonly certainty: Certainty
  /** What `ask` answers in the given context, where a key that is not given is absent. */
  readonly decision: Decision
  /** The statements that it depends on; none unless it is `Conditional`. */
  readonly open: ReadonlyArray<OpenStatement>
}

export type PrincipalType = 'Root' | 'User' | 'Role'

/** "Who could do this?", of the principals of one account. */
export type WhoCanQuestion = {
  readonly accountId: AccountId
  readonly action: string
  readonly resources: readonly [string, ...string[]]
  readonly context: RequestContext
  readonly moment: Moment
  /** Only principals of these types; all when left out. */
  readonly types?: ReadonlyArray<PrincipalType>
  /** The ARN to go on after, exclusive: `next` of the page before. */
  readonly after?: string
  readonly limit: number
  /** The present that is meant, where an earlier page was answered in it. */
  readonly asOf?: Present
  /** Whether each role that is told also says who could assume it. Costs a question per role. */
  readonly throughRoles?: boolean
}

/** Who of the account could assume a role; the first ones, where there are more. */
export type Assumers = {
  readonly principals: ReadonlyArray<
    Pick<WhoCanHit, 'type' | 'id' | 'arn'> & { readonly certainty: Certainty }
  >
  readonly hasMore: boolean
}

/** Somebody who is allowed, or would be under some context. */
export type WhoCanHit = Judged & {
  readonly type: PrincipalType
  /** Immutable; the account's own for its root. */
  readonly id: string
  /** The name of that moment; `root` for the root. */
  readonly name: string
  readonly arn: string
  /** The grants of the statements that made the answer or that it depends on. */
  readonly grants: ReadonlyArray<Grant>
  /** Of a role alone, where that was asked. */
  readonly assumers?: Assumers
}

/** `position` and `applied` are as in `AccessAnswer`. */
export type WhoCanAnswer = {
  /** In the order of their ARNs, by code units. */
  readonly hits: ReadonlyArray<WhoCanHit>
  /** The ARN of the last hit where there are more; null on the last page. */
  readonly next: string | null
  readonly position: Position
  readonly applied: Position
}

/** Several questions about one principal: which of these resources, which of these actions. */
export type CanEachQuestion = {
  readonly principal: AskedPrincipal
  readonly context: RequestContext
  readonly moment: Moment
  readonly asked: ReadonlyArray<{ readonly action: string; readonly resource: string }>
}

export type CanEachAnswer = {
  /** One for each that was asked, in that order. */
  readonly judged: ReadonlyArray<Judged>
  readonly position: Position
  readonly applied: Position
  readonly principalId: string
  /** For a session only. */
  readonly session?: SessionBasis
}

/**
 * "What could it do?", of one principal: to one resource or to all, of one service or of all.
 */
export type WhatCanQuestion = Omit<CanEachQuestion, 'asked'> & {
  readonly resource?: string
  /** As actions begin: `ots` for `ots:GetRow`. */
  readonly service?: string
  /** Actions to judge by name beside those that the policies name; only with a resource. */
  readonly actions: ReadonlyArray<string>
}

/** A line of a sheet as its author wrote it. */
type Written = { readonly written: WrittenStatement }

export type WrittenSheet = {
  readonly allows: ReadonlyArray<SheetAllow & Written>
  readonly denies: ReadonlyArray<SheetLine & Written>
}

export type WhatCanAnswer = Omit<CanEachAnswer, 'judged'> & {
  /** The root of an account may do everything in it but assume roles; its sheet is empty. */
  readonly isRoot: boolean
  readonly sheet: WrittenSheet
  /** For a session: one sheet for each session policy it may have, all of which narrow it. */
  readonly narrowedBy: ReadonlyArray<WrittenSheet>
  /** With a resource: the actions known by name that are allowed, or would be, by their names. */
  readonly actions: ReadonlyArray<Judged & { readonly action: string }>
  /** The grants that the lines of the sheet stand in. */
  readonly grants: ReadonlyArray<Grant>
}
