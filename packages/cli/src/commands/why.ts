/** `grantlog why`: the decision, and what each statement had to say about it. */
import * as E from 'fp-ts/lib/Either.js'
import type { Names } from '../calling/call.js'
import { listAt, textAt, valueAt } from '../json.js'
import {
  ACTION,
  DECISION_OPTIONS,
  decisionQuery,
  exitOfDecision,
  PRINCIPAL,
  RESOURCE,
  verdict,
} from './decision.js'
import { GRANT_COLUMNS, STATEMENT_COLUMNS, withGrantOf } from './granted.js'
import { question } from './question.js'

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
    rows: (answer) => listAt(answer, 'statements').map(withGrantOf(answer)),
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
