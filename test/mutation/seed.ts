/**
 * The same few cases on every run, so that a mutant is killed or survives by its own merit; and no
 * search for a smaller case, which nobody would read.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: 42, numRuns: 80, endOnFailure: true })
