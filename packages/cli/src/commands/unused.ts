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

const unusedGrants = ofEach((principal) =>
  listAt(principal, 'grants').filter((grant) => valueAt(grant, 'isUsed') === false),
)

const suggestions = ofEach((principal) => listAt(principal, 'suggestion.documents'))

const GRANTS: ReadonlyArray<Column> = [
  ['principal', 'principal'],
  ['unused', (row) => policyWords(row, 'policy')],
  ['statements', (row) => listAt(row, 'statements').length],
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
  summary: 'Tells which grants of today no recorded access since a time needed.',
  details:
    'With --suggest it shows, for each principal, smaller policies that would have sufficed. What is ' +
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
              ? 'Every grant was needed.'
              : 'Every grant from there on was needed.',
        }),
  }),
})
