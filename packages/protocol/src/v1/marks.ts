/**
 * Events, and the grants that they made, as answers about the past show them.
 */
import type { DecidingGrant, EventsBehind, Stand, Standing } from '@grantlog/engine'
import type { Change, Grant, Mark } from '@grantlog/views'
import { decidingMembers, sourceMembers } from './deciding.js'
import { isoText } from './moment.js'

export type Members = Readonly<Record<string, unknown>>

/** What of an event another account may know: that it was, and when. */
const foreignMembers = ({ position, recordedAt, eventType, accountId }: Mark): Members => ({
  position,
  recordedAt: isoText(recordedAt),
  eventType,
  accountId,
})

/** An event, with who did it and why; of another account's only that it happened. */
export const markMembers = (mark: Mark, reader: string): Members => {
  if (mark.accountId !== reader) return foreignMembers(mark)
  const { accountId: _, recordedAt, ...shown } = mark
  return { ...shown, recordedAt: isoText(recordedAt) }
}

/** Under its name, where there is one. */
export const optionalMark = (name: string, mark: Mark | undefined, reader: string): Members =>
  mark === undefined ? {} : { [name]: markMembers(mark, reader) }

export const optionalChange = (change: Change | undefined): Members =>
  change === undefined ? {} : { change }

/** The events of a grant. */
const eventsOfGrant = (
  { since, attached, joined, versionSet }: Omit<Grant, 'source'>,
  reader: string,
): Members => ({
  since: markMembers(since, reader),
  attached: markMembers(attached, reader),
  ...optionalMark('joined', joined, reader),
  ...optionalMark('versionSet', versionSet, reader),
})

/** A grant, and the events that made it. */
export const grantMembers = (grant: Grant, reader: string): Members => ({
  policy: sourceMembers(grant.source),
  ...eventsOfGrant(grant, reader),
})

/** A statement that made a decision, and the events of the grant through which it binds. */
export const decidingGrantMembers = (
  { grant, trustSet, ...statement }: DecidingGrant,
  reader: string,
): Members => ({
  ...decidingMembers(statement),
  ...(grant === undefined ? {} : { grant: eventsOfGrant(grant, reader) }),
  ...optionalMark('trustSet', trustSet, reader),
})

/** What an answer says of `trustSet` beside `deciding`. */
export const SILENT_TRUST =
  'At times, of a role of the account to assume: the event that made its trust policy what it is, where no ' +
  'statement of that allows it.'

/** The statements that made a decision, and the events behind it. */
export const behindMembers = ({ deciding, trustSet }: EventsBehind, reader: string): Members => ({
  deciding: deciding.map((each) => decidingGrantMembers(each, reader)),
  ...optionalMark('trustSet', trustSet, reader),
})

/** `outcome`, and the plain yes or no that it means. */
const standingMembers = (outcome: Standing): Members => ({
  outcome,
  allowed: outcome === 'Allow',
})

/** How something stands, and the events behind that. */
export const standMembers = (stand: Stand, reader: string): Members => ({
  ...standingMembers(stand.outcome),
  ...behindMembers(stand, reader),
})
