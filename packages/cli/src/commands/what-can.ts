/** `grantlog what-can`: what a principal may do, as its policies say and its denies cut it. */
import * as E from 'fp-ts/lib/Either.js'
import type { Names } from '../calling/call.js'
import { isRecord, type Json, listAt, textAt } from '../json.js'
import type { Column } from '../output/columns.js'
import { type Paint, printable } from '../output/terminal.js'
import { type Command, type Given, saidOf } from './command.js'
import { CONTEXT_OPTION, contextQuery, PRINCIPAL } from './decision.js'
import { allBehind, GRANT_COLUMNS, policyWords, withGrantOf } from './granted.js'
import { question } from './question.js'
import { keyWords } from './who-can.js'
import { momentQuery, principalOf, resourceOf } from './words.js'

const listed = (row: Json, path: string): string => listAt(row, path).join(' ')

const actionsOf = (row: Json): string => {
  const excepted = listed(row, 'statement.NotAction')
  return excepted === '' ? listed(row, 'statement.Action') : `all but ${excepted}`
}

const says = (row: Json): string => {
  if (textAt(row, 'statement.Effect') === 'Deny')
    return textAt(row, 'keys') === '' ? 'deny' : 'deny on conditions'
  const certainty = textAt(row, 'certainty')
  if (certainty === 'Never') return 'allow, but denied'
  const isCut = listAt(row, 'cutBy').length > 0
  return `${certainty === 'Conditional' ? 'allow on conditions' : 'allow'}${isCut ? ', in part' : ''}`
}

const STATEMENTS: ReadonlyArray<Column> = [
  ['says', says],
  ['actions', actionsOf],
  ['resources', (row) => listed(row, 'statement.Resource')],
  ['conditions', (row) => listed(row, 'conditions') || null],
  ['policy', (row) => policyWords(row, 'policy')],
  ['denied by', (row) => listed(row, 'deniedBy') || null],
  ...GRANT_COLUMNS,
]

const ACTIONS: ReadonlyArray<Column> = [
  ['action', 'action'],
  ['may', (row) => (textAt(row, 'certainty') === 'Allowed' ? 'yes' : 'on conditions')],
  ['keys', keyWords],
  ['through', (row) => allBehind(row, 'deciding') || null],
]

/** The statements of an answer in one list; each allow names the denies that cut into it. */
const statementsOf = (answer: Json): ReadonlyArray<Json> => {
  const denies = listAt(answer, 'denies')
  const allows = listAt(answer, 'allows').map((row) => ({
    ...(isRecord(row) ? row : {}),
    deniedBy: listAt(row, 'cutBy').map((index) =>
      policyWords(denies[Number(index)] ?? null, 'policy'),
    ),
  }))
  return [...allows, ...denies].map(withGrantOf(answer))
}

/** The actions of an answer, each statement that decides with its grant. */
const actionsWithGrants = (answer: Json): ReadonlyArray<Json> =>
  listAt(answer, 'actions').map((row) => ({
    ...(isRecord(row) ? row : {}),
    deciding: listAt(row, 'deciding').map(withGrantOf(answer)),
  }))

const query = (given: Given, now: number) => {
  const resource = given.option('resource')
  const named = resource === undefined ? E.right(undefined) : resourceOf(resource)
  if (E.isLeft(named)) return named
  const context = contextQuery(given)
  if (E.isLeft(context)) return context
  return E.map(
    (moment: Names): Names => ({
      principal: principalOf(given.argument('principal')),
      ...(named.right === undefined ? {} : { resource: named.right }),
      ...saidOf(given, 'service', 'actions'),
      ...context.right,
      ...moment,
    }),
  )(momentQuery(given, now))
}

/** e.g. `allow ots:GetRow on *; deny on conditions ots:* on *`: a session policy in one line. */
const sheetWords = (sheet: Json): string =>
  [...listAt(sheet, 'allows'), ...listAt(sheet, 'denies')]
    .map((row) => {
      const keys = listed(row, 'conditions')
      const where = keys === '' ? '' : ` (${keys})`
      return `${says(row)} ${actionsOf(row)} on ${listed(row, 'statement.Resource')}${where}`
    })
    .join('; ')

/** What a session has of its role is cut to what each of its session policies allows too. */
const narrowingLines = (answer: Json): ReadonlyArray<string> =>
  listAt(answer, 'narrowedBy').map((sheet) =>
    printable(
      `Narrowed by a session policy, which must allow it too: ${sheetWords(sheet) || 'nothing'}`,
    ),
  )

const headingOf = (answer: Json, paint: Paint): ReadonlyArray<string> => {
  const reason = textAt(answer, 'reason.detail')
  if (reason !== '') return [printable(reason)]
  return textAt(answer, 'isRoot') === 'true'
    ? [paint('strong', 'The root of the account may do all in it but assume roles.')]
    : narrowingLines(answer)
}

export const whatCan: Command = question({
  name: 'what-can',
  summary: 'Says what a principal may do: to all there is, or to one resource.',
  details:
    'Without --resource it lists the statements that bind the principal, with it the actions that ' +
    'are known by name. -o json has both.',
  arguments: [PRINCIPAL],
  options: [
    { flag: '--resource <resource>', meaning: 'only what may be done to it' },
    { flag: '--service <service>', meaning: 'only actions of it, e.g. ots' },
    { flag: '--actions <actions>', meaning: 'actions to judge by name, with commas between them' },
    CONTEXT_OPTION,
  ],
  examples: [
    'grantlog what-can alice',
    'grantlog what-can alice --resource ots:instance/orders --actions ots:GetRow,ots:PutRow',
  ],
  hasMoment: true,
  ask: (given, now) =>
    E.map((asked: Names) => ({ type: 'Get' as const, path: '/v1/what-can', query: asked }))(
      query(given, now),
    ),
  show: (given) => ({
    heading: headingOf,
    isHeadingNeeded: true,
    none: 'Nothing.',
    ...(given.option('resource') === undefined
      ? { list: 'allows', rows: statementsOf, columns: STATEMENTS }
      : { list: 'actions', rows: actionsWithGrants, columns: ACTIONS }),
  }),
})
