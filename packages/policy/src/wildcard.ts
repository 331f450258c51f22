/**
 * Patterns with `*` (any run of characters, also none) and `?` (exactly one character).
 *
 * Invariant: the work is bounded by the product of the two lengths, whatever the pattern: there is
 * no regular expression to blow up. A character is one UTF-16 code unit, in patterns and texts
 * alike.
 */

const STAR = 42
const QUESTION_MARK = 63

/**
 * Walks the text once, remembering the last `*`, which is all the backtracking such patterns need.
 * The size of the answer counts the steps taken, at least one; it is positive when the pattern
 * matches.
 */
export const stepsToMatch = (pattern: string, text: string): number => {
  let p = 0
  let t = 0
  let star = -1
  let resume = 0
  let steps = 1
  while (t < text.length) {
    steps += 1
    const wanted = p < pattern.length ? pattern.charCodeAt(p) : -1
    if (wanted === STAR) {
      star = p
      resume = t
      p += 1
    } else if (wanted === QUESTION_MARK || wanted === text.charCodeAt(t)) {
      p += 1
      t += 1
    } else if (star >= 0) {
      resume += 1
      p = star + 1
      t = resume
    } else return -steps
  }
  while (p < pattern.length && pattern.charCodeAt(p) === STAR) {
    p += 1
    steps += 1
  }
  return p === pattern.length ? steps : -steps
}

/**
 * Whether the whole text matches the whole pattern.
 *
 * @example
 * matchesWildcard('ecs:Describe*', 'ecs:DescribeInstances') // true
 * matchesWildcard('inst?', 'inst10') // false
 */
export const matchesWildcard = (pattern: string, text: string): boolean =>
  pattern === '*' || pattern === text || stepsToMatch(pattern, text) > 0
