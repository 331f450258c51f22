/**
 * The page of the read API, from what each route says of itself and from its table of problems.
 */
import { GENERATED, table } from './domain-pages.mjs'

const OPENING = `Everything under \`/v1/\` answers JSON. \`GET /v1/\` lists the paths, [\`GET /v1/openapi.json\`](openapi.json) describes them
for programs, and neither needs a signature, nor do those by which people sign in; all other calls are signed like those to RAM, with ACS3 or V1, over their own path. With ACS3 the headers \`x-acs-action\`
and \`x-acs-version\` must be there and signed, and may say anything. In place of a signature a call may carry an access token of
\`POST /oauth2/token\`, as \`Authorization: Bearer …\` ([how to get one](../authzen.md#in-five-steps)).

Each call needs a permission of its own, named below; root has them all. Only the caller's own account can be
asked about. In place of \`<uid>\` stands the id of the account.
`

const MOMENTS = `## Moments and positions

A question is about now, or about a moment given as \`at\`, a time, or \`position\`. A position is a number of the whole
log; a consistency token, as the header above hands out, may stand for one. A moment that this node has not reached is
refused.

An answer to \`/v1/can\`, \`/v1/why\` and \`/v1/decide\` says three things about it. \`asked\` is the moment as it was given.
\`position\` is the last change up to that moment of what the answer rests on: of the account, of the account of a role to
assume, and for a session also of the sessions of its name, which begin and are revoked. So now, the time of now and the last
position of the log all show the same \`position\`, as long as nothing of that changes, and \`position\` asked about again gives the
same answer. \`applied\` is how far this node has come in the log, which also grows with other accounts and with records of access.
`

const SEVERAL = `## Several questions

\`POST /v1/decide\` also takes a list of \`questions\`, each with the members of one. What stands beside the list holds for each
question that does not say it itself; \`at\` and \`position\` count as one. All are answered for one moment, in their order, or
none is: a member that is not as it should be, and a question that has no answer, refuse the call, and \`pointer\` says which it
was. The permission is needed for every principal that is asked about.

\`\`\`json
{
  "principal": "acs:ram::<uid>:user/alice",
  "action": "ots:GetRow",
  "answer": "outcome",
  "questions": [
    { "resource": "acs:ots:*:<uid>:instance/orders" },
    { "resource": "acs:ots:*:<uid>:instance/orders", "action": "ots:PutRow" }
  ]
}
\`\`\`

With \`"answer": "outcome"\` the answer is \`outcomes\`, a list of \`Allow\`, \`ImplicitDeny\` or \`ExplicitDeny\`, and the \`position\` and
\`applied\` of them all; to one question it is \`allowed\`, \`outcome\`, \`position\` and \`applied\`. It is the quickest way to ask.
\`explain\`, which looks at every statement, is for one question alone.
`

const RESOURCES = `## Resources

A resource is named \`acs:<service>:<region>:<account>:<id>\`, as the service names it, with the account that has it:
\`acs:ots:*:<uid>:instance/orders\`. The region may be \`*\`, and so may the id or a part of it, as in calls that list:
\`acs:ram:*:<uid>:user/*\`. \`*\` alone stands for everything that the account has, and only statements about \`*\` speak of it.
Where the account is missing, \`*\` or another's, own policies open nothing, and not even root may: the answer is a deny with a
\`reason\`.
`

const SESSIONS = `## Sessions

A session is named \`acs:ram::<uid>:assumed-role/<role>/<session>\`, or \`acs:ram::<uid>:role/<role>/<session>\`, as AssumeRole
answers it. It may do what its role may at that moment, narrowed by its session policy. What the answer rests on stands
in \`session.basis\`:

- \`Known\`: \`session.count\` sessions of that name, the newest 100 of them listed in \`session.sessionIds\`. Several may share a name, and a name does not say which is meant: the
  answer is an allow only when **all** of them are allowed. So a deny says that at least one of them may not, never that none may. They are those that were neither over nor revoked at the moment that is asked about.
- \`Ended\`: the last session of that name was over: \`session.sessionId\`, and in \`session.end\` when and why. The answer is a deny with the \`reason\` \`SessionEnded\`.
- \`Supposed\`: the \`sessionPolicy\` of the question, and no session is looked for. It may also stand beside the ARN of a role.

Sessions that are over are looked for in the log, where none of that name is remembered: those that began in the three days before the moment. The time of a position is that of
the event there. Where none is found the answer is 404, \`EntityNotExist.Session\`, never that of the role alone: nobody of that name may do anything. \`GET /v1/sessions/{sessionId}\` and
\`GET /v1/timeline\` find a session by its id however long it is over. Where one of a name is remembered, a narrower one that is over by now no longer narrows a past answer.
`

const PAGES = `## Pages

Where an answer has \`next\`, it is a page. Give \`next\` as \`after\`, with the same question, and the next one comes: all pages are
those of one answer, at the \`position\` that each of them names, whatever is written meanwhile and whichever node answers. A cursor that
was altered, is another account's or belongs to another question is refused.

With \`accept: application/x-ndjson\` all pages come at once as lines of JSON, made as they are read: each item is a line, and after each
page comes \`{"page":{"position":…,"applied":…,"next":…}}\`, with whatever else a page has beside its items. The last line of a whole answer is such a line. A fault on the way is the line
\`{"problem":{…}}\`, and the last. A reader who was cut off goes on with the last \`next\` that it saw.
`

const HEADERS = [
  [
    '`x-grantlog-at-least`',
    'request',
    'A consistency token, or several separated by commas, at most 16: the answer is at least as fresh as all of them.',
  ],
  [
    '`x-grantlog-reason`, `x-grantlog-ticket`',
    'request',
    'Why the call is made; kept with what it records. At most 256 characters each. Orders take them as `reason` and `ticket` of their body too; where both are given they must agree.',
  ],
  [
    '`x-grantlog-position-token`',
    'answer',
    'A consistency token for the position that this node had applied.',
  ],
]

const SIGNING_IN = `## Signing in

People sign in by steps, each of which says what the next one is. None of them is signed: they take JSON alone, and from pages of this server or from no page at all. At
last there is a cookie. A call by cookie that is no GET, and so may change something, must say that it comes from a page of this server, by \`Origin\` or by
\`Sec-Fetch-Site: same-origin\`; else it is refused with \`ForeignOrigin\`. A cookie that is over or wrong is \`NotSignedIn\`.

Who is often wrong waits (429 \`Throttling\`, with \`retry-after\`). In a minute and on each node: 10<!-- value: WRONG_SECRETS_MAX --> wrong passwords for a user from one address,
20<!-- value: WRONG_OF_USER_MAX --> for a user from all addresses where its right one was not shown before, 100<!-- value: WRONG_OF_ADDRESS_MAX --> from one address for all users, which is much since people behind
a proxy share one, and 10 refused steps with tickets of a user from one address. What is no ticket counts for nobody, and sessions are not counted.
Locks are counted in the log: [what is counted](../operations.md#guesses-at-signing-in).

Wrong codes in a row lock the codes of a user, and \`CheckAuthenticationCodeFail\` is answered to the right one too. Another password does not open that lock,
nor may the user unbind its own device meanwhile; whoever else may unbind it can help. A session is over when its user has another password, can't sign in any
more, or when the device by which it got in is unbound.
`

const PROBLEMS = `## Errors

An error is a problem of RFC 9457, \`application/problem+json\`: \`type\`, \`title\`, \`status\`, \`detail\`, and \`code\`, which programs go by.
\`parameter\` names the faulty parameter of a query, \`pointer\` the member of a body (a JSON pointer, empty for all of
it), \`header\` the header. Where a permission is missing, \`action\`, \`resource\` and \`outcome\` say which, and whether a policy denies it
(\`ExplicitDeny\`) or none allows it (\`ImplicitDeny\`). Where several had a name that nothing has any more, \`bearers\` are they, each with its \`id\` and the
positions \`from\` and \`to\`, the first and the last at which it had it. \`message\` repeats \`detail\` for the official clients, and \`requestId\` is the call's. Faults of the
signature and of the server have the codes of [errors.md](errors.md).
`

/** Something for each member that a problem may show. */
const SAMPLE = {
  policyName: '<policy>',
  name: '<name>',
  principal: { type: 'User', userName: '<user>' },
  allowed: 'GET',
  action: 'grantlog:Decide',
  resource: 'acs:grantlog:*:<uid>:principal/user/alice',
  outcome: 'ImplicitDeny',
  pointer: '/at',
  parameter: 'at',
  header: 'x-grantlog-at-least',
  fault: '…',
  entity: 'Policy',
  bearings: [
    { id: '<id>', from: 4, to: 13 },
    { id: '<other id>', from: 20, to: 31 },
  ],
  moments: ['at', 'position'],
  applied: 12,
  now: 1767323045000,
  from: 1767323045000,
  isPast: true,
  limit: 100,
}

const problemsTable = (problems) =>
  table(
    ['status', 'code', 'detail, e.g.'],
    Object.entries(problems).map(([type, row]) => {
      const { status, code, detail } = row({ type, ...SAMPLE })
      return [String(status), `\`${code}\``, detail.replaceAll('<', '&lt;')]
    }),
  )

const membersTable = (kind, members) =>
  members.length === 0
    ? []
    : [
        table(
          [kind, 'must be', 'meaning'],
          members.map(({ name, isNeeded, rule, meaning }) => [
            isNeeded ? `**${name}**` : name,
            rule.replaceAll('<', '&lt;'),
            meaning,
          ]),
        ),
      ]

const exampleOf = (method, { path, body, example }) => {
  if (body !== null)
    return `\`\`\`http\n${method} ${path}\n\n${JSON.stringify(example, null, 2)}\n\`\`\``
  const query = Object.entries(example)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  return `\`\`\`http\n${method} ${path}${query === '' ? '' : `?${query}`}\n\`\`\``
}

const routeSection = ({ method, about }) => {
  const { path, does, permission, query, body, answer } = about
  const needs =
    permission === null
      ? 'Needs no permission, and no signature.'
      : `Needs \`${permission.action}\` on \`${permission.resource}\`.`
  return [
    `## ${method} ${path}\n`,
    `${does} ${needs}\n`,
    exampleOf(method, about),
    '',
    ...membersTable('parameter', query).map((rows) => `${rows}\n`),
    ...membersTable('body member', body ?? []).map((rows) => `${rows}\n`),
    ...(body?.length === 0 ? ['The body is empty, or an object without members.\n'] : []),
    table(
      ['answer', 'meaning'],
      Object.entries(answer).map(([name, meaning]) => [name, meaning]),
    ),
    '',
  ].join('\n')
}

export const readApiPage = ({ routes, own, problems }) => {
  const text = [
    GENERATED,
    '# Read API\n',
    OPENING,
    `${table(['header', 'in', 'meaning'], HEADERS)}\n`,
    RESOURCES,
    SEVERAL,
    MOMENTS,
    SESSIONS,
    PAGES,
    ...[...own, ...routes].map(routeSection),
    SIGNING_IN,
    PROBLEMS,
    `${problemsTable(problems)}\n`,
  ].join('\n')
  return { text, missing: [] }
}
