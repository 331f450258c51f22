/** What is stored of the account, in order: its events, who signed in, and what was refused. */
import * as E from 'fp-ts/lib/Either.js'
import type { Names } from '../calling/call.js'
import { isRecord, type Json, textAt, valueAt } from '../json.js'
import { question } from './question.js'
import { OWN_ACCOUNT, principalOf } from './words.js'

/** The longest value that a table shows of an event. Unit: characters. */
const VALUE_CHARACTERS_MAX = 64

const kindWords = (name: string, value: Json): ReadonlyArray<string> => {
  const kind = textAt(value, 'type')
  return kind === '' ? [] : [`${name}=${kind}`]
}

/**
 * What an event names, by the innermost names, without what is sealed or long. Of what is one of
 * several kinds the kind is told under its own name, e.g. `recording=All`.
 */
const dataWords = (data: Json | undefined): ReadonlyArray<string> =>
  isRecord(data)
    ? Object.entries(data).flatMap(([name, value]) => {
        if (typeof value === 'object') return [...kindWords(name, value), ...dataWords(value)]
        const text = String(value)
        const isShort = !text.startsWith('pii1.') && text.length <= VALUE_CHARACTERS_MAX
        return name !== 'type' && isShort ? [`${name}=${text}`] : []
      })
    : []

/** Pages go by the numbers of the events in their stream. */
const AFTER = 'go on after an earlier page, or after a revision: the first column'

const table = (none: string) => ({
  list: 'events',
  columns: [
    ['revision', 'revision'],
    ['position', 'position'],
    ['time', 'recordedAt'],
    ['event', 'type'],
    ['what', (row: Json) => dataWords(valueAt(row, 'data')).join(' ')],
    ['by', 'actor.arn'],
    ['reason', (row: Json) => textAt(row, 'reason') || null],
    ['ticket', (row: Json) => textAt(row, 'ticket') || null],
  ] as const,
  none,
})

export const events = question({
  name: 'events',
  summary: "Shows the stored events of the account's own stream, with who did it, when and why.",
  details: 'Personal data in them is sealed text. A table shows the short values; -o json has all.',
  arguments: [],
  options: [],
  examples: ['grantlog events --limit 20', 'grantlog events --all -o jsonl | tail -n 5'],
  isPaged: true,
  after: AFTER,
  ask: () => E.right({ type: 'Get', path: `/v1/accounts/${OWN_ACCOUNT}/events`, query: {} }),
  show: () => table('No events.'),
})

/** Who signed in to a console, and who did not. */
export const signIns = question({
  name: 'sign-ins',
  summary:
    "Shows how a user signed in to a console, or did not; or the attempts that are nobody's.",
  details:
    "Nobody's are those by names that no user has, and from where nobody may sign in. Of attempts that were turned " +
    'away the first in an hour is told, and then each with which there were twice as many.',
  arguments: [
    { name: 'user', meaning: 'a user by its name or an ARN; nobody without it', isOptional: true },
  ],
  options: [],
  examples: ['grantlog sign-ins alice', 'grantlog sign-ins --all -o jsonl'],
  isPaged: true,
  after: AFTER,
  saidAs: { user: '[user]' },
  ask: (given) => {
    const user = given.argument('user')
    const query: Names = user === '' ? {} : { user: principalOf(user) }
    return E.right({ type: 'Get', path: '/v1/sign-ins', query })
  },
  show: () => table('Nobody tried.'),
})

/** Which credentials were tried and refused. */
export const refusedUses = question({
  name: 'refused-uses',
  summary: 'Shows which keys and sessions of the account were tried and refused, and why.',
  details:
    'Of each credential, reason and proof the first in an hour is told, and then each with which there were twice as many. ' +
    'The timeline of a key or a session tells its own, and from where they came.',
  arguments: [],
  options: [],
  examples: ['grantlog refused-uses', 'grantlog refused-uses --all -o jsonl'],
  isPaged: true,
  after: AFTER,
  ask: () => E.right({ type: 'Get', path: '/v1/refused-uses', query: {} }),
  show: () => table('No credential was refused.'),
})
