/**
 * Paths of routes: `/v1/accounts/{accountId}/events` fits a path part by part.
 */

/** What stands in the places of a path. */
export type PathParts = Readonly<Record<string, string>>

/** The longest part of a path that is looked at. Unit: characters. */
const PART_CHARACTERS_MAX = 64

/** Null when the path does not fit. A place takes any text without a slash, but never none. */
export const partsOf = (template: string, path: string): PathParts | null => {
  const wanted = template.split('/')
  const given = path.split('/', wanted.length + 1)
  if (given.length !== wanted.length) return null
  const parts: { [place: string]: string } = {}
  for (const [index, want] of wanted.entries()) {
    const part = given[index] ?? ''
    if (want.startsWith('{')) {
      if (part === '' || part.length > PART_CHARACTERS_MAX) return null
      parts[want.slice(1, -1)] = part
    } else if (part !== want) return null
  }
  return parts
}
