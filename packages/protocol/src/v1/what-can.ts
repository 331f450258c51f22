/**
 * `GET /v1/what-can`: what a principal may do, then or now: the statements that bind it, what is
 * cut out of them, and for a resource the actions that are known by name.
 */
import { WhatCanAnswer as WhatCanShape } from '@grantlog/client/shapes'
import type { WhatCanAnswer, WrittenSheet } from '@grantlog/engine'
import type { SheetAllow, SheetLine, WrittenStatement } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Fault } from '../rpc/faults.js'
import { invalid, matching, needed, optional, type Reader, text } from '../rpc/fields.js'
import { OPERATIONS } from '../rpc/operations/table.js'
import { ACTION_PREFIX } from '../rpc/product.js'
import { member, type RouteAbout } from './about.js'
import { askedMembers, sessionMembers } from './answer.js'
import { sourceMembers } from './deciding.js'
import { grantMembers } from './marks.js'
import type { GivenMoment } from './moment.js'
import {
  ABOUT_GRANTS,
  ABOUT_JUDGED,
  judgedMembers,
  keysOf,
  labelsOf,
  OPEN_QUERY,
  OPEN_QUERY_ABOUT,
  readMoment,
} from './partial-members.js'
import { PRINCIPAL_CHARACTERS_MAX, parsePrincipal, principalResource } from './principal.js'
import type { ReadFault } from './problem.js'
import { malformedParameter, readQuery } from './query.js'
import { PRINCIPAL_ABOUT, RESOURCE_RULE } from './question.js'
import { Action, Resource } from './question-members.js'
import type { ReadAnswer, Route } from './route.js'

type Members = Readonly<Record<string, unknown>>

/** How many actions can be asked about by name. Unit: actions. */
const ACTIONS_MAX = 100

/** The actions of our own interfaces that may be done to such a resource. */
const ourActionsOn = (resource: string): ReadonlyArray<string> => {
  if (resource !== '*' && !resource.startsWith('acs:ram:')) return []
  // What carries its own proof asks nobody for permission.
  const signed = OPERATIONS.filter(({ proof }) => proof === 'Signature')
  const actions = signed.map(({ product, name }) => `${ACTION_PREFIX[product]}:${name}`)
  return [...new Set(actions)]
}

const ABOUT: RouteAbout = {
  path: '/v1/what-can',
  does: 'Says what a principal may do, now or then: to one resource or to all, and under which conditions.',
  permission: {
    action: 'grantlog:ListPermissions',
    resource: 'acs:grantlog:*:<uid>:principal/<user, role or root>',
  },
  query: [
    PRINCIPAL_ABOUT,
    member.optional('resource', RESOURCE_RULE, 'Only what may be done to it; absent means all.'),
    member.optional(
      'service',
      'the part of an action before its colon, e.g. ots',
      'Only actions of this service; absent means all.',
    ),
    member.optional(
      'actions',
      `1 to ${ACTIONS_MAX} actions with commas between them, each as in /v1/can`,
      'Actions to judge by name, beside those that the policies name in full and those of RAM and STS; only with `resource`.',
    ),
    ...OPEN_QUERY_ABOUT,
  ],
  body: null,
  shapes: { answer: WhatCanShape },
  answer: {
    asked:
      'The moment asked about as it was given: `{"now":true}`, `{"at":…}` or `{"position":…}`.',
    position: 'The last change up to that moment of what the answer rests on.',
    applied: 'The last position of the whole log that this node had applied when it answered.',
    principalId: 'The immutable id of who bore the name then.',
    isRoot: 'Whether it is the root of the account, which may do all in it but assume roles.',
    session: 'For a session alone: what the answer rests on beside the role, as in /v1/can.',
    reason: 'For a session that was over: `SessionEnded`, and a sentence. It could do nothing.',
    allows:
      'The statements that allow, in the order of the policies: `policy`, `statementIndex`, ' +
      '`statement` as written; `certainty`: `Allowed` but for what is cut out, `Conditional` on ' +
      'its `conditions` on `keys` that the context does not give, or `Never`, where a deny takes ' +
      'all of it; and `cutBy`, the places in `denies` of what may take a part, absent where there was too much to compare.',
    denies:
      'The statements that deny, likewise; one with `keys` denies under its `conditions` alone.',
    narrowedBy:
      'For a session: `allows` and `denies` of its session policies, which it needs as well.',
    actions:
      `With \`resource\`, in alphabetical order, the actions known by name that are allowed or would be: \`action\`; ${ABOUT_JUDGED}. ` +
      'Of what is not known by name the statements tell.',
    grants: `The grants that the statements stand in: ${ABOUT_GRANTS}.`,
  },
  example: {
    principal: 'acs:ram::<uid>:user/alice',
    resource: 'acs:ots:*:<uid>:instance/orders',
    actions: 'ots:GetRow,ots:PutRow',
  },
}

const SERVICE = /^[A-Za-z0-9_-]{1,64}$/
const serviceName: Reader<string> = (value, name) =>
  SERVICE.test(value) ? E.right(value) : invalid(name, 'Value')

const actionNames: Reader<ReadonlyArray<string>> = (value, name) => {
  const names = value.split(',', ACTIONS_MAX + 1)
  return names.length <= ACTIONS_MAX && names.every((each) => Action.is(each))
    ? E.right(names)
    : invalid(name, 'Value')
}

const QUERY = {
  principal: needed('principal', text(PRINCIPAL_CHARACTERS_MAX)),
  resource: optional('resource', matching(Resource, 'Value')),
  service: optional('service', serviceName),
  actions: optional('actions', actionNames),
  ...OPEN_QUERY,
}

const lineMembers = ({ source, statementIndex, open, written }: SheetLine & Written): Members => ({
  policy: sourceMembers(source),
  statementIndex,
  statement: statementMembers(written),
  ...(open.length === 0 ? {} : { keys: keysOf(open), conditions: labelsOf(open) }),
})

type Written = { readonly written: WrittenStatement }

/** The statement as JSON, single values in arrays. */
const statementMembers = ({
  Effect,
  Action: Allowed,
  NotAction,
  Resource: Resources,
  Condition,
}: WrittenStatement): Members => ({
  Effect,
  ...(Allowed === undefined ? {} : { Action: Allowed }),
  ...(NotAction === undefined ? {} : { NotAction }),
  ...(Resources === undefined ? {} : { Resource: Resources }),
  ...(Condition === undefined
    ? {}
    : {
        Condition: Object.fromEntries(
          Condition.map(([operator, keys]) => [operator, Object.fromEntries(keys)]),
        ),
      }),
})

const allowMembers = (allow: SheetAllow & Written): Members => ({
  ...lineMembers(allow),
  certainty: allow.certainty,
  ...(allow.cutBy === undefined ? {} : { cutBy: allow.cutBy }),
})

const sheetMembers = ({ allows, denies }: WrittenSheet) => ({
  allows: allows.map(allowMembers),
  denies: denies.map(lineMembers),
})

const answerMembers = (given: GivenMoment, answer: WhatCanAnswer, reader: string): Members => ({
  asked: askedMembers(given),
  position: answer.position,
  applied: answer.applied,
  principalId: answer.principalId,
  isRoot: answer.isRoot,
  ...sessionMembers(answer.session, reader),
  ...sheetMembers(answer.sheet),
  narrowedBy: answer.narrowedBy.map(sheetMembers),
  actions: answer.actions.map(({ action, ...judged }) => ({ action, ...judgedMembers(judged) })),
  grants: answer.grants.map((grant) => grantMembers(grant, reader)),
})

export const WHAT_CAN_ROUTE: Route = {
  method: 'GET',
  about: ABOUT,
  prepare: (call, _, { caller, engine }) => {
    const query = readQuery(call.query, ABOUT.query, QUERY)
    if (E.isLeft(query)) return query
    const { resource, service, actions = [], context = new Map() } = query.right
    const principal = parsePrincipal(query.right.principal)
    if (principal === null || principal.type === 'Group')
      return E.left(malformedParameter(ABOUT.query, 'principal'))
    if (principal.accountId !== caller.accountId) return E.left({ type: 'ForeignAccount' })
    if (actions.length > 0 && resource === undefined)
      return E.left({
        type: 'QueryMalformed',
        parameter: 'actions',
        fault: 'it must stand beside `resource`',
      })
    const asked = readMoment(engine, caller.accountId, query.right)
    if (E.isLeft(asked)) return asked
    const { given, moment } = asked.right
    const question = {
      principal,
      context,
      moment,
      actions: [...actions, ...ourActionsOn(resource ?? '')],
      ...(resource === undefined ? {} : { resource }),
      ...(service === undefined ? {} : { service }),
    }
    return E.right({
      action: 'grantlog:ListPermissions',
      resource: principalResource(principal),
      onRecord: 'Always',
      run: () =>
        pipe(
          engine.whatCan(question),
          TE.mapLeft((fault): Fault | ReadFault =>
            fault.type === 'NoSuchSession' ? { ...fault, type: 'SessionNotAskable' } : fault,
          ),
          TE.map(
            (answer): ReadAnswer => ({
              position: answer.applied,
              body: answerMembers(given, answer, caller.accountId),
            }),
          ),
        ),
    })
  },
}
