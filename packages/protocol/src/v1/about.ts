/**
 * What a route says of itself: the index of the read API, the reference and the refusals are all
 * made from it, so that none of them can say something else.
 */

import type * as t from 'io-ts'
import type { JsonSchema } from './json-schema.js'

/** One parameter of a query, or one member of a body. `rule` completes "it must be …". */
export type MemberAbout = {
  readonly name: string
  readonly isNeeded: boolean
  readonly rule: string
  readonly meaning: string
  /** Of a parameter, where it is not any text. */
  readonly schema?: JsonSchema
}

/** The answer, and the body that is sent, as codecs: the OpenAPI document is made of them. */
export type RouteShapes = { readonly answer: t.Mixed; readonly body?: t.Mixed }

export type RouteAbout = {
  /** Parts in braces stand for what the caller fills in. */
  readonly path: string
  /** One sentence. */
  readonly does: string
  /** What the caller must be allowed; null for what everybody may read, unsigned too. */
  readonly permission: { readonly action: string; readonly resource: string } | null
  readonly query: ReadonlyArray<MemberAbout>
  /** Null when the route takes no body. */
  readonly body: ReadonlyArray<MemberAbout> | null
  readonly shapes?: RouteShapes
  /** The members of the answer, each with its meaning. */
  readonly answer: Readonly<Record<string, string>>
  /** A call that is answered: its query, or its body. `<uid>` stands for the account. */
  readonly example: Readonly<Record<string, unknown>>
}

const needed = (name: string, rule: string, meaning: string): MemberAbout => ({
  name,
  isNeeded: true,
  rule,
  meaning,
})
const optional = (name: string, rule: string, meaning: string): MemberAbout => ({
  ...needed(name, rule, meaning),
  isNeeded: false,
})
export const member = { needed, optional } as const

/** What is wrong where a moment is named twice. */
export const BESIDE_AT = 'it must not stand beside `at`'

/** The moment of a question in a query. */
export const MOMENT_QUERY: ReadonlyArray<MemberAbout> = [
  optional(
    'at',
    'an RFC 3339 time such as 2026-01-02T03:04:05Z',
    'The time to answer for, not beside `position`. Neither `at` nor `position` means now.',
  ),
  optional(
    'position',
    'a position of the log as answers show it, or a consistency token',
    'The position to answer for, not beside `at`.',
  ),
]

/** What is wrong with a member, or with a name that none has, for people. */
export const faultOf = (
  members: ReadonlyArray<MemberAbout>,
  name: string,
  kind: 'member' | 'parameter',
): string => {
  const known = members.find((each) => each.name === name)
  return known === undefined
    ? `there is no such ${kind}; known are ${members.map((each) => each.name).join(', ')}`
    : `it must be ${known.rule}`
}
