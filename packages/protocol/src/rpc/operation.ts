/**
 * The shape of an operation: one row of the table that the protocol is made of.
 */
import type { Caller, CircumstancesOf, Engine, Position } from '@grantlog/engine'
import type { RequestContext } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Parameters } from '../signature/parameters.js'
import type { AnswerMembers } from './envelope.js'
import type { Fault } from './faults.js'
import { type FieldsOf, fields } from './fields.js'
import type { Product } from './product.js'
import type { Scene } from './scene.js'

/**
 * What a call must be permitted; null when the operation decides by itself or permits everybody.
 */
export type Authorization = {
  readonly action: string
  readonly resources: readonly [string, ...string[]]
  /** Condition keys beside those that every call has. */
  readonly keys?: Readonly<Record<string, string | ReadonlyArray<string>>>
}

export type Answer = {
  readonly members: AnswerMembers
  /** The position that the answer shows; absent when nothing in the log bears on it. */
  readonly position?: Position
}

export type Run = (scene: Scene) => TE.TaskEither<Fault, Answer>

export type Prepared = { readonly authorization: Authorization | null; readonly run: Run }

/** What surrounds a call that nobody signed. */
export type UnsignedScene = {
  readonly engine: Engine
  readonly context: RequestContext
  /** The circumstances of the call, once an identity provider has told who calls. */
  readonly circumstancesOf: CircumstancesOf
}

/** An operation for signed calls. `prepare` says what permission the call needs. */
export type SignedOperation = {
  readonly proof: 'Signature'
  readonly product: Product
  readonly name: string
  /** A command may change something; its refusals are put on record. */
  readonly kind: 'command' | 'question'
  readonly prepare: (parameters: Parameters, caller: Caller) => E.Either<Fault, Prepared>
}

/**
 * An operation that carries its proof with it, from an identity provider: it is neither signed nor
 * authorised beside that.
 */
export type UnsignedOperation = {
  readonly proof: 'Carried'
  readonly product: Product
  readonly name: string
  readonly kind: 'command'
  readonly prepare: (parameters: Parameters) => E.Either<
    Fault,
    {
      readonly authorization: null
      readonly run: (scene: UnsignedScene) => TE.TaskEither<Fault, Answer>
    }
  >
}

/** One operation: a row of the table. */
export type Operation = SignedOperation | UnsignedOperation

export type OperationRow<P> = {
  readonly product: Product
  readonly name: string
  readonly kind: 'command' | 'question'
  readonly parameters: FieldsOf<P>
  readonly authorizes: (
    parameters: NoInfer<P>,
    caller: Caller,
  ) => Authorization | null | E.Either<Fault, Authorization>
  readonly run: (parameters: NoInfer<P>, scene: Scene) => TE.TaskEither<Fault, Answer>
}

const isEither = (
  value: Authorization | null | E.Either<Fault, Authorization>,
): value is E.Either<Fault, Authorization> => value !== null && '_tag' in value

/** Makes a row; the type of its parameters stays inside. */
export const operation = <P>(row: OperationRow<P>): SignedOperation => ({
  proof: 'Signature',
  product: row.product,
  name: row.name,
  kind: row.kind,
  prepare: (raw, caller) => {
    const parameters = fields(row.parameters)(raw)
    if (E.isLeft(parameters)) return parameters
    const needed = row.authorizes(parameters.right, caller)
    const run: Run = (scene) => row.run(parameters.right, scene)
    if (!isEither(needed)) return E.right({ authorization: needed, run })
    return E.isLeft(needed) ? needed : E.right({ authorization: needed.right, run })
  },
})

/** Makes a row of an operation that carries its proof with it. */
export const unsignedOperation = <P>(row: {
  readonly product: Product
  readonly name: string
  readonly parameters: FieldsOf<P>
  readonly run: (parameters: NoInfer<P>, scene: UnsignedScene) => TE.TaskEither<Fault, Answer>
}): UnsignedOperation => ({
  proof: 'Carried',
  product: row.product,
  name: row.name,
  kind: 'command',
  prepare: (raw) =>
    E.map((parameters: P) => ({
      authorization: null,
      run: (scene: UnsignedScene) => row.run(parameters, scene),
    }))(fields(row.parameters)(raw)),
})

/** A RAM resource of the caller's account, as policies name it: `user/alice`. */
export const ramResource = (caller: Caller, relativeId: string): string =>
  `acs:ram:*:${caller.accountId}:${relativeId}`

/** A policy as a resource; system policies belong to nobody. */
export const policyResource = (
  caller: Caller,
  policyType: 'Custom' | 'System',
  policyName: string,
): string =>
  policyType === 'System'
    ? `acs:ram:*:system:policy/${policyName}`
    : ramResource(caller, `policy/${policyName}`)
