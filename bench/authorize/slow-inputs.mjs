/**
 * Inputs chosen to be slow, at the limits of what is accepted, and at half of them: time must not
 * grow faster than the input.
 */
import { authorize, parsePolicy, policyUniverse, requestContext } from '@grantlog/policy'
import { demand, printTable, rightOf, say } from '../statistics.mjs'
import { ACCOUNT } from './worlds.mjs'

const principal = { type: 'User', accountId: ACCOUNT, userId: 'u', userName: 'u' }

const documentOf = (...Statement) =>
  rightOf(parsePolicy('identity', JSON.stringify({ Version: '1', Statement })), 'document')

const asked = (id, context = {}, action = 'ecs:StopInstance') => ({
  principal,
  action,
  resources: [`acs:ecs:cn-hangzhou:${ACCOUNT}:${id}`],
  context: requestContext(context),
})

const allow = (id, Condition = {}, Action = ['ecs:*']) => ({
  Effect: 'Allow',
  Action,
  Resource: [`acs:ecs:*:*:${id}`],
  Condition,
})

/** Each row makes, for a size, the documents and the request. */
const ACTION = 'ecs:*xxxxxxxxxx*'

/** Patterns that make a policy of exactly so many characters. */
const actionsOf = (characters) => {
  const length = (Action) =>
    JSON.stringify({ Version: '1', Statement: [{ ...allow('*'), Action }] }).length
  const actions = []
  while (length([...actions, ACTION]) <= characters) actions.push(ACTION)
  const missing = characters - length(actions)
  return [...actions.slice(1), `${ACTION.slice(0, -1)}${'x'.repeat(missing)}*`]
}

const ROWS = [
  [
    'stars in one pattern',
    1_000,
    (n) => [[documentOf(allow(`${'*a'.repeat(n)}b`))], asked('a'.repeat(1_900))],
  ],
  [
    'characters of a policy',
    6_144,
    (n) => [[documentOf({ ...allow('*'), Action: actionsOf(n) })], asked('i')],
  ],
  [
    'statements of one principal',
    10_000,
    (n) => [
      Array.from({ length: n / 20 }, (_, i) =>
        documentOf(...Array.from({ length: 20 }, (_, j) => allow(`instance/${i}-${j}-*`))),
      ),
      asked('instance/i-1'),
    ],
  ],
  [
    'statements that all come close',
    10_000,
    (n) => [
      Array.from({ length: n / 20 }, () =>
        documentOf(
          ...Array.from({ length: 20 }, () => allow('*', { StringEquals: { 'acs:k': ['v'] } })),
        ),
      ),
      asked('instance/i-1', { 'acs:k': 'w' }),
    ],
  ],
  [
    'KiB of context',
    64,
    (n) => [
      [documentOf(allow('*', { StringLike: { 'acs:k': ['*x*y*z'] } }))],
      asked('i', { 'acs:k': Array.from({ length: n / 8 }, () => 'x'.repeat(8_000)) }),
    ],
  ],
  [
    'characters of an action',
    256,
    (n) => [
      [documentOf(allow('*', {}, ['ecs:*a*a*a*a*b']))],
      asked('i', {}, `ecs:${'a'.repeat(n - 4)}`),
    ],
  ],
]

/** The best of a few runs. Unit: microseconds. */
const timeOf = (run) => {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < 7; i += 1) {
    const startedAt = performance.now()
    run()
    best = Math.min(best, performance.now() - startedAt)
  }
  return best * 1_000
}

const measured = (documents, request) => {
  const policies = {
    identity: documents.map((document, i) => ({
      source: { policyType: 'Custom', policyName: `p-${i}`, versionId: 'v1' },
      document,
    })),
  }
  const startedAt = performance.now()
  const universe = policyUniverse()
  const held = { identity: universe.holding(documents.map((one) => universe.add(one))) }
  const { outcome } = universe.decide(request, held)
  const first = (performance.now() - startedAt) * 1_000
  demand(outcome === authorize(request, policies).outcome, 'both decide alike')
  return {
    first,
    compiled: timeOf(() => universe.decide(request, held)),
    specification: timeOf(() => authorize(request, policies)),
  }
}

const figure = (microseconds) => microseconds.toFixed(microseconds < 10 ? 2 : 0)

export const slowInputs = () => {
  say('Slow inputs, in microseconds; "first" compiles the policies and learns the action')
  const rows = ROWS.flatMap(([what, size, made]) =>
    [size / 2, size].map((n) => {
      const { first, compiled, specification } = measured(...made(n))
      return [
        `${n.toLocaleString('en-US')} ${what}`,
        ...[first, compiled, specification].map(figure),
      ]
    }),
  )
  printTable(['input', 'first', 'compiled', 'specification'], rows)
}
