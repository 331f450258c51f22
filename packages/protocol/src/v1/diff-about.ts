/**
 * What `GET /v1/diff` says of itself, and the parameters that it takes.
 */
import { DiffAnswer } from '@grantlog/client/shapes'
import { integer, needed, optional, text } from '../rpc/fields.js'
import { member, type RouteAbout } from './about.js'
import { CURSOR_CHARACTERS_MAX } from './cursor.js'
import { PAGE_ANSWER, pageQuery } from './paged.js'
import { FROM_ABOUT, TO_ABOUT } from './past.js'
import { POLICY_CHARACTERS_MAX, POLICY_RULE } from './policy-name.js'
import { PRINCIPAL_CHARACTERS_MAX } from './principal.js'
import { PROBES_MAX } from './probes.js'
import { QUESTION_QUERY } from './question.js'

/** The longest page of principals of an account. Unit: principals. */
const CHANGED_MAX = 1000
export const CHANGED_DEFAULT = 100

const PROBE_ABOUT = QUESTION_QUERY.filter(({ name }) =>
  ['action', 'resource', 'context'].includes(name),
).map(({ name, rule, meaning }) =>
  member.optional(name, rule, `Of a probe of the principal. ${meaning}`),
)

export const DIFF_ABOUT: RouteAbout = {
  path: '/v1/diff',
  does: 'Tells what a principal, a policy or the account may do at one moment and not at another, and why.',
  permission: {
    action: 'grantlog:GetDiff',
    resource:
      'acs:grantlog:*:<uid>:principal/<user, role or group>, policy/<policy>, or account for all',
  },
  query: [
    FROM_ABOUT,
    TO_ABOUT,
    member.optional(
      'principal',
      'the ARN of a user, a role or a group',
      'Whose diff, not beside `policy`. Neither of both means everybody in the account.',
    ),
    member.optional('policy', POLICY_RULE, 'Which policy, not beside `principal`.'),
    ...PROBE_ABOUT,
    member.optional(
      'probes',
      `the JSON text of a list of 1 to ${PROBES_MAX} objects with an action and a resource, beside a user or a role`,
      'More probes; their context is `context`.',
    ),
    ...pageQuery('principals', 'position', CHANGED_MAX, CHANGED_DEFAULT).map((about) => ({
      ...about,
      meaning: `Of the account alone. ${about.meaning}`,
    })),
  ],
  body: null,
  shapes: { answer: DiffAnswer },
  answer: {
    subject: '`principal`, `policy` or `account`.',
    id: 'The immutable id of the one that is meant; the name of a system policy; the uid of the account.',
    from: 'The position of the earlier moment.',
    to: 'The position of the later one.',
    diff:
      'Of a principal: `nameBefore` and `name`, null where it is not there, and the event that `named` it so; `replaced` where the name meant another one at the ' +
      'earlier moment: its `id`, its `name` now or null, the event that `ended` its bearing the name and the one by which that of ' +
      'the later moment `began` to: then what the one lost and all that the other has is told; the grants `gained`, `lost` and ' +
      '`turned` (another version in force, with the statements `added` and `removed`), each with its events, ' +
      'who caused them and why; `statements`, what is `gained` and `lost` by all of that together; `groups`, ' +
      '`accessKeys`, and `trust` of a role. Of a policy: `versionBefore`, `version`, `added`, `removed`, ' +
      '`event` and `attachments`, and `replaced` where the name meant another policy. Of the account: `changed`, the principals whose statements are different.',
    probes:
      'How each probe is decided `before` and `after`: `outcome`, `allowed`, and the statements `deciding` it, each with ' +
      'the events of its `grant` or for a trust policy `trustSet`, as GET /v1/since tells them.',
    ...PAGE_ANSWER,
    position: 'The last change up to the later moment.',
  },
  example: {
    principal: 'acs:ram::<uid>:user/alice',
    from: '1',
    action: 'ots:GetRow',
    resource: '*',
  },
}

export const DIFF_QUERY = {
  from: needed('from', text(1024)),
  to: optional('to', text(1024)),
  principal: optional('principal', text(PRINCIPAL_CHARACTERS_MAX)),
  policy: optional('policy', text(POLICY_CHARACTERS_MAX)),
  after: optional('after', text(CURSOR_CHARACTERS_MAX)),
  limit: optional('limit', integer(1, CHANGED_MAX)),
}
