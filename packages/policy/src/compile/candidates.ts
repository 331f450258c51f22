/**
 * A candidate, a resource pattern of a statement, as fourteen numbers in an array: its outline, so that
 * most are refused within a cache line, and where its test and its check are.
 */
import type { Outline } from './resource-test.js'

/** How many numbers a candidate takes. */
export const CANDIDATE = 14

export const LENGTH_MIN = 0
export const LENGTH_MAX = 1
export const HEAD = 2
export const HEAD_MASK = 3
export const TAIL = 4
export const TAIL_MASK = 5
export const SERVICE = 6
export const SERVICE_MASK = 7
export const REGION = 8
export const REGION_MASK = 9
export const CUT = 10
export const CUT_AT = 11
export const TEST = 12
export const CHECK = 13

/** Stands for the check of a statement without conditions. */
export const NO_CHECK = -1

/** In the order of the places above. */
export const candidateNumbers = (
  outline: Outline,
  test: number,
  check: number,
): ReadonlyArray<number> => {
  const { lengthMin, lengthMax, head, headMask, tail, tailMask } = outline
  const { service, serviceMask, region, regionMask, cut, cutAt } = outline
  const ends = [lengthMin, lengthMax, head, headMask, tail, tailMask]
  return [...ends, service, serviceMask, region, regionMask, cut, cutAt, test, check]
}
