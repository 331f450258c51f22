/**
 * Parameters of a call: the query and the form body, each read in one pass, and the two merged.
 *
 * Invariant: a name stands once in its source. A repeated name is refused, never picked from.
 */
import * as E from 'fp-ts/lib/Either.js'
import { decodePercent } from './percent.js'

export type Parameters = ReadonlyMap<string, string>

export const NO_PARAMETERS: Parameters = new Map()

/** How many parameters one source may hold. Twenty tags in the long spelling are 40. */
export const PARAMETERS_MAX = 256

export type ParametersFault =
  | { readonly type: 'ParametersMalformed' }
  | { readonly type: 'ParameterRepeated'; readonly name: string }
  | { readonly type: 'TooManyParameters'; readonly limit: number }

/** Reads `name=value` pairs joined with '&'. A name without '=' has the value ''. */
export const parseParameters = (raw: string): E.Either<ParametersFault, Parameters> => {
  if (raw === '') return E.right(NO_PARAMETERS)
  const parameters = new Map<string, string>()
  let start = 0
  while (start <= raw.length) {
    const next = raw.indexOf('&', start)
    const end = next === -1 ? raw.length : next
    if (end > start) {
      const equals = raw.indexOf('=', start)
      const nameEnd = equals === -1 || equals > end ? end : equals
      const name = decodePercent(raw.slice(start, nameEnd))
      const value = nameEnd === end ? '' : decodePercent(raw.slice(nameEnd + 1, end))
      if (name === null || value === null) return E.left({ type: 'ParametersMalformed' })
      if (parameters.has(name)) return E.left({ type: 'ParameterRepeated', name })
      parameters.set(name, value)
      if (parameters.size > PARAMETERS_MAX)
        return E.left({ type: 'TooManyParameters', limit: PARAMETERS_MAX })
    }
    start = end + 1
  }
  return E.right(parameters)
}

/** The union of both sources; where both have a name, the query wins. */
export const mergeParameters = (query: Parameters, form: Parameters): Parameters => {
  if (form.size === 0) return query
  if (query.size === 0) return form
  return new Map([...form, ...query])
}
