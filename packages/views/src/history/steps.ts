/**
 * What was so after each of its changes: a value from one position on, until the next step.
 *
 * Invariant: a position, the value from there on, the next position, and so on, with positions that
 * increase. In one list, so that a look-up touches little memory: it is one binary search, however
 * long the past is.
 */

/** A number would be taken for a position. */
export type Told = object | string | undefined

export type Steps<Value extends Told> = Array<number | Value>

/** The value at a position; undefined before the first step. */
export const stepAt = <Value extends Told>(
  steps: Steps<Value>,
  position: number,
): Value | undefined => {
  const next = firstStepAfter(steps, position)
  return next === 0 ? undefined : (steps[next - 1] as Value)
}

/** Where in the list the first step after a position stands; the list's length for none. */
export const firstStepAfter = <Value extends Told>(
  steps: Steps<Value>,
  position: number,
): number => {
  let low = 0
  let high = steps.length >>> 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((steps[2 * middle] as number) <= position) low = middle + 1
    else high = middle
  }
  return 2 * low
}

/** Positions: `from` inclusive, `to` exclusive. */
export type Stretch = { readonly from: number; readonly to: number }

/** The positions around one at which the value is the same. */
export const stretchAt = <Value extends Told>(steps: Steps<Value>, position: number): Stretch => {
  const next = firstStepAfter(steps, position)
  return {
    from: next === 0 ? 0 : (steps[next - 2] as number),
    to: next < steps.length ? (steps[next] as number) : Number.POSITIVE_INFINITY,
  }
}

export const lastStep = <Value extends Told>(steps: Steps<Value>): Value | undefined =>
  steps.length === 0 ? undefined : (steps[steps.length - 1] as Value)

/** Adds a step after the last one, or at its position: then the later value stays. */
export const addStep = <Value extends Told>(
  steps: Steps<Value>,
  position: number,
  value: Value,
): void => {
  const { length } = steps
  if (length > 0 && steps[length - 2] === position) steps[length - 1] = value
  else steps.push(position, value)
}
