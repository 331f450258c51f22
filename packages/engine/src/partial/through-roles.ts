/**
 * Who could come to something by assuming a role that may do it.
 *
 * The context of a question is that of what is to be done, and the role is assumed before that: of
 * the circumstances of the assumption nothing is known.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Views } from '../engine.js'
import type { Present } from '../moment.js'
import type { Assumers, WhoCanAnswer, WhoCanHit, WhoCanQuestion } from './questions.js'
import { whoCan } from './who-can.js'

/** How many are told for one role. Unit: principals. Ours. */
const ASSUMERS_MAX = 100

const assumersOf = (
  views: Pick<Views, 'history' | 'grants'>,
  { accountId, moment }: WhoCanQuestion,
  { name }: WhoCanHit,
  present: Present,
): Assumers => {
  const question: WhoCanQuestion = {
    accountId,
    action: 'sts:AssumeRole',
    resources: [`acs:ram:*:${accountId}:role/${name}`],
    context: new Map(),
    moment,
    limit: ASSUMERS_MAX,
  }
  const answer = whoCan(views, question, present)
  if (E.isLeft(answer)) return { principals: [], hasMore: false }
  const principals = answer.right.hits.map(({ type, id, arn, certainty }) => ({
    type,
    id,
    arn,
    certainty,
  }))
  return { principals, hasMore: answer.right.next !== null }
}

/** The same answer; each role also says who of the account could assume it. */
export const withAssumers = (
  views: Pick<Views, 'history' | 'grants'>,
  question: WhoCanQuestion,
  answer: WhoCanAnswer,
  present: Present,
): WhoCanAnswer => ({
  ...answer,
  hits: answer.hits.map((hit) =>
    hit.type === 'Role' ? { ...hit, assumers: assumersOf(views, question, hit, present) } : hit,
  ),
})
