/**
 * What patterns have in common: whether some text matches both, and whether one takes in all that
 * the other does.
 *
 * Invariant: doubt goes one way. Two patterns that have a text in common always meet, and a pattern
 * that covers another always takes in all of it; the reverse holds for all but long and odd ones.
 */
import type { ResourcePattern } from '../arn.js'
import type { ActionPatterns } from '../document.js'

const STAR = 42
const QUESTION_MARK = 63

/** Patterns whose lengths multiply to more are said to meet. Unit: steps. Ours. */
const STEPS_MAX = 65_536

const onlyStars = (pattern: string, from: number): boolean => {
  for (let i = from; i < pattern.length; i += 1) if (pattern.charCodeAt(i) !== STAR) return false
  return true
}

/** Whether some text matches both. Walks back from the ends, one row of answers at a time. */
export const patternsMeet = (a: string, b: string): boolean => {
  if (a === b || a === '*' || b === '*') return true
  if (a.length * b.length > STEPS_MAX) return true
  let below = Array.from({ length: b.length + 1 }, (_, j) => onlyStars(b, j))
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const row: Array<boolean> = new Array(b.length + 1).fill(false)
    row[b.length] = onlyStars(a, i)
    const mine = a.charCodeAt(i)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const other = b.charCodeAt(j)
      if (mine === STAR || other === STAR) row[j] = below[j] === true || row[j + 1] === true
      else if (mine === other || mine === QUESTION_MARK || other === QUESTION_MARK)
        row[j] = below[j + 1] === true
    }
    below = row
  }
  return below[0] === true
}

/**
 * Whether every text that matches `inner` matches `outer`: `inner` is read as a text in which `*`
 * stands for itself, which only a `*` takes in.
 */
export const patternCovers = (outer: string, inner: string): boolean => {
  let o = 0
  let i = 0
  let star = -1
  let resume = 0
  while (i < inner.length) {
    const wanted = o < outer.length ? outer.charCodeAt(o) : -1
    const have = inner.charCodeAt(i)
    if (wanted === STAR) {
      star = o
      resume = i
      o += 1
    } else if (have !== STAR && (wanted === QUESTION_MARK || wanted === have)) {
      o += 1
      i += 1
    } else if (star >= 0) {
      resume += 1
      o = star + 1
      i = resume
    } else return false
  }
  return onlyStars(outer, o)
}

const someMeet = (as: ReadonlyArray<string>, bs: ReadonlyArray<string>): boolean =>
  as.some((a) => bs.some((b) => patternsMeet(a, b)))

const allCovered = (outer: ReadonlyArray<string>, inner: ReadonlyArray<string>): boolean =>
  inner.every((one) => outer.some((all) => patternCovers(all, one)))

/** Whether some action is covered by both. */
export const actionsMeet = (a: ActionPatterns, b: ActionPatterns): boolean => {
  if (a.type === 'Action' && b.type === 'Action') return someMeet(a.patterns, b.patterns)
  if (a.type === 'Action') return !allCovered(b.patterns, a.patterns)
  if (b.type === 'Action') return !allCovered(a.patterns, b.patterns)
  return !allCovered([...a.patterns, ...b.patterns], ['*'])
}

/** Whether every action that `inner` covers is covered by `outer`. */
export const actionsCover = (outer: ActionPatterns, inner: ActionPatterns): boolean => {
  if (outer.type === 'Action')
    return allCovered(outer.patterns, inner.type === 'Action' ? inner.patterns : ['*'])
  return inner.type === 'Action'
    ? !someMeet(outer.patterns, inner.patterns)
    : allCovered(inner.patterns, outer.patterns)
}

/** Whether some resource is covered by both. An empty region counts as every region. */
export const resourcesMeet = (a: ResourcePattern, b: ResourcePattern): boolean => {
  if (a.type === 'Everything' || b.type === 'Everything') return true
  const { service, region, account } = a.arn
  return (
    patternsMeet(service, b.arn.service) &&
    patternsMeet(account, b.arn.account) &&
    (region === '' || b.arn.region === '' || patternsMeet(region, b.arn.region)) &&
    patternsMeet(a.foldedId, b.foldedId)
  )
}

/** Whether every resource that `inner` covers is covered by `outer`. */
export const resourceCovers = (outer: ResourcePattern, inner: ResourcePattern): boolean => {
  if (outer.type === 'Everything') return true
  if (inner.type === 'Everything') return false
  const { service, region, account, relativeId } = outer.arn
  return (
    patternCovers(service, inner.arn.service) &&
    patternCovers(account, inner.arn.account) &&
    patternCovers(region, inner.arn.region) &&
    patternCovers(relativeId, inner.arn.relativeId)
  )
}
