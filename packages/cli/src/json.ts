/**
 * JSON as the server answers it, and how a table looks into it: what is not there is no fault, for
 * a newer or an older server may say more or less.
 */

export type Json =
  | null
  | boolean
  | number
  | string
  | ReadonlyArray<Json>
  | { readonly [member: string]: Json }

export type JsonRecord = { readonly [member: string]: Json }

export const isRecord = (value: Json | undefined): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Null for what is no JSON. */
export const parseJson = (text: string): { readonly value: Json } | null => {
  try {
    return { value: JSON.parse(text) as Json }
  } catch {
    return null
  }
}

/** The value at a path such as `actor.arn`; undefined where there is none. */
export const valueAt = (value: Json | undefined, path: string): Json | undefined =>
  path
    .split('.')
    .reduce<Json | undefined>(
      (inner, member) =>
        isRecord(inner) && Object.hasOwn(inner, member) ? inner[member] : undefined,
      value,
    )

export const textAt = (value: Json | undefined, path: string): string => {
  const found = valueAt(value, path)
  if (found === undefined || found === null) return ''
  return typeof found === 'object' ? JSON.stringify(found) : String(found)
}

/** The rows at a path; none where there is no list. */
export const listAt = (value: Json | undefined, path: string): ReadonlyArray<Json> => {
  const found = valueAt(value, path)
  return Array.isArray(found) ? found : []
}
