/**
 * A codec of objects that refuses members it does not know.
 *
 * `t.strict` drops what it does not know; in a policy a misspelt `Conditon` would then vanish and
 * the grant would widen. Whatever a person writes by hand (policy documents, commands) is decoded
 * by this one.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

export type ClosedTypeOf<R extends t.Props, P extends t.Props> = {
  readonly [K in keyof R]: t.TypeOf<R[K]>
} & { readonly [K in keyof P]?: t.TypeOf<P[K]> }

export type ClosedOutputOf<R extends t.Props, P extends t.Props> = {
  readonly [K in keyof R]: t.OutputOf<R[K]>
} & { readonly [K in keyof P]?: t.OutputOf<P[K]> }

/**
 * The class behind `closed`; it keeps the member codecs in sight, so that a reference can be
 * printed.
 */
export class ClosedType<R extends t.Props, P extends t.Props> extends t.Type<
  ClosedTypeOf<R, P>,
  ClosedOutputOf<R, P>,
  unknown
> {
  readonly _tag = 'ClosedType' as const
  readonly required: R
  readonly optional: P

  constructor(
    name: string,
    is: ClosedType<R, P>['is'],
    validate: ClosedType<R, P>['validate'],
    encode: ClosedType<R, P>['encode'],
    required: R,
    optional: P,
  ) {
    super(name, is, validate, encode)
    this.required = required
    this.optional = optional
  }
}

type Members = Readonly<Record<string, unknown>>

const isObject = (u: unknown): u is Members =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

const holds = (members: Members, key: string): boolean =>
  Object.hasOwn(members, key) && members[key] !== undefined

const errorAt = (
  context: t.Context,
  key: string,
  type: t.Mixed,
  actual: unknown,
  message: string,
): t.ValidationError => ({
  value: actual,
  context: t.appendContext(context, key, type, actual),
  message,
})

type Codecs = ReadonlyMap<string, t.Mixed>

/** Members that should not be there, then members that should. */
const shapeErrors = (
  members: Members,
  context: t.Context,
  codecs: Codecs,
  required: t.Props,
): t.Errors => [
  ...Object.keys(members)
    .filter((key) => !codecs.has(key))
    .map((key) => errorAt(context, key, t.unknown, members[key], 'unknown member')),
  ...Object.entries(required)
    .filter(([key]) => !holds(members, key))
    .map(([key, codec]) => errorAt(context, key, codec, undefined, 'missing member')),
]

/**
 * An object with all of `required`, any of `optional`, and nothing else.
 * Fails with `unknown member`, `missing member` or what the member's codec says, in that order.
 */
export const closed = <R extends t.Props, P extends t.Props = Record<never, t.Mixed>>(
  required: R,
  optional: P = {} as P,
  name = 'Closed',
): ClosedType<R, P> => {
  const codecs: Codecs = new Map([...Object.entries(optional), ...Object.entries(required)])
  const needed = Object.keys(required)

  /** One walk over what is there: a guard is asked about whatever comes in. */
  const is = (u: unknown): u is ClosedTypeOf<R, P> => {
    if (!isObject(u)) return false
    for (const key of Object.keys(u)) {
      const codec = codecs.get(key)
      if (codec === undefined || !(u[key] === undefined || codec.is(u[key]))) return false
    }
    for (const key of needed) if (!holds(u, key)) return false
    return true
  }

  const validate: t.Validate<unknown, ClosedTypeOf<R, P>> = (u, context) => {
    if (!isObject(u)) return t.failure(u, context, 'not an object')
    const members = [...codecs].flatMap(([key, codec]) => {
      if (!holds(u, key)) return []
      const decoded = codec.validate(u[key], t.appendContext(context, key, codec, u[key]))
      return [{ key, decoded }]
    })
    const invalid = members.flatMap(({ decoded }) => (E.isLeft(decoded) ? decoded.left : []))
    const errors = [...shapeErrors(u, context, codecs, required), ...invalid]
    if (errors.length > 0) return t.failures(errors)

    const entries = members.flatMap(({ key, decoded }) =>
      E.isRight(decoded) ? [[key, decoded.right] as const] : [],
    )
    return t.success(Object.fromEntries(entries) as ClosedTypeOf<R, P>)
  }

  const encode = (a: ClosedTypeOf<R, P>): ClosedOutputOf<R, P> => {
    const present = Object.entries(a).filter(([, value]) => value !== undefined)
    return Object.fromEntries(
      present.map(([key, value]) => [key, codecs.get(key)?.encode(value)]),
    ) as ClosedOutputOf<R, P>
  }

  return new ClosedType(name, is, validate, encode, required, optional)
}
