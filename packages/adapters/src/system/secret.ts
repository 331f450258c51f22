/**
 * Secret: a value that shows itself only to who asks for it by name.
 *
 * Invariant: turned into JSON, text or a console line it reads "[secret]"; the value lives in a
 * closure, where neither spreading nor walking over members finds it.
 */
import { inspect } from 'node:util'

const SHOWN = '[secret]'

export type Secret<A> = {
  readonly reveal: () => A
  readonly toJSON: () => string
  readonly toString: () => string
}

/** Wraps a value. */
export const secret = <A>(value: A): Secret<A> =>
  Object.freeze({
    reveal: () => value,
    toJSON: () => SHOWN,
    toString: () => SHOWN,
    [inspect.custom]: () => SHOWN,
  })
