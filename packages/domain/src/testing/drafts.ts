/** Random commands put together from members. */
import * as fc from 'fast-check'

type Members<A> = { readonly [K in keyof A]: fc.Arbitrary<A[K]> }

/** A command of this type, all of whose members are present. */
export const command = <Type extends string, A extends object>(type: Type, members: Members<A>) =>
  fc.record<A>(members).map((present) => ({ type, ...present }))

/** A command of this type. The members given last may be absent. */
export const commandWith = <Type extends string, A extends object, B extends object>(
  type: Type,
  required: Members<A>,
  optional: Members<B>,
) =>
  fc
    .tuple(fc.record<A>(required), fc.record<B, never>(optional, { requiredKeys: [] }))
    .map(([present, others]) => ({ type, ...present, ...others }))

export const often = <A>(weight: number, arbitrary: fc.Arbitrary<A>) => ({ weight, arbitrary })
