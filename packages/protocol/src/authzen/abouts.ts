/**
 * What the endpoints of AuthZEN say of themselves: their permissions, and the shapes of what they
 * take and answer.
 */
import * as t from 'io-ts'
import { type MemberAbout, member, type RouteAbout } from '../v1/about.js'
import { METADATA_PATH } from './metadata.js'
import { ActionAsked, EntityAsked, TypeAsked } from './request.js'

/** How many evaluations one call may hold. Unit: evaluations. Ours. */
export const EVALUATIONS_MAX = 100

export const SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const

const Members = t.record(t.string, t.unknown)

const parts = { subject: EntityAsked, action: ActionAsked, resource: EntityAsked }
const others = { context: Members, options: Members }

const EvaluationBody = t.intersection([t.type(parts), t.partial(others)], 'AuthzenEvaluationBody')
const EvaluationsBody = t.partial(
  { ...parts, ...others, evaluations: t.readonlyArray(Members) },
  'AuthzenEvaluationsBody',
)

const Decided = t.type({ decision: t.boolean, context: Members }, 'AuthzenDecision')
const DecidedAll = t.type({ evaluations: t.readonlyArray(Decided) }, 'AuthzenDecisions')

const Page = t.partial({ token: t.string, limit: t.number })
const paged = { ...others, page: Page }
const SearchSubjectBody = t.intersection(
  [t.type({ ...parts, subject: TypeAsked }), t.partial(paged)],
  'AuthzenSearchSubjectBody',
)
const SearchResourceBody = t.intersection(
  [t.type({ ...parts, resource: TypeAsked }), t.partial(paged)],
  'AuthzenSearchResourceBody',
)
const SearchActionBody = t.intersection(
  [t.type({ subject: EntityAsked, resource: EntityAsked }), t.partial(paged)],
  'AuthzenSearchActionBody',
)
const Found = t.type(
  {
    page: t.type({ next_token: t.string, count: t.number }),
    context: Members,
    results: t.readonlyArray(Members),
  },
  'AuthzenFound',
)

const ENTITY_RULE =
  'an object with type and id, and perhaps properties, an object whose values are plain or lists ' +
  'of plain ones'
const SUBJECT = member.needed('subject', ENTITY_RULE, 'Who wants to do it.')
const ACTION = member.needed(
  'action',
  'an object with name, and perhaps properties',
  'What is to be done.',
)
const RESOURCE = member.needed('resource', ENTITY_RULE, 'What it is to be done to.')
const CONTEXT = member.optional('context', 'an object', 'What else is known of the call.')
const OPTIONS = member.optional(
  'options',
  `an object; evaluations_semantic in it is one of ${SEMANTICS.join(', ')}, at a time and ` +
    'position a position, of which one at most is given',
  'How, and at which moment, is asked; now when absent.',
)
const PAGE = member.optional(
  'page',
  'an object; limit in it is a whole number, at least 1, and token the next_token of the page before',
  'How many are wanted, and where to go on.',
)
const EVALUATIONS = member.optional(
  'evaluations',
  `a list of at most ${EVALUATIONS_MAX} objects with members as those beside it`,
  'What is asked, each with what it names itself, and the rest taken from beside the list.',
)
const typeOnly = (name: string, meaning: string): MemberAbout =>
  member.needed(name, 'an object with type', meaning)

const AUTHZEN_RESOURCE = 'acs:grantlog:*:<uid>:authzen'

const about = (told: Omit<RouteAbout, 'permission' | 'query' | 'example'>, action: string) => ({
  ...told,
  permission: { action, resource: AUTHZEN_RESOURCE },
  query: [],
  example: {},
})

export const EVALUATION_ABOUT: RouteAbout = about(
  {
    path: '/access/v1/evaluation',
    does: 'Decides one evaluation.',
    body: [SUBJECT, ACTION, RESOURCE, CONTEXT, OPTIONS],
    shapes: { answer: Decided, body: EvaluationBody },
    answer: {
      decision: 'Whether it is allowed.',
      context: 'Why: the outcome, the statements that decided, and the position it rests on.',
    },
  },
  'grantlog:Evaluate',
)

export const EVALUATIONS_ABOUT: RouteAbout = about(
  {
    path: '/access/v1/evaluations',
    does: 'Decides many evaluations at one position; one, where there is no list.',
    body: [
      ...[SUBJECT, ACTION, RESOURCE].map((each) => ({ ...each, isNeeded: false })),
      CONTEXT,
      EVALUATIONS,
      OPTIONS,
    ],
    shapes: { answer: t.union([DecidedAll, Decided]), body: EvaluationsBody },
    answer: { evaluations: 'The decisions, in the order of what was asked.' },
  },
  'grantlog:Evaluate',
)

const FOUND: RouteAbout['answer'] = {
  page: 'How many are on this page, and the token of the next; empty on the last.',
  context: 'The position that all pages rest on.',
  results: 'What was found, in order.',
}

export const SEARCH_ABOUTS = {
  subject: about(
    {
      path: '/access/v1/search/subject',
      does: 'Finds who may do it.',
      body: [
        typeOnly('subject', 'Of which type they are.'),
        ACTION,
        RESOURCE,
        CONTEXT,
        OPTIONS,
        PAGE,
      ],
      shapes: { answer: Found, body: SearchSubjectBody },
      answer: FOUND,
    },
    'grantlog:SearchSubjects',
  ),
  resource: about(
    {
      path: '/access/v1/search/resource',
      does: 'Finds what it may be done to.',
      body: [
        SUBJECT,
        ACTION,
        typeOnly('resource', 'Of which type they are.'),
        CONTEXT,
        OPTIONS,
        PAGE,
      ],
      shapes: { answer: Found, body: SearchResourceBody },
      answer: FOUND,
    },
    'grantlog:SearchResources',
  ),
  action: about(
    {
      path: '/access/v1/search/action',
      does: 'Finds what may be done.',
      body: [SUBJECT, RESOURCE, CONTEXT, OPTIONS, PAGE],
      shapes: { answer: Found, body: SearchActionBody },
      answer: FOUND,
    },
    'grantlog:SearchActions',
  ),
} as const

const ENDPOINTS = {
  policy_decision_point: 'The address of this server.',
  access_evaluation_endpoint: 'Where one evaluation is decided.',
  access_evaluations_endpoint: 'Where many are.',
  search_subject_endpoint: 'Where subjects are searched for.',
  search_resource_endpoint: 'Where resources are.',
  search_action_endpoint: 'Where actions are.',
} as const

const Metadata = t.type(
  {
    policy_decision_point: t.string,
    access_evaluation_endpoint: t.string,
    access_evaluations_endpoint: t.string,
    search_subject_endpoint: t.string,
    search_resource_endpoint: t.string,
    search_action_endpoint: t.string,
  },
  'AuthzenMetadata',
)

const METADATA_ABOUT: RouteAbout = {
  path: METADATA_PATH,
  does: 'Tells where the endpoints of AuthZEN are.',
  permission: null,
  query: [],
  body: null,
  shapes: { answer: Metadata },
  answer: ENDPOINTS,
  example: {},
}

/** All endpoints, for the OpenAPI document. */
export const AUTHZEN_DESCRIBED = [
  { method: 'GET', about: METADATA_ABOUT },
  ...[EVALUATION_ABOUT, EVALUATIONS_ABOUT, ...Object.values(SEARCH_ABOUTS)].map(
    (each) => ({ method: 'POST', about: each }) as const,
  ),
] as const
