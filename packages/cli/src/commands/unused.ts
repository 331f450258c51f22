/** `grantlog unused`: grants that no recorded access needed, and what would have sufficed. */
import * as E from 'fp-ts/lib/Either.js'
import type { Names } from '../calling/call.js'
import { isRecord, type Json, listAt, textAt, valueAt } from '../json.js'
import type { Column } from '../output/columns.js'
import { type Command, type Given, wrong } from './command.js'
import { OWN_GRANT_COLUMNS, policyWords } from './granted.js'
import { question } from './question.js'
import { doubtLines, endsOf, windowLine } from './window.js'
import { principalOf } from './words.js'

const nameOf = (row: Json): string => `${textAt(row, 'type').toLowerCase()} ${textAt(row, 'name')}`

/** The rows of each principal, told whose they are. */
const ofEach =
  (rows: (principal: Json) => ReadonlyArray<Json>) =>
  (answer: Json): ReadonlyArray<Json> =>
    listAt(answer, 'principals').flatMap((principal) =>
      rows(principal).map((row) => ({
        ...(isRecord(row) ? row : { document: row }),
        principal: nameOf(principal),
        calls: valueAt(principal, 'allowed') ?? null,
      })),
    )

const idleStatements = (grant: Json): ReadonlyArray<Json> =>
  listAt(grant, 'statements').filter((statement) => valueAt(statement, 'count') === 0)

/** A policy that can't be read has no statements, and decides nothing. */
const unusedGrants = ofEach((principal) =>
  listAt(principal, 'grants').filter(
    (grant) => valueAt(grant, 'isUsed') === false || idleStatements(grant).length > 0,
  ),
)

/** e.g. `all 3`, or `1 of 3: Allow at 2`: which statements decided nothing, by their places. */
const idleWords = (grant: Json): string => {
  const all = listAt(grant, 'statements').length
  const idle = idleStatements(grant)
  if (idle.length === all) return `all ${all}`
  const told = idle.map((one) => `${textAt(one, 'effect')} at ${textAt(one, 'index')}`)
  return `${idle.length} of ${all}: ${told.join(', ')}`
}

const suggestions = ofEach((principal) => listAt(principal, 'suggestion.documents'))

const GRANTS: ReadonlyArray<Column> = [
  ['principal', 'principal'],
  ['policy', (row) => policyWords(row, 'policy')],
  ['unused statements', idleWords],
  ['calls', 'calls'],
  ...OWN_GRANT_COLUMNS,
]

const SUGGESTIONS: ReadonlyArray<Column> = [
  ['principal', 'principal'],
  ['would suffice', 'document'],
]

const ask = (given: Given, now: number) => {
  const [since, days] = [given.option('since'), given.option('days')]
  if ((since === undefined) === (days === undefined)) return wrong('Say --since or --days.')
  if (days !== undefined && !/^[1-9]\d{0,4}$/.test(days))
    return wrong(`--days must be a whole number from 1 on, not "${days}".`)
  const said: Given = {
    ...given,
    option: (name) => (name === 'since' && days !== undefined ? `${days}d` : given.option(name)),
  }
  const principal = given.argument('principal')
  return E.map((ends: Names) => {
    const query: Names = principal === '' ? ends : { ...ends, principal: principalOf(principal) }
    return { type: 'Get' as const, path: '/v1/unused', query }
  })(endsOf(said, now, 'since'))
}

export const unused: Command = question({
  name: 'unused',
  summary: 'Tells which grants and statements of today decided no recorded access since a time.',
  details:
    'A statement is named by its place in the policy, counted from 0. That it decided something does not mean that it ' +
    'was needed: another grant may have allowed the same. With --suggest it shows, for each principal, smaller policies that would have sufficed. What is ' +
    'not on record can not be seen: where recording has gaps, the answer says so.',
  arguments: [
    {
      name: 'principal',
      meaning: 'a user by its name, role/<name> or an ARN; nobody means all',
      isOptional: true,
    },
  ],
  options: [
    {
      flag: '--since <moment>',
      meaning: 'the time or position from which on access counts, e.g. 90d',
    },
    { flag: '--days <n>', meaning: 'the same, as so many days ago' },
    { flag: '--suggest', meaning: 'show the policies that would have sufficed' },
  ],
  examples: ['grantlog unused --days 90', 'grantlog unused alice --since 2026-01-01 --suggest'],
  isPaged: true,
  isLong: true,
  pageRowsMax: 200,
  saidAs: { since: '--since' },
  ask,
  show: (given) => ({
    list: 'principals',
    heading: (answer, paint) => [windowLine(answer), ...doubtLines(answer, paint)],
    isHeadingNeeded: true,
    ...(given.has('suggest')
      ? { rows: suggestions, columns: SUGGESTIONS, none: 'No smaller policy was found.' }
      : {
          rows: unusedGrants,
          columns: GRANTS,
          none:
            given.option('after') === undefined
              ? 'Every statement of every grant decided something.'
              : 'Every statement of every grant from there on decided something.',
        }),
  }),
})
