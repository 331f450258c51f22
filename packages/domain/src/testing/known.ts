/** Values that are certain to fit their codecs: tests and generators decode, they do not cast. */
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'

/** The decoded input. An input that does not fit is a mistake in the test, so this one throws. */
export const known = <A>(
  codec: t.Decoder<unknown, A> & { readonly name: string },
  input: unknown,
): A => {
  const decoded = codec.decode(input)
  if (E.isLeft(decoded)) throw new Error(`not a ${codec.name}: ${JSON.stringify(input)}`)
  return decoded.right
}
