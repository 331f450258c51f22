/** `grantlog can`: may this principal do this, now or then? */
import * as E from 'fp-ts/lib/Either.js'
import type { Names } from '../calling/call.js'
import {
  ACTION,
  DECISION_OPTIONS,
  decisionQuery,
  exitOfDecision,
  PRINCIPAL,
  RESOURCE,
  verdict,
} from './decision.js'
import { GRANT_COLUMNS, STATEMENT_COLUMNS } from './granted.js'
import { question } from './question.js'

export const can = question({
  name: 'can',
  summary: 'Says whether a principal may do something, now or at any moment of the past.',
  arguments: [PRINCIPAL, ACTION, RESOURCE],
  options: DECISION_OPTIONS,
  examples: [
    'grantlog can alice ots:GetRow ots:instance/orders',
    'grantlog can role/reader ots:GetRow ots:instance/orders --at 30d',
    'grantlog can alice ots:GetRow ots:instance/orders --context acs:SourceIp=10.1.2.3 && echo yes',
  ],
  hasMoment: true,
  ask: (given, now) =>
    E.map((query: Names) => ({ type: 'Get' as const, path: '/v1/can', query }))(
      decisionQuery(given, now),
    ),
  show: (given) => ({
    list: 'deciding',
    columns: [...STATEMENT_COLUMNS, ...GRANT_COLUMNS],
    heading: (answer, paint) => verdict(answer, paint, given),
  }),
  exit: exitOfDecision,
})
