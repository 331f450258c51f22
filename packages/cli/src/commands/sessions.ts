/** `grantlog sessions`, with `show` and `revoke`: who has a role's rights, and what they did. */
import * as E from 'fp-ts/lib/Either.js'
import type { Names } from '../calling/call.js'
import { type Json, listAt, parseJson, textAt, valueAt } from '../json.js'
import { type Paint, printable } from '../output/terminal.js'
import {
  callWords,
  doneWords,
  endWords,
  refusedRoleWords,
  refusedWords,
  wordsOfType,
} from './changes.js'
import { type Command, saidOf } from './command.js'
import { question } from './question.js'
import { momentQuery, OWN_ACCOUNT } from './words.js'

/** A link of a chain by the name of then; by its immutable id where it had none. */
const linkWords = (link: Json): string => {
  const [id = ''] = ['userId', 'sessionId', 'providerId'].flatMap(
    (member) => textAt(link, member) || [],
  )
  const words = `${textAt(link, 'type').toLowerCase()} ${textAt(link, 'name') || id}`
  const subject = textAt(link, 'subject')
  return subject === '' ? words : `${words} for ${subject}`
}

/** From whom it came at first to who assumed the role. */
const chainWords = (row: Json): string => listAt(row, 'chain').map(linkWords).join(' → ')

const list = question({
  name: 'sessions',
  summary: 'Lists the sessions of roles that can act now: begun, not over and not revoked.',
  arguments: [],
  options: [{ flag: '--role <name>', meaning: 'of that role alone' }],
  examples: ['grantlog sessions', 'grantlog sessions --role reader -o csv'],
  isPaged: true,
  ask: (given) =>
    E.right({
      type: 'Get',
      path: `/v1/accounts/${OWN_ACCOUNT}/sessions`,
      query: saidOf(given, 'role'),
    }),
  show: () => ({
    list: 'sessions',
    columns: [
      ['session', 'sessionId'],
      ['role', 'roleName'],
      ['name', 'sessionName'],
      ['began', 'began'],
      ['expires', 'expires'],
      ['assumed by', chainWords],
    ],
    none: 'No session can act now.',
  }),
})

const revoke = question({
  name: 'sessions revoke',
  summary: 'Ends a session of a role before its time, and every session that began from it.',
  arguments: [{ name: 'session', meaning: 'the id of a session, as sessions lists it' }],
  options: [],
  examples: ['grantlog sessions revoke 0197d3c5-… --reason "the laptop was lost" --ticket SEC-42'],
  ask: (given) =>
    E.right({
      type: 'Order',
      path: `/v1/sessions/${encodeURIComponent(given.argument('session'))}/revoke`,
      body: {},
    }),
  show: () => ({ list: null }),
})

/** What kind of deed it was. */
const DID: Readonly<Record<string, string>> = {
  Changed: 'changed',
  Called: 'called',
  RoleAssumed: 'assumed',
  RoleRefused: 'was refused',
}

/** What a session did, whichever kind of deed it was. */
const deedWords = (row: Json): string => {
  if (valueAt(row, 'call') !== undefined) return callWords(row)
  switch (textAt(row, 'type')) {
    case 'RoleAssumed':
      return `role ${textAt(row, 'roleName')} as ${textAt(row, 'sessionName')}`
    case 'RoleRefused':
      return refusedRoleWords(row)
    case 'UsesRefused':
      return refusedWords(row)
    default:
      return doneWords(row, textAt(row, 'event.eventType'))
  }
}

/** e.g. ` (the laptop was lost, SEC-42)`: why, where that was said. */
const noteWords = (event: Json | undefined): string => {
  const notes = ['reason', 'ticket'].map((each) => textAt(event, each))
  const told = notes.filter((text) => text !== '').join(', ')
  return told === '' ? '' : ` (${told})`
}

const endLine = (answer: Json): string => {
  const end = textAt(answer, 'end.type')
  if (end === '') return `lasts until ${textAt(answer, 'expires')}`
  const event = valueAt(answer, 'end.event')
  const actor = textAt(event, 'actor.arn')
  const by = actor === '' ? '' : ` by ${actor}`
  return `ended at ${textAt(answer, 'end.at')}: ${endWords(end)}${by}${noteWords(event)}`
}

/** In one line, however its author laid it out. */
const documentWords = (text: string): string => {
  const parsed = parseJson(text)
  return parsed === null ? text : JSON.stringify(parsed.value)
}

const headingOf = (answer: Json, paint: Paint): ReadonlyArray<string> => {
  const name = `${textAt(answer, 'roleName')}/${textAt(answer, 'sessionName')}`
  const began = valueAt(answer, 'began')
  const policy = textAt(answer, 'sessionPolicy')
  return [
    `${paint('strong', printable(name))}  ${textAt(answer, 'sessionId')}`,
    printable(
      `assumed by ${chainWords(answer)} at ${textAt(began, 'recordedAt')}${noteWords(began)}`,
    ),
    ...(policy === ''
      ? []
      : [printable(`narrowed by its session policy: ${documentWords(policy)}`)]),
    printable(endLine(answer)),
  ]
}

const show = question({
  name: 'sessions show',
  summary: 'Tells of a session, also of one that is over: who began it, what it did, how it ended.',
  arguments: [{ name: 'session', meaning: 'the id of a session' }],
  options: [],
  examples: [
    'grantlog sessions show 0197d3c5-…',
    'grantlog sessions show 0197d3c5-… --all -o jsonl',
  ],
  hasMoment: true,
  isPaged: true,
  ask: (given, now) =>
    E.map((query: Names) => ({
      type: 'Get' as const,
      path: `/v1/sessions/${encodeURIComponent(given.argument('session'))}`,
      query,
    }))(momentQuery(given, now)),
  show: () => ({
    list: 'deeds',
    heading: headingOf,
    columns: [
      ['position', 'event.position'],
      ['time', (row) => textAt(row, 'call.time') || textAt(row, 'event.recordedAt')],
      ['did', (row) => DID[textAt(row, 'type')] ?? wordsOfType(textAt(row, 'type'))],
      ['what', deedWords],
      ['outcome', (row) => textAt(row, 'call.outcome') || null],
      ['reason', 'event.reason'],
      ['ticket', 'event.ticket'],
    ],
    none: 'It did nothing that is on record.',
  }),
})

export const sessionCommands: ReadonlyArray<Command> = [list, show, revoke]
