/**
 * Decisions that other processes made on grants they follow: they are on no record, and whoever
 * makes them is seen by its reads of the feed alone.
 */
import { type AccessBatch, type AccessWindow, isWithin } from './read-access.js'

/** The permission to follow an account's grants, under which reads of the feed are on record. */
export const FOLLOW_GRANTS = 'grantlog:FollowGrants'

/** How long after a read of the feed whoever read it is taken to decide. Unit: milliseconds. */
const DECIDES_MS_MAX = 600_000

/** Whether a batch shows that grants were followed which may have decided in a window. */
export const tellsOfFollowers = (batch: AccessBatch, window: AccessWindow): boolean => {
  const { questions, answers, records } = batch.event
  const asked = questions.map(({ action }) => action === FOLLOW_GRANTS)
  if (!asked.includes(true)) return false
  const wider = { ...window, from: window.from - DECIDES_MS_MAX, fromPosition: 0 }
  return records.question.some(
    (place, i) =>
      asked[place] === true &&
      answers[records.answer[i] as number]?.outcome === 'Allowed' &&
      isWithin(batch, i, wider),
  )
}
