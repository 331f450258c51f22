#!/usr/bin/env node
/**
 * `npm run verify`: checks a data folder, or a copy of one, without a server and without changing
 * it. Ends with 0 when all is well, with 1 when something is not, and with 2 when it was called
 * wrongly.
 */
import { resolve } from 'node:path'
import {
  type LogProblem,
  type LogReport,
  PROBLEMS_MAX,
  verifySqliteLog,
} from '@grantlog/adapters/sqlite'
import { systemClock } from '@grantlog/adapters/system'
import { readLogSigningKey } from '@grantlog/adapters/vault'
import { sentenceOfLog, sentenceOfVault } from '@grantlog/server'
import { Command, CommanderError, Option } from 'commander'
import * as E from 'fp-ts/lib/Either.js'

type Part = 'chain' | 'tree' | 'signatures'
type Finding = { readonly part: Part; readonly sentence: string }

const findingOf = (problem: LogProblem): Finding => {
  switch (problem.type) {
    case 'PositionMissing':
      return { part: 'chain', sentence: `the event at position ${problem.position} is missing` }
    case 'RevisionNotDense':
      return {
        part: 'chain',
        sentence: `stream ${problem.stream} has revision ${problem.actual} at position ${problem.position}, where ${problem.expected} must be`,
      }
    case 'TimeSteppedBack':
      return { part: 'chain', sentence: `time steps back at position ${problem.position}` }
    case 'EventAltered':
      return { part: 'tree', sentence: `the event at position ${problem.position} was altered` }
    case 'IndexAltered':
      return {
        part: 'chain',
        sentence: `the index of streams does not lead to ${problem.missing} events`,
      }
    case 'TileAltered':
      return {
        part: 'tree',
        sentence: `tile ${problem.number} of level ${problem.level} does not follow from the events`,
      }
    case 'HeadUnsigned':
      return {
        part: 'signatures',
        sentence: `the head of size ${problem.size} is not signed by this deployment's key`,
      }
    case 'HeadDiffers':
      return {
        part: 'signatures',
        sentence: `the signed head of size ${problem.size} is of another tree than the events make`,
      }
  }
}

const WELL: Readonly<Record<Part, (report: LogReport) => string>> = {
  chain: ({ events }) =>
    `${events} events: no position is missing, each stream is dense, time never steps back`,
  tree: ({ root }) =>
    `every event has the hash that was kept for it; root ${Buffer.from(root).toString('hex')}`,
  signatures: ({ headsChecked, unsignedEvents }) =>
    `${headsChecked} signed heads, all of this tree; ${unsignedEvents} events after the last one`,
}
const PARTS: ReadonlyArray<Part> = ['chain', 'tree', 'signatures']

const tellReport = (report: LogReport): string => {
  const findings = report.problems.map(findingOf)
  const lines = PARTS.flatMap((part) => {
    const wrong = findings.filter((finding) => finding.part === part)
    const label = `  ${part.padEnd(12)}`
    if (wrong.length === 0) return [`${label}ok      ${WELL[part](report)}`]
    return wrong.map(({ sentence }) => `${label}DAMAGE  ${sentence}`)
  })
  const rest = findings.length === PROBLEMS_MAX ? ['  There may be more; these are the first.'] : []
  const verdict = findings.length === 0 ? 'The log is whole.' : 'The log is damaged.'
  return [...lines, ...rest, `  ${verdict}`].join('\n')
}

const fail = (sentence: string, exitCode: number): void => {
  process.stderr.write(`grantlog can't verify. ${sentence}\n`)
  process.exitCode = exitCode
}

const verify = async (directory: string): Promise<void> => {
  const publicKey = readLogSigningKey({ directory, clock: systemClock })
  if (E.isLeft(publicKey)) return fail(sentenceOfVault(publicKey.left), 1)
  const report = await verifySqliteLog(directory, publicKey.right)
  if (E.isLeft(report)) return fail(sentenceOfLog(report.left), 1)
  process.stdout.write(`  data folder ${directory}\n${tellReport(report.right)}\n`)
  process.exitCode = report.right.problems.length === 0 ? 0 : 1
}

const command = new Command('grantlog-verify')
  .description('Checks the log of a data folder: its chain, its tree and its signatures.')
  .addOption(
    new Option('-d, --data <dir>', 'the data folder, or a copy of it (default: ./data)').env(
      'GRANTLOG_DATA',
    ),
  )
  .addHelpText('after', '\nExit codes: 0 whole, 1 damaged or unreadable, 2 called wrongly.')
  .allowExcessArguments(false)
  .exitOverride()

try {
  command.parse(process.argv.slice(2), { from: 'user' })
  await verify(resolve(command.opts<{ readonly data?: string }>().data ?? 'data'))
} catch (fault) {
  if (fault instanceof CommanderError) process.exitCode = fault.exitCode === 0 ? 0 : 2
  else fail(String(fault), 1)
}
