/**
 * `/v1/accounts`: opening further accounts, and which there are.
 *
 * They are the business of the account that the deployment began with. Whoever opens one is handed
 * the key of its root, and has no other rights in it.
 */
import { AccountsAnswer, OpenedAccountAnswer } from '@grantlog/client/shapes'
import type { AccountId } from '@grantlog/domain'
import type { Caller, Engine } from '@grantlog/engine'
import { closed } from '@grantlog/policy'
import { listAccounts } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { integer, optional, text } from '../rpc/fields.js'
import type { RouteAbout } from './about.js'
import { CURSOR_CHARACTERS_MAX } from './cursor.js'
import { readBody } from './json-body.js'
import { isoText } from './moment.js'
import { NOTE_MEMBERS, NOTES_BODY } from './notes.js'
import { PAGE_ANSWER, type PagedRead, pagedRun, pageOf, pageQuery } from './paged.js'
import type { ReadFault } from './problem.js'
import { readQuery } from './query.js'
import type { ReadAnswer, Route } from './route.js'

const PATH = '/v1/accounts'

/** The longest page of accounts. Unit: accounts. */
const ACCOUNTS_MAX = 1000
const ACCOUNTS_DEFAULT = 100

const mayAdminister = ({ views }: Engine, { accountId }: Caller): E.Either<ReadFault, undefined> =>
  listAccounts(views.directory)[0]?.accountId === accountId
    ? E.right(undefined)
    : E.left({ type: 'NotAdministering' })

const LIST_ABOUT: RouteAbout = {
  path: PATH,
  does: 'Lists the accounts of the deployment. For its first account alone.',
  permission: { action: 'grantlog:ListAccounts', resource: 'acs:grantlog:*:<uid>:account/*' },
  query: pageQuery('accounts', 'position', ACCOUNTS_MAX, ACCOUNTS_DEFAULT),
  body: null,
  shapes: { answer: AccountsAnswer },
  answer: {
    accounts:
      'The accounts in the order in which they were opened: `accountId`, `created` and the ' +
      '`position` of that in the log.',
    ...PAGE_ANSWER,
  },
  example: { limit: '10' },
}

const LIST_QUERY = {
  after: optional('after', text(CURSOR_CHARACTERS_MAX)),
  limit: optional('limit', integer(1, ACCOUNTS_MAX)),
}

const accountsPage =
  ({ views }: Engine): PagedRead['page'] =>
  (start, limit) => {
    const all = listAccounts(views.directory).map(({ accountId, createdAt, position }) => ({
      accountId,
      created: isoText(createdAt),
      position,
    }))
    return TE.right(pageOf(all, ({ position }) => position, start, limit))
  }

const listRoute: Route = {
  method: 'GET',
  about: LIST_ABOUT,
  prepare: (call, _parts, scene) => {
    const { engine, caller } = scene
    const allowed = mayAdminister(engine, caller)
    if (E.isLeft(allowed)) return allowed
    const query = readQuery(call.query, LIST_ABOUT.query, LIST_QUERY)
    if (E.isLeft(query)) return query
    const { limit } = query.right
    const paging = { call, member: 'accounts', limit, limitDefault: ACCOUNTS_DEFAULT }
    const run = pagedRun(scene, { ...paging, areNumbers: true, page: accountsPage(engine) })
    if (E.isLeft(run)) return run
    return E.right({
      action: 'grantlog:ListAccounts',
      resource: `acs:grantlog:*:${caller.accountId}:account/*`,
      onRecord: 'Always',
      run: run.right,
    })
  },
}

/** Nothing of the account's own: the server chooses the id. */
const OpenBody = closed({}, NOTE_MEMBERS, 'OpenAccountBody')

const openRoute: Route = {
  method: 'POST',
  isCommand: true,
  about: {
    path: PATH,
    does: 'Opens a further account, and hands out the key of its root, once. For the first account alone.',
    permission: { action: 'grantlog:CreateAccount', resource: 'acs:grantlog:*:<uid>:account/*' },
    query: [],
    body: NOTES_BODY,
    shapes: { answer: OpenedAccountAnswer, body: OpenBody },
    answer: {
      accountId: 'The id of the new account.',
      accessKeyId: 'The AccessKey of its root.',
      accessKeySecret: 'The secret of that key. It is shown here and never again.',
      position: 'Where in the log the account was opened.',
    },
    example: {},
  },
  prepare: (call, _parts, { caller, engine }) => {
    const allowed = mayAdminister(engine, caller)
    if (E.isLeft(allowed)) return allowed
    const body = readBody(call, NOTES_BODY, OpenBody)
    if (E.isLeft(body)) return body
    return E.right({
      action: 'grantlog:CreateAccount',
      resource: `acs:grantlog:*:${caller.accountId}:account/*`,
      onRecord: 'Refusals',
      notes: body.right,
      run: ({ circumstances }) =>
        pipe(
          engine.openAccount(engine.ids.accountId() as AccountId, circumstances),
          TE.map(({ executed: { position }, ...key }): ReadAnswer => {
            return { position, body: { ...key, position } }
          }),
        ),
    })
  },
}

export const ACCOUNT_ROUTES: ReadonlyArray<Route> = [listRoute, openRoute]
