/**
 * `grantlog diff`: what a principal, a policy or the account may do at one moment and not at
 * another.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Names } from '../calling/call.js'
import { EXIT_DENIED, EXIT_OK, type Failure } from '../failure.js'
import { type Json, listAt, valueAt } from '../json.js'
import { type Command, type Given, wrong } from './command.js'
import { CONTEXT_OPTION, contextQuery } from './decision.js'
import { differences, probeLines } from './differences.js'
import { joinedWords, versionWords } from './granted.js'
import { question } from './question.js'
import { momentText, policyArn, principalOf, resourceOf } from './words.js'

const POLICY = /^policy\/|:policy\//

/** Whose diff; nobody said means the whole account. */
const subjectQuery = (subject: string): Names => {
  if (subject === '') return {}
  return POLICY.test(subject) ? { policy: policyArn(subject) } : { principal: principalOf(subject) }
}

/** `ots:GetRow@ots:instance/orders`, several times. */
const probesQuery = (given: Given): E.Either<Failure, Names> => {
  const probes: Array<{ readonly action: string; readonly resource: string }> = []
  for (const text of given.options('probe')) {
    const [action = '', ...rest] = text.split('@')
    if (rest.length === 0) return wrong(`A probe is <action>@<resource>, not "${text}".`)
    const resource = resourceOf(rest.join('@'))
    if (E.isLeft(resource)) return resource
    probes.push({ action, resource: resource.right })
  }
  const query: Names = probes.length === 0 ? {} : { probes: JSON.stringify(probes) }
  return E.right(query)
}

const momentsQuery = (given: Given, now: number): E.Either<Failure, Names> => {
  const from = momentText(given.option('from') ?? '', now)
  if (E.isLeft(from)) return from
  const said = given.option('to')
  const to = said === undefined ? E.right(undefined) : momentText(said, now)
  if (E.isLeft(to)) return to
  return E.right({ from: from.right, ...(to.right === undefined ? {} : { to: to.right }) })
}

const ask = (given: Given, now: number) => {
  const moments = momentsQuery(given, now)
  if (E.isLeft(moments)) return moments
  const probes = probesQuery(given)
  if (E.isLeft(probes)) return probes
  const context = contextQuery(given)
  if (E.isLeft(context)) return context
  const query: Names = {
    ...subjectQuery(given.argument('subject')),
    ...moments.right,
    ...probes.right,
    ...context.right,
  }
  return E.right({ type: 'Get' as const, path: '/v1/diff', query })
}

const isDifferent = (answer: Json): boolean =>
  differences(answer).length > 0 ||
  listAt(answer, 'probes').some((probe) => probeLines(probe).isTurned)

export const diff: Command = question({
  name: 'diff',
  summary:
    'Tells what a principal, a policy or the account may do at one moment and not at another, and why.',
  details: 'It ends with 1 where something is different, as diff does.',
  arguments: [
    {
      name: 'subject',
      meaning:
        'a user by its name, role/<name>, group/<name>, policy/<name>, policy/system/<name> or an ARN; nobody means the account',
      isOptional: true,
    },
  ],
  options: [
    { flag: '--from <moment>', meaning: 'the earlier time or position', isNeeded: true },
    { flag: '--to <moment>', meaning: 'the later one; now when absent' },
    {
      flag: '--probe <action@resource>',
      meaning: 'how that is decided at both moments, e.g. ots:GetRow@ots:instance/orders',
      isRepeated: true,
    },
    CONTEXT_OPTION,
  ],
  examples: [
    'grantlog diff alice --from 30d',
    'grantlog diff policy/orders --from 2026-01-01 --to 2026-02-01',
    'grantlog diff --from 120 --to 180 -o csv',
  ],
  isPaged: true,
  saidAs: { principal: '<subject>', policy: '<subject>', probes: '--probe' },
  ask,
  show: () => ({
    list: 'diff.changed',
    rows: differences,
    heading: (answer, paint) =>
      listAt(answer, 'probes').flatMap((probe) => {
        const { isTurned, before, text, behind } = probeLines(probe)
        return [isTurned ? paint(before === 'Allow' ? 'bad' : 'good', text) : text, ...behind]
      }),
    isHeadingNeeded: true,
    columns: [
      ['principal', 'principal'],
      ['change', 'change'],
      ['what', 'what'],
      ['through', 'through'],
      ['time', 'event.recordedAt'],
      ['position', 'event.position'],
      ['by', 'event.actor.arn'],
      ['reason', 'event.reason'],
      ['ticket', 'event.ticket'],
      ['version set', (row) => versionWords(valueAt(row, 'grant') ?? null)],
      ['joined', (row) => joinedWords(valueAt(row, 'grant') ?? null)],
    ],
    none: 'No difference.',
  }),
  exit: (answer) => (isDifferent(answer) ? EXIT_DENIED : EXIT_OK),
})
