/**
 * What somebody could do: the statements that bind it as a sheet, each as written, and the actions
 * that are known by name judged one by one.
 */
import {
  namedActions,
  type PolicyInForce,
  type Sheet,
  type SheetFilter,
  type SheetLine,
  sheetOf,
  type WrittenStatement,
  writtenStatements,
} from '@grantlog/policy'
import { type HolderRef, policiesInForceAt, policyTextsAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { type Narrowing, narrowingOf } from '../ask-session.js'
import { holderOf } from '../asked-principal.js'
import { sessionUnit } from '../decide.js'
import type { AccessQuestionRefused, TooManyStatements, Views } from '../engine.js'
import { grantsBehind } from '../grants-behind.js'
import { type Present, positionOf } from '../moment.js'
import type { Position } from '../ports.js'
import type { Ended } from '../questions/past-session.js'
import { canEach } from './can-each.js'
import type { WhatCanAnswer, WhatCanQuestion, WrittenSheet } from './questions.js'

/** How many statements are told. Unit: statements. Ours. */
export const STATEMENTS_TOLD_MAX = 2_000

/** How many actions are judged by name, those of the question first. Unit: actions. Ours. */
export const ACTIONS_JUDGED_MAX = 256

type Held = {
  readonly policies: ReadonlyArray<PolicyInForce>
  readonly written: ReadonlyArray<ReadonlyArray<WrittenStatement>>
}

const heldAt = (
  { history }: Pick<Views, 'history'>,
  holder: HolderRef | undefined,
  position: Position,
): Held => {
  if (holder === undefined) return { policies: [], written: [] }
  const policies = policiesInForceAt(history, holder, position)?.policies ?? []
  const texts = policyTextsAt(history, holder, position)
  return { policies, written: texts.map((text) => writtenStatements('identity', text)) }
}

/** The sheet with the statements as they were written. A line without its text is not shown. */
const withWritten = ({ allows, denies }: Sheet, { policies, written }: Held): WrittenSheet => {
  const of = ({ source, statementIndex }: SheetLine) =>
    written[policies.findIndex((policy) => policy.source === source)]?.[statementIndex]
  const shown = <Line extends SheetLine>(lines: ReadonlyArray<Line>) =>
    lines.flatMap((line) => {
      const statement = of(line)
      return statement === undefined ? [] : [{ ...line, written: statement }]
    })
  return { allows: shown(allows), denies: shown(denies) }
}

/** The first names, each once whatever its case, in alphabetical order. */
const distinct = (names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const known = new Map<string, string>()
  for (const name of names) {
    if (known.size === ACTIONS_JUDGED_MAX) break
    if (!known.has(name.toLowerCase())) known.set(name.toLowerCase(), name)
  }
  return [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name)
}

const actionsToJudge = (
  { resource, service, actions }: WhatCanQuestion,
  { written }: Held,
): ReadonlyArray<string> => {
  if (resource === undefined) return []
  const isAsked = (name: string): boolean =>
    service === undefined || name.toLowerCase().startsWith(`${service.toLowerCase()}:`)
  return distinct([...actions, ...namedActions(written.flat())].filter(isAsked))
}

const filterOf = ({ resource, service, context }: WhatCanQuestion): SheetFilter => ({
  context,
  ...(resource === undefined ? {} : { resource }),
  ...(service === undefined ? {} : { service: service.toLowerCase() }),
})

/** `narrowedBy`: where it is known already what narrows a session. */
export const whatCan = (
  views: Views,
  question: WhatCanQuestion,
  present: Present,
  narrowedBy?: Narrowing,
): E.Either<AccessQuestionRefused | TooManyStatements, WhatCanAnswer> => {
  const { principal, moment, context, resource } = question
  const { accountId } = principal
  const at = positionOf(views, accountId, moment, present)
  if (E.isLeft(at)) return at
  const position = at.right
  const nobody = canEach(views, { principal, moment, context, asked: [] }, present, narrowedBy)
  if (E.isLeft(nobody)) return nobody
  const { principalId } = nobody.right
  const narrowing =
    narrowedBy === undefined
      ? narrowingOf(views.credentials, question, principalId, { position, now: present.now })
      : E.right(narrowedBy)
  if (E.isLeft(narrowing)) return narrowing
  const holder = holderOf(principal, principalId)
  const held = heldAt(views, holder, position)

  const sheet = sheetOf(held.policies, accountId, filterOf(question))
  if (sheet.allows.length + sheet.denies.length > STATEMENTS_TOLD_MAX)
    return E.left({ type: 'TooManyStatements', limit: STATEMENTS_TOLD_MAX })
  const names = actionsToJudge(question, held)
  const asked = names.map((action) => ({ action, resource: resource ?? '*' }))
  const each = canEach(views, { principal, moment, context, asked }, present, narrowing.right)
  if (E.isLeft(each)) return each
  const { judged, ...answered } = each.right
  const actions = judged.flatMap((one, index) =>
    one.certainty === 'Never' ? [] : [{ ...one, action: names[index] ?? '' }],
  )
  return E.right({
    ...answered,
    isRoot: principal.type === 'Root',
    sheet: withWritten(sheet, held),
    narrowedBy: narrowingSheets(question, narrowing.right.narrowings),
    actions,
    grants: grantsBehind(views.history, holder, [...sheet.allows, ...sheet.denies], position),
  })
}

/** What each session policy says; a session without one is not narrowed. */
const narrowingSheets = (
  question: WhatCanQuestion,
  narrowings: Narrowing['narrowings'],
): ReadonlyArray<WrittenSheet> =>
  narrowings.flatMap((text) => {
    if (text === undefined) return []
    const policies = sessionUnit(text)
    const held = { policies, written: [writtenStatements('session', text)] }
    return [withWritten(sheetOf(policies, question.principal.accountId, filterOf(question)), held)]
  })

/** A session that was over could do nothing. */
export const whatCanEnded = ({ sessionPolicies: _, ...ended }: Ended): WhatCanAnswer => ({
  ...ended,
  isRoot: false,
  sheet: { allows: [], denies: [] },
  narrowedBy: [],
  actions: [],
  grants: [],
})
