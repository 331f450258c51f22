/**
 * Queries of the read API: a closed set of parameters, each refused by its name and with its rule.
 */
import * as E from 'fp-ts/lib/Either.js'
import { type FieldsOf, fields } from '../rpc/fields.js'
import type { Parameters } from '../signature/parameters.js'
import { faultOf, type MemberAbout } from './about.js'
import type { ReadFault } from './problem.js'
import { isOfSignature } from './question.js'

export const malformedParameter = (
  about: ReadonlyArray<MemberAbout>,
  parameter: string,
  fault: string = faultOf(about, parameter, 'parameter'),
): ReadFault => ({
  type: 'QueryMalformed',
  parameter,
  fault,
})

/** The parameters, or the first fault: an unknown name, a missing one or a broken rule. */
export const readQuery = <A>(
  query: Parameters,
  about: ReadonlyArray<MemberAbout>,
  spec: FieldsOf<A>,
): E.Either<ReadFault, A> => {
  for (const name of query.keys())
    if (!about.some((each) => each.name === name) && !isOfSignature(name))
      return E.left(malformedParameter(about, name))
  return E.mapLeft((fault: { readonly type: string; readonly name?: string }): ReadFault => {
    const parameter = fault.name ?? ''
    return fault.type === 'ParameterMissing'
      ? { type: 'QueryMalformed', parameter, fault: 'it is missing' }
      : malformedParameter(about, parameter)
  })(fields(spec)(query))
}
