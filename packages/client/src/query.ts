/** Queries of the read API from what a caller writes down. */
import type { Names } from './sign.js'

/** Members as a query has them: what is absent is left out, what is no text is JSON. */
export const queryOf = (members: Readonly<Record<string, unknown>>): Names =>
  Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => {
      if (value === undefined) return []
      return [[name, typeof value === 'string' ? value : JSON.stringify(value)] as const]
    }),
  )
