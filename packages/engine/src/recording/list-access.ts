/** Lists recorded access page by page, as it was stored: who did what, and what became of it. */
import type { AccountId } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine.js'
import type { EventLog } from '../ports.js'
import { passes, passesAction } from './passes.js'
import type { AccessPage, AccessPlace, ListedAccess, ListFilter } from './questions.js'
import { type AccessBatch, type AccessWindow, isWithin, readAccess } from './read-access.js'

export type AccessPageQuestion = {
  readonly window: AccessWindow
  readonly filter: ListFilter
  readonly limit: number
  /** The place to go on after, exclusive. */
  readonly after?: AccessPlace
}

const listed = ({ event, recordedAt }: AccessBatch, index: number): ListedAccess | undefined => {
  const { records, questions, principals, answers, requestIds } = event
  const question = questions[records.question[index] as number]
  const answer = answers[records.answer[index] as number]
  const principal = question && principals[question.principal]
  if (question === undefined || answer === undefined || principal === undefined) return undefined
  return {
    requestId: requestIds[records.request[index] as number] ?? '',
    principal,
    action: question.action,
    resources: question.resources,
    ...answer,
    position: records.position[index] as number,
    time: (records.time[index] as number) || recordedAt,
  }
}

const passesFilter = (filter: ListFilter, { principal, action }: ListedAccess): boolean => {
  const { accessKeyId } = filter
  if (principal.type === 'Unrecorded')
    return (
      filter.principals === undefined && accessKeyId === undefined && passesAction(filter, action)
    )
  return (
    (accessKeyId === undefined || accessKeyId === principal.accessKeyId) &&
    passes(filter, { principal, action })
  )
}

export const listAccess = async (
  needs: { readonly log: Pick<EventLog, 'readStream'>; readonly now: number },
  accountId: AccountId,
  { window, filter, limit, after }: AccessPageQuestion,
): Promise<E.Either<EngineError, AccessPage>> => {
  const records: ListedAccess[] = []
  let last: AccessPlace | undefined
  let isMore = false

  const take = async (batch: AccessBatch): Promise<E.Either<EngineError, boolean>> => {
    const { day, revision } = batch
    const isFirst = after?.day === day && after.revision === revision
    const { length } = batch.event.records.position
    for (let index = isFirst ? after.index + 1 : 0; index < length; index += 1) {
      if (!isWithin(batch, index, window)) continue
      const record = listed(batch, index)
      if (record === undefined || !passesFilter(filter, record)) continue
      if (records.length === limit) {
        isMore = true
        return E.right(false)
      }
      records.push(record)
      last = { day, revision, index }
    }
    return E.right(true)
  }

  const unreadable = await readAccess(needs, accountId, window, take, after)
  if (E.isLeft(unreadable)) return unreadable
  const page = { records, unreadable: unreadable.right }
  return E.right(isMore && last !== undefined ? { ...page, next: last } : page)
}
