/**
 * Mutation testing of the policy language: `npm run mutation -- [file …]`, files as
 * `packages/policy/src/arn.ts`, or `…/arn.ts:10-20` for lines. Prints the score and each mutant
 * that no test kills, and ends with 1 when one of them is not listed as equivalent, with its
 * reason, in test/mutation/equivalent.json.
 */
import { readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Stryker } from '@stryker-mutator/core'

const WORKERS_MAX = 4

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { workers: { type: 'string', default: `${availableParallelism()}` } },
})
const listed = JSON.parse(readFileSync('test/mutation/equivalent.json', 'utf8'))

const report = '.stryker-tmp/report.json'
rmSync(report, { force: true })
await new Stryker({
  configFile: 'test/mutation/stryker.config.mjs',
  concurrency: Math.min(WORKERS_MAX, Number(values.workers)),
  ...(positionals.length === 0 ? {} : { mutate: positionals }),
}).runMutationTest()
const { files } = JSON.parse(readFileSync(report, 'utf8'))

/** The text that a mutant replaces. */
const replaced = (source, { start, end }) => {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1)
  lines[0] = lines[0].slice(start.column - 1)
  return lines.join('\n')
}

const mutants = Object.entries(files).flatMap(([file, { source, mutants: ofFile }]) =>
  ofFile.map(({ status, mutatorName, replacement, location }) => ({
    file,
    line: location.start.line,
    original: replaced(source, location),
    mutant: replacement,
    mutatorName,
    status,
  })),
)
const isListed = ({ file, original, mutant }) =>
  listed.some(
    (one) => one.file === file && one.original === original && one.mutants.includes(mutant),
  )
const counted = mutants.filter(({ status }) => !['Ignored', 'CompileError'].includes(status))
const alive = counted.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
const unlisted = alive.filter((one) => !isListed(one))

for (const { file, line, original, mutant } of unlisted)
  process.stdout.write(`${file}:${line}\n  - ${original}\n  + ${mutant}\n`)
const killed = counted.length - alive.length
const score = (
  (100 * killed) /
  Math.max(1, counted.length - alive.length + unlisted.length)
).toFixed(1)
process.stdout.write(
  `${counted.length} mutants: ${killed} killed, ${alive.length - unlisted.length} equivalent, ` +
    `${unlisted.length} alive; ${score} % of those that change anything were killed\n`,
)
process.exitCode = unlisted.length === 0 ? 0 : 1
