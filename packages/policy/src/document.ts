/**
 * The policy document: how it is written (a codec per kind) and what it means (the normal form).
 *
 * Each kind has its own closed shape: an identity policy names no principals, a trust policy no
 * resources.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { ResourcePattern } from './arn.js'
import { closed } from './closed.js'
import type { Condition } from './operators.js'
import type { PrincipalPattern, PrincipalType } from './principals.js'

/**
 * How long an identity, trust or resource policy may be. Unit: characters, white space included.
 * Source: RAM.
 */
export const POLICY_DOCUMENT_CHARACTERS_MAX = 6144

/** How long a session policy may be. Unit: characters, white space included. Source: STS. */
export const SESSION_POLICY_CHARACTERS_MAX = 2048

export type PolicyKind = 'identity' | 'session' | 'trust' | 'resource'

export type Effect = 'Allow' | 'Deny'

/** Patterns in lower case. `NotAction` covers every action that matches none of them. */
export type ActionPatterns = {
  readonly type: 'Action' | 'NotAction'
  readonly patterns: ReadonlyArray<string>
}

export type Statement = {
  readonly effect: Effect
  readonly actions: ActionPatterns
  /** Absent in a trust policy, which speaks about the role that carries it. */
  readonly resources?: ReadonlyArray<ResourcePattern>
  /** Absent where the policy speaks about whoever it is attached to. */
  readonly principals?: ReadonlyArray<PrincipalPattern>
  readonly conditions: ReadonlyArray<Condition>
}

/** A parsed document, ready for decisions. Made by `parsePolicy` alone. */
export type PolicyDocument = {
  readonly kind: PolicyKind
  readonly statements: ReadonlyArray<Statement>
}

export type TrustedPrincipal = {
  readonly type: PrincipalType
  readonly value: string
  readonly statementIndex: number
}

/**
 * Whom a trust or resource policy names, as written and in the order written, in statements of
 * either effect: what is needed to check that they exist. Empty for a document that names nobody.
 */
export const trustedPrincipals = (document: PolicyDocument): ReadonlyArray<TrustedPrincipal> =>
  document.statements.flatMap(({ principals = [] }, statementIndex) =>
    principals.map(({ type, value }) => ({ type, value, statementIndex })),
  )

/** What is written is only read: its normal form is never written again. */
const reading = <A>(validate: t.Validate<unknown, A>) =>
  new t.Type<A, unknown, unknown>(
    'Written',
    (u): u is A => E.isRight(validate(u, [])),
    validate,
    t.identity,
  )

const exactly = <Text extends string>(texts: ReadonlyArray<Text>, fault: string) =>
  reading<Text>((u, context) => {
    const known = texts.find((one) => one === u)
    return known === undefined ? t.failure(u, context, fault) : t.success(known)
  })

const text = reading<string>((u, context) =>
  t.string.is(u) && u !== '' ? t.success(u) : t.failure(u, context, 'not a text'),
)

/** A condition value: a text, or a number or truth value, which stands for its text. */
const value = reading<string>((u, context) =>
  t.string.is(u) || t.number.is(u) || t.boolean.is(u)
    ? t.success(String(u))
    : t.failure(u, context, 'not a text, number or truth value'),
)

const listOf = <A>(item: t.Type<A, unknown, unknown>) =>
  reading<ReadonlyArray<A>>((u, context) => {
    if (!Array.isArray(u)) return t.failure(u, context, 'not an array')
    if (u.length === 0) return t.failure(u, context, 'empty array')
    return E.traverseArrayWithIndex((index, element: unknown) =>
      item.validate(element, t.appendContext(context, String(index), item, element)),
    )(u)
  })

/** One item stands for an array of one. */
const oneOrMany = <A>(item: t.Type<A, unknown, unknown>) => {
  const many = listOf(item)
  return reading<ReadonlyArray<A>>((u, context) =>
    Array.isArray(u)
      ? many.validate(u, context)
      : E.map((one: A): ReadonlyArray<A> => [one])(item.validate(u, context)),
  )
}

type Members<A> = ReadonlyArray<readonly [string, A]>

/** An object whose member names are free, as pairs in the order written. */
const membersOf = <A>(item: t.Type<A, unknown, unknown>) =>
  reading<Members<A>>((u, context) => {
    if (typeof u !== 'object' || u === null || Array.isArray(u))
      return t.failure(u, context, 'not an object')
    return E.traverseArray(([key, member]: [string, unknown]) =>
      E.map((a: A) => [key, a] as const)(
        item.validate(member, t.appendContext(context, key, item, member)),
      ),
    )(Object.entries(u))
  })

const Texts = oneOrMany(text)
const Conditions = membersOf(membersOf(oneOrMany(value)))
const Principals = membersOf(Texts)
const Effect = exactly(['Allow', 'Deny'], 'neither Allow nor Deny')

const optional = { Action: Texts, NotAction: Texts, Condition: Conditions }

const documentOf = <S>(statement: t.Type<S, unknown, unknown>) =>
  closed({ Version: exactly(['1'], 'not "1"'), Statement: listOf(statement) })

const BearerDocument = documentOf(closed({ Effect, Resource: Texts }, optional))
const TrustDocument = documentOf(closed({ Effect, Principal: Principals }, optional))
const ResourceDocument = documentOf(
  closed({ Effect, Principal: Principals, Resource: Texts }, optional),
)

/** A statement of any kind as written, single values already arrays. */
export type WrittenStatement = {
  readonly Effect: Effect
  readonly Action?: ReadonlyArray<string>
  readonly NotAction?: ReadonlyArray<string>
  readonly Resource?: ReadonlyArray<string>
  readonly Principal?: Members<ReadonlyArray<string>>
  readonly Condition?: Members<Members<ReadonlyArray<string>>>
}

export type WrittenDocument = { readonly Statement: ReadonlyArray<WrittenStatement> }

/** The codec of each kind of document, over parsed JSON. */
export const documentCodecs: Readonly<Record<PolicyKind, t.Decoder<unknown, WrittenDocument>>> = {
  identity: BearerDocument,
  session: BearerDocument,
  trust: TrustDocument,
  resource: ResourceDocument,
}
