/**
 * The documented decision examples, as data: policies and a request, and the outcome.
 */
import { readFileSync } from 'node:fs'
import {
  authorize,
  explain,
  type PoliciesInForce,
  type PolicyInForce,
  type PolicyKind,
  type Principal,
  parsePolicy,
  requestContext,
} from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

type Unit = 'identity' | 'resourceGroup' | 'session' | 'control' | 'trust' | 'resource'

type Example = {
  readonly number: number
  readonly group: string
  readonly given: string
  readonly principal: Principal
  readonly action: string
  readonly resources: readonly [string, ...string[]]
  readonly context: Readonly<Record<string, string>>
  readonly policies: Readonly<Partial<Record<Unit, ReadonlyArray<unknown>>>>
  readonly outcome: string
  readonly unit: string
}

const examples: ReadonlyArray<Example> = JSON.parse(
  readFileSync(new URL('examples.json', import.meta.url), 'utf8'),
)

const kinds: Readonly<Record<Unit, PolicyKind>> = {
  identity: 'identity',
  resourceGroup: 'identity',
  session: 'session',
  control: 'identity',
  trust: 'trust',
  resource: 'resource',
}

const policy = (unit: Unit, statements: ReadonlyArray<unknown>, name: string): PolicyInForce => {
  const parsed = parsePolicy(kinds[unit], JSON.stringify({ Version: '1', Statement: statements }))
  if (E.isLeft(parsed)) throw new Error(JSON.stringify(parsed.left))
  return {
    source: { policyType: 'Custom', policyName: name, versionId: 'v1' },
    document: parsed.right,
  }
}

/** A unit as one document, or as one document per statement. */
type Grouping = (unit: Unit, statements: ReadonlyArray<unknown>) => ReadonlyArray<PolicyInForce>

const together: Grouping = (unit, statements) =>
  statements.length === 0 ? [] : [policy(unit, statements, 'all')]
const apart: Grouping = (unit, statements) =>
  statements.map((statement, index) => policy(unit, [statement], `p${index}`))

const inForce = ({ policies }: Example, group: Grouping): PoliciesInForce => ({
  identity: group('identity', policies.identity ?? []),
  ...(policies.resourceGroup && { resourceGroup: group('resourceGroup', policies.resourceGroup) }),
  ...(policies.session && { session: group('session', policies.session) }),
  ...(policies.control && { control: group('control', policies.control) }),
  ...(policies.trust && { resource: group('trust', policies.trust) }),
  ...(policies.resource && { resource: group('resource', policies.resource) }),
})

const request = (example: Example) => ({
  principal: example.principal,
  action: example.action,
  resources: example.resources,
  context: requestContext(example.context),
})

for (const group of new Set(examples.map((example) => example.group)))
  describe(group, () => {
    for (const example of examples.filter((one) => one.group === group))
      it(`${example.number}: given ${example.given}, then ${example.outcome}`, () => {
        const { outcome, unit } = example
        for (const grouping of [together, apart]) {
          const policies = inForce(example, grouping)
          expect(authorize(request(example), policies)).toMatchObject({ outcome, unit })
          expect(explain(request(example), policies)).toMatchObject({ outcome, unit })
        }
      })
  })

describe('the examples', () => {
  it('are complete and in order', () => {
    expect(examples.map(({ number }) => number)).toEqual(
      Array.from({ length: 84 }, (_, index) => index + 1),
    )
  })
})
