/**
 * The shape of an operation: one row of the table that the protocol is made of.
 */
import { nameKey } from '@grantlog/domain'
import type { Caller, CircumstancesOf, Engine, Position } from '@grantlog/engine'
import type { RequestContext } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { AnswerMembers } from './envelope.js'
import type { Fault } from './faults.js'
import { type FieldsOf, fields, type Given, namesRead } from './fields.js'
import type { JudgedCall } from './note-allowed.js'
import type { Product } from './product.js'
import type { Scene } from './scene.js'

/** What the security preference of an account may let users do for themselves. */
export type SelfService =
  | 'allowUserToChangePassword'
  | 'allowUserToManageAccessKeys'
  | 'allowUserToManageMFADevices'

/**
 * What a call must be permitted; null when the operation decides by itself or permits everybody.
 */
export type Authorization = {
  readonly action: string
  readonly resources: readonly [string, ...string[]]
  /** Switch of the account that permits this to the user itself, where no policy denies it. */
  readonly selfService?: SelfService
  /** Switch of the account without which no policy permits this. */
  readonly needs?: 'allowUserToChangePassword'
  /** What the switch is about, where not everything is: the user's own. */
  readonly isOwn?: (engine: Engine) => boolean
  /** Condition keys beside those that every call has. */
  readonly keys?: Readonly<Record<string, string | ReadonlyArray<string>>>
}

export type Answer = {
  readonly members: AnswerMembers
  /** The position that the answer shows; absent when nothing in the log bears on it. */
  readonly position?: Position
}

export type Run = (scene: Scene) => TE.TaskEither<Fault, Answer>

export type Prepared = {
  readonly authorization: Authorization | null
  /** What an operation judges that decides by itself. */
  readonly judges?: (scene: Scene) => JudgedCall
  readonly run: Run
}

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
  /** The names of its parameters; of lists `1` stands for any number. */
  readonly parameters: ReadonlyArray<string>
  readonly prepare: (parameters: Given, caller: Caller) => E.Either<Fault, Prepared>
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
  readonly parameters: ReadonlyArray<string>
  readonly prepare: (parameters: Given) => E.Either<
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
  /** What an operation judges that decides by itself, so that a refusal can be explained. */
  readonly judges?: (parameters: NoInfer<P>, scene: Scene) => JudgedCall
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
  parameters: namesRead(row.parameters),
  prepare: (raw, caller) => {
    const parameters = fields(row.parameters)(raw)
    if (E.isLeft(parameters)) return parameters
    const needed = row.authorizes(parameters.right, caller)
    const { judges } = row
    const deeds = {
      run: (scene: Scene) => row.run(parameters.right, scene),
      ...(judges && { judges: (scene: Scene) => judges(parameters.right, scene) }),
    }
    if (!isEither(needed)) return E.right({ authorization: needed, ...deeds })
    return E.isLeft(needed) ? needed : E.right({ authorization: needed.right, ...deeds })
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
  parameters: namesRead(row.parameters),
  prepare: (raw) =>
    E.map((parameters: P) => ({
      authorization: null,
      run: (scene: UnsignedScene) => row.run(parameters, scene),
    }))(fields(row.parameters)(raw)),
})

/** A RAM resource of the caller's account, as policies name it: `user/alice`. */
export const ramResource = (caller: Caller, relativeId: string): string =>
  `acs:ram:*:${caller.accountId}:${relativeId}`

/** Whether a name is that of the user who calls. */
export const isCallersOwn = (caller: Caller, userName: string): boolean =>
  caller.type === 'User' && nameKey(caller.userName) === nameKey(userName)

/** A policy as a resource; system policies belong to nobody. */
export const policyResource = (
  caller: Caller,
  policyType: 'Custom' | 'System',
  policyName: string,
): string =>
  policyType === 'System'
    ? `acs:ram:*:system:policy/${policyName}`
    : ramResource(caller, `policy/${policyName}`)
