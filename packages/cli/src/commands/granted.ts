/**
 * Statements and grants in words and columns: which policy they are of, through whom they bind, and
 * since when, by whose doing and why.
 */
import { isRecord, type Json, listAt, textAt, valueAt } from '../json.js'
import type { Column } from '../output/columns.js'
import { printable } from '../output/terminal.js'
import { wordsOfType } from './changes.js'

/** e.g. `group staff`: whom a policy is attached to. */
export const throughWords = (row: Json, path: string): string => {
  const kind = textAt(row, `${path}.type`)
  return kind === '' ? '' : `${kind.toLowerCase()} ${textAt(row, `${path}.name`)}`
}

/** A trust policy is attached to nobody: it is the role's own. */
const isTrust = (row: Json, path: string): boolean => textAt(row, `${path}.policyType`) === 'Trust'

/** e.g. `orders`, or `trust policy of role reader`. */
const policyName = (row: Json, path: string): string =>
  isTrust(row, path)
    ? `trust policy of ${throughWords(row, `${path}.via`)}`
    : textAt(row, `${path}.policyName`)

/** e.g. `AliyunOTSReadOnlyAccess v2 on group staff`, or `trust policy of role reader`. */
export const policyWords = (row: Json, path: string): string => {
  if (isTrust(row, path)) return policyName(row, path)
  const through = throughWords(row, `${path}.via`)
  const name = `${policyName(row, path)} ${textAt(row, `${path}.versionId`)}`
  return through === '' ? name : `${name} on ${through}`
}

/** A statement of a policy, and through whom it binds. */
export const STATEMENT_COLUMNS: ReadonlyArray<Column> = [
  ['effect', 'effect'],
  ['policy', (row) => policyName(row, 'policy')],
  ['type', 'policy.policyType'],
  ['version', 'policy.versionId'],
  ['statement', 'statementIndex'],
  ['through', (row) => (isTrust(row, 'policy') ? '' : throughWords(row, 'policy.via'))],
]

/** e.g. `by acs:ram::…:root at …: tightened, T-2`; of another account's event only the time. */
const eventWords = (event: Json | undefined): string => {
  const by = textAt(event, 'actor.arn')
  const notes = ['reason', 'ticket'].map((name) => textAt(event, name))
  const note = notes.filter((text) => text !== '').join(', ')
  const told = `${by === '' ? '' : `by ${by} `}at ${textAt(event, 'recordedAt')}`
  return note === '' ? told : `${told}: ${note}`
}

/** Empty where no event set the version, as of system policies. */
export const versionWords = (grant: Json): string => {
  const event = valueAt(grant, 'versionSet')
  return event === undefined ? '' : eventWords(event)
}

/** How a user came into the group that it has a policy of; empty where that completed the grant. */
export const joinedWords = (grant: Json): string => {
  const event = valueAt(grant, 'joined')
  const isSince = textAt(event, 'position') === textAt(grant, 'since.position')
  return event === undefined || isSince ? '' : eventWords(event)
}

/** The words of each grant of a list that has some, each with its policy where there are more. */
export const ofGrants =
  (wordsOf: (grant: Json) => string) =>
  (row: Json): string | null => {
    const grants = listAt(row, 'grants')
    const told = grants.flatMap((grant) => {
      const words = wordsOf(grant)
      return words === ''
        ? []
        : [grants.length === 1 ? words : `${policyWords(grant, 'policy')}, ${words}`]
    })
    return told.join('; ') || null
  }

/** By whose doing a statement binds, since when and why, where a row has the grant at a path. */
const grantColumns = (grantOf: (row: Json) => Json): ReadonlyArray<Column> => {
  /** The event that completed the grant, or that set the trust policy. */
  const grantedWith =
    (path: string) =>
    (row: Json): string =>
      textAt(grantOf(row), `since.${path}`) || textAt(row, `trustSet.${path}`)
  return [
    ['granted', grantedWith('recordedAt')],
    ['position', grantedWith('position')],
    ['event', (row) => wordsOfType(grantedWith('eventType')(row))],
    ['by', grantedWith('actor.arn')],
    ['reason', grantedWith('reason')],
    ['ticket', grantedWith('ticket')],
    ['version set', (row) => versionWords(grantOf(row))],
  ]
}

/** Of a statement that has its grant. */
export const GRANT_COLUMNS = grantColumns((row) => valueAt(row, 'grant') ?? null)

/** Of a grant itself. */
export const OWN_GRANT_COLUMNS = grantColumns((row) => row)

/** A grant with whoever made it: `orders v1 on user alice, by acs:ram::…:root at …`. */
export const grantWords = (grant: Json): string =>
  `${policyWords(grant, 'policy')}, by ${textAt(grant, 'since.actor.arn')} at ${textAt(grant, 'since.recordedAt')}`

/**
 * A statement with the event that made it bind, and the one that set its version, where that came
 * later: `orders v2 on user alice, by … at …: on call, T-1; v2 set by … at …: tightened`.
 */
const behindWords = (statement: Json): string => {
  // The version of a text that is proposed is called so.
  const proposed = textAt(statement, 'proposed') === 'Attach' ? ' (proposed)' : ''
  const grant = valueAt(statement, 'grant') ?? null
  const event = valueAt(grant, 'since') ?? valueAt(statement, 'trustSet')
  const isLater =
    Number(textAt(grant, 'versionSet.position')) > Number(textAt(grant, 'since.position'))
  return [
    `${policyWords(statement, 'policy')}${proposed}`,
    ...(event === undefined ? [] : [`, ${eventWords(event)}`]),
    ...(isLater ? [`; ${textAt(statement, 'policy.versionId')} set ${versionWords(grant)}`] : []),
  ].join('')
}

/** The statements of a list, each with the events behind it; a policy that has several, once. */
export const allBehind = (row: Json, list: string): string =>
  [...new Set(listAt(row, list).map(behindWords))].join('; ')

/** For an answer that has a list of `grants`: puts beside a statement the one that it stands in. */
export const withGrantOf = (answer: Json): ((statement: Json) => Json) => {
  const keyOf = (row: Json): string => JSON.stringify(valueAt(row, 'policy') ?? null)
  const grants = new Map(listAt(answer, 'grants').map((grant) => [keyOf(grant), grant]))
  return (statement) => {
    const grant = grants.get(keyOf(statement))
    return isRecord(statement) && grant !== undefined ? { ...statement, grant } : statement
  }
}

/** Of a role to assume whose trust policy allows nothing of it: what made that policy so. */
export const trustLines = (answer: Json): ReadonlyArray<string> => {
  const event = valueAt(answer, 'trustSet')
  return event === undefined
    ? []
    : [printable(`The trust policy of the role does not allow it; it was set ${eventWords(event)}`)]
}
