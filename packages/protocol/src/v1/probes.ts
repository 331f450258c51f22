/**
 * Things that somebody might want to do, asked about at both moments of a diff.
 */
import { type PastQuestion, standAt } from '@grantlog/engine'
import { closed, parseJson } from '@grantlog/policy'
import type { Bearers, HistoryPrincipal, HistoryState } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Parameters } from '../signature/parameters.js'
import { type Members, standMembers } from './marks.js'
import type { ReadFault } from './problem.js'
import { type Question, questionOfQuery } from './question.js'

/** Unit: probes. */
export const PROBES_MAX = 32
const PROBES_CHARACTERS_MAX = 16_384

const Probes = t.refinement(
  t.readonlyArray(closed({ action: t.string, resource: t.string }, {}, 'Probe')),
  (all) => all.length > 0 && all.length <= PROBES_MAX,
  'Probes',
)

const NAMES = ['action', 'resource', 'context'] as const

const listed = (text: string): ReadonlyArray<{ action: string; resource: string }> | null => {
  const parsed = parseJson(text, PROBES_CHARACTERS_MAX)
  if (E.isLeft(parsed)) return null
  const probes = Probes.decode(parsed.right)
  return E.isLeft(probes) ? null : probes.right
}

/** Read as a question is, so that the same is refused for the same reason. */
const asQuestion = (
  principal: string,
  probe: ReadonlyMap<string, string>,
): E.Either<ReadFault, Question> =>
  questionOfQuery(new Map([['principal', principal], ...probe]), false)

/**
 * The one probe of `action` and `resource`, then those that `probes` lists; a `context` is that of
 * all.
 */
export const probesOf = (
  query: Parameters,
  principal: string,
  fault: ReadFault,
): E.Either<ReadFault, ReadonlyArray<Question>> => {
  const context = query.get('context')
  const told = NAMES.flatMap((name) => {
    const value = query.get(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const single = query.has('action') || query.has('resource') ? [new Map(told)] : []
  const text = query.get('probes')
  const others = text === undefined ? [] : listed(text)
  if (others === null) return E.left(fault)
  const questions: Array<Question> = []
  for (const probe of single) {
    const question = asQuestion(principal, probe)
    if (E.isLeft(question)) return question
    questions.push(question.right)
  }
  for (const { action, resource } of others) {
    const members = [['action', action] as const, ['resource', resource] as const]
    const withContext = context === undefined ? [] : [['context', context] as const]
    const question = asQuestion(principal, new Map([...members, ...withContext]))
    if (E.isLeft(question)) return E.left(fault)
    questions.push(question.right)
  }
  return E.right(questions)
}

/**
 * How each probe is decided at both positions, and through what; nothing is for a group, which
 * cannot act.
 */
export const probeMembers = (
  history: HistoryState,
  { was, is }: Bearers,
  probes: ReadonlyArray<Question>,
  positions: { readonly before: number; readonly after: number },
): ReadonlyArray<Members> =>
  probes.flatMap(({ action, resources, context }) => {
    const stand = ({ type, accountId, id }: HistoryPrincipal, position: number): Members => {
      const holder = { type: type === 'User' ? type : 'Role', accountId, id } as const
      const question: PastQuestion = { who: holder, action, resources, context }
      return standMembers(standAt(history, question, position), accountId)
    }
    if (is.type === 'Group') return []
    return [
      {
        action,
        resource: resources[0],
        before: stand(was, positions.before),
        after: stand(is, positions.after),
      },
    ]
  })
