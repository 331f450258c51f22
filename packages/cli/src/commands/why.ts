/** `grantlog why`: the decision, and what each statement had to say about it. */
import * as E from 'fp-ts/lib/Either.js'
import type { Names } from '../calling/call.js'
import { isRecord, type Json, listAt, textAt, valueAt } from '../json.js'
import {
  ACTION,
  DECISION_OPTIONS,
  decisionQuery,
  exitOfDecision,
  GRANT_COLUMNS,
  PRINCIPAL,
  RESOURCE,
  STATEMENT_COLUMNS,
  verdict,
} from './decision.js'
import { question } from './question.js'

/** Each statement with the grant that it stands in. */
const statementsWithGrants = (answer: Json): ReadonlyArray<Json> => {
  const keyOf = (row: Json): string => JSON.stringify(valueAt(row, 'policy') ?? null)
  const grants = new Map(listAt(answer, 'grants').map((grant) => [keyOf(grant), grant]))
  return listAt(answer, 'statements').map((statement) => {
    const grant = grants.get(keyOf(statement))
    return isRecord(statement) && grant !== undefined ? { ...statement, grant } : statement
  })
}

export const why = question({
  name: 'why',
  summary: 'Says the same as can, and what each statement that binds the principal had to say.',
  arguments: [PRINCIPAL, ACTION, RESOURCE],
  options: DECISION_OPTIONS,
  examples: [
    'grantlog why alice ots:PutRow ots:instance/orders',
    'grantlog why alice ots:PutRow ots:instance/orders --position 12 -o yaml',
  ],
  hasMoment: true,
  ask: (given, now) =>
    E.map((query: Names) => ({ type: 'Get' as const, path: '/v1/why', query }))(
      decisionQuery(given, now),
    ),
  show: (given) => ({
    list: 'statements',
    rows: statementsWithGrants,
    columns: [
      ['says', (row) => (valueAt(row, 'matched') === true ? 'applies' : 'does not apply')],
      ...STATEMENT_COLUMNS,
      ['because', (row) => textAt(row, 'detail') || null],
      ...GRANT_COLUMNS,
    ],
    heading: (answer, paint) => verdict(answer, paint, given),
    none: 'No statement binds this principal.',
  }),
  exit: exitOfDecision,
})
