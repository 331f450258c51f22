/**
 * Mutation testing of the policy language: `npm run mutation -- [file …]`, files as
 * `packages/policy/src/arn.ts`, or `…/arn.ts:10-20` for lines. Prints the score and each mutant
 * that no test kills, and ends with 1 when one of them is not listed as equivalent, with its
 * reason, in test/mutation/equivalent.json, or when that list is out of date.
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
    number: location.start.line,
    line: source.split('\n')[location.start.line - 1].trim(),
    original: replaced(source, location),
    mutant: replacement,
    mutatorName,
    status,
  })),
)
const isSame = (one, { file, line, original, mutant }) =>
  one.file === file &&
  one.line === line &&
  one.original === original &&
  one.mutants.includes(mutant)
const counted = mutants.filter(({ status }) => !['Ignored', 'CompileError'].includes(status))
const alive = counted.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
const unlisted = alive.filter((mutant) => !listed.some((one) => isSame(one, mutant)))

/** What a list still claims of mutants that are killed or are made no more, in whole files. */
const outdated = positionals.some((file) => file.includes(':'))
  ? []
  : listed
      .filter(({ file }) => Object.hasOwn(files, file))
      .flatMap((one) => one.mutants.map((mutant) => ({ ...one, mutants: [mutant] })))
      .filter((one) => !alive.some((mutant) => isSame(one, mutant)))

for (const { file, number, original, mutant } of unlisted)
  process.stdout.write(`${file}:${number}\n  - ${original}\n  + ${mutant}\n`)
for (const {
  file,
  line,
  mutants: [mutant],
} of outdated)
  process.stdout.write(`${file}: listed as equivalent, but not alive\n  ${line}\n  + ${mutant}\n`)

const figures = (name, of) => {
  const all = counted.filter(of).length
  const left = alive.filter(of).length
  const unknown = unlisted.filter(of).length
  const score = ((100 * (all - left)) / Math.max(1, all - left + unknown)).toFixed(1)
  return (
    `${name}: ${all} mutants, ${all - left} killed, ${left - unknown} equivalent, ` +
    `${unknown} alive; ${score} % of those that change anything were killed\n`
  )
}
for (const name of Object.keys(files).toSorted())
  process.stdout.write(figures(name, ({ file }) => file === name))
process.stdout.write(figures('all', () => true))
process.exitCode = unlisted.length + outdated.length === 0 ? 0 : 1
