/**
 * Compiled policies against the specification, for a night: `npm run differential -- [--questions
 * <n>] [--seed <n>]`. Prints the smallest world on which they disagree and ends with 1, if there is
 * one. The seed of a run is printed, and makes it the same again.
 */
import { parseArgs } from 'node:util'
import { disagreement, questionsIn, world } from '@grantlog/policy/testing'
import fc from 'fast-check'

const { values } = parseArgs({
  options: {
    questions: { type: 'string', default: '20000000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
})

const wanted = Number(values.questions)
const seed = Number(values.seed)
if (!Number.isSafeInteger(wanted) || !Number.isSafeInteger(seed)) {
  process.stderr.write('--questions and --seed take whole numbers.\n')
  process.exit(2)
}

const WORLDS_A_ROUND = 500

process.stdout.write(`seed ${seed}\n`)
let asked = 0
for (let round = 0; asked < wanted; round += 1) {
  const property = fc.property(world, (one) => {
    asked += questionsIn(one)
    const found = disagreement(one)
    if (found !== undefined) throw new Error(JSON.stringify(found, null, 2))
  })
  const checked = fc.check(property, { numRuns: WORLDS_A_ROUND, seed: seed + round })
  if (checked.failed) {
    process.stderr.write(`${fc.defaultReportMessage(checked)}\n`)
    process.exit(1)
  }
  if (round % 4 === 0) process.stdout.write(`${asked.toLocaleString('en-US')} questions\n`)
}
process.stdout.write(`${asked.toLocaleString('en-US')} questions, and no disagreement\n`)
