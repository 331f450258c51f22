/**
 * A candidate, a resource pattern of a statement, as twelve numbers in an array: its outline, so
 * that most are refused within a cache line, and where its test and its check are.
 */
import type { Outline } from './resource-test.js'

/** How many numbers a candidate takes. */
export const CANDIDATE_NUMBERS = 12

/** Where the bytes of both ends are, and the masks that say which of them count. */
export const HEAD = 2
export const HEAD_MASK = 3
export const TAIL = 4
export const TAIL_MASK = 5

/** Stands for the check of a statement without conditions. */
export const NO_CHECK = -1

/** In the order in which `Runs` reads them. */
export const candidateNumbers = (
  outline: Outline,
  test: number,
  check: number,
): ReadonlyArray<number> => {
  const { lengthMin, lengthMax, head, headMask, tail, tailMask } = outline
  const { service, serviceMask, cut, cutAt } = outline
  const ends = [lengthMin, lengthMax, head, headMask, tail, tailMask]
  return [...ends, service, serviceMask, cut, cutAt, test, check]
}
