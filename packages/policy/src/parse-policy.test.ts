/**
 * Which documents are read, which are refused, and what is said about where.
 */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { type PolicyDocument, type PolicyKind, trustedPrincipals } from './document.js'
import { operatorNames } from './operators.js'
import { parsePolicy } from './parse-policy.js'
import { policyText, statement } from './testing/arbitraries.js'

const ROOT = 'acs:ram::1234567890123456:root'
const allow = { Effect: 'Allow', Action: 'ecs:*', Resource: '*' }
const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: ROOT } }

const malformed = (path: string, fault: string) => E.left({ type: 'MalformedPolicy', path, fault })

describe('parsePolicy', () => {
  it('given single values, then they stand for arrays of one', () => {
    const many = { Effect: 'Allow', Action: ['ecs:*'], Resource: ['*'], Condition: {} }
    expect(parsePolicy('identity', policyText([allow]))).toEqual(
      parsePolicy('identity', policyText([many])),
    )
  })

  it('given a whole statement, then its normal form is ready to be matched', () => {
    const condition = {
      NumericLessThan: { 'kms:Days': [10, '20'] },
      Bool: { 'acs:MFAPresent': true },
    }
    expect(
      parsePolicy(
        'identity',
        policyText([{ ...allow, NotAction: 'ECS:Stop*', Action: undefined, Condition: condition }]),
      ),
    ).toEqual(
      E.right({
        kind: 'identity',
        statements: [
          {
            effect: 'Allow',
            actions: { type: 'NotAction', patterns: ['ecs:stop*'] },
            resources: [{ type: 'Everything' }],
            conditions: [
              {
                label: 'NumericLessThan kms:Days',
                key: 'kms:days',
                quantifier: 'Plain',
                negated: false,
                operands: { type: 'Number', order: 'Less', values: [10, 20] },
              },
              {
                label: 'Bool acs:MFAPresent',
                key: 'acs:mfapresent',
                quantifier: 'Plain',
                negated: false,
                operands: { type: 'Flag', values: [true] },
              },
            ],
          },
        ],
      }),
    )
  })

  it('given every operator, plain and with both prefixes, then it is read', () => {
    const value = (name: string) =>
      /^Numeric/.test(name)
        ? '1'
        : /^Date/.test(name)
          ? '2024-01-01T00:00:00Z'
          : /Ip/.test(name)
            ? '10.0.0.0/8'
            : 'true'
    for (const name of operatorNames)
      for (const operator of [name, `ForAllValues:${name}`, `ForAnyValue:${name}`]) {
        const condition = { [operator]: { k: value(name) } }
        expect(
          E.isRight(parsePolicy('identity', policyText([{ ...allow, Condition: condition }]))),
        ).toBe(true)
      }
    expect(operatorNames).toHaveLength(23)
  })

  it('given any text or any JSON, then it is refused or read, and never throws', () => {
    const kind = fc.constantFrom<Array<PolicyKind>>('identity', 'session', 'trust', 'resource')
    fc.assert(
      fc.property(kind, fc.oneof(fc.string(), fc.json()), (k, text) => {
        expect(parsePolicy(k, text)).toHaveProperty('_tag')
      }),
    )
  })

  it('given a generated statement of a kind, then it is read as that kind', () => {
    for (const kind of ['identity', 'session', 'trust', 'resource'] as const)
      fc.assert(
        fc.property(statement(kind), (written) => {
          expect(E.isRight(parsePolicy(kind, policyText([written])))).toBe(true)
        }),
      )
  })
})

describe('limits', () => {
  const padded = (length: number) => policyText([allow]).padEnd(length)

  it.each([
    ['identity', 6144],
    ['trust', 6144],
    ['resource', 6144],
    ['session', 2048],
  ] as const)('given %s policies, then %d characters are the most', (kind, limit) => {
    expect(parsePolicy(kind, padded(limit))).not.toEqual(
      E.left(expect.objectContaining({ type: 'PolicyTooLong' })),
    )
    expect(parsePolicy(kind, padded(limit + 1))).toEqual(
      E.left({ type: 'PolicyTooLong', length: limit + 1, limit }),
    )
  })

  it('given text nested too deep, then it is refused before it is parsed', () => {
    expect(parsePolicy('identity', '['.repeat(6000))).toEqual(malformed('', 'nests deeper than 16'))
  })
})

describe('malformed documents', () => {
  const document = (...statements: ReadonlyArray<unknown>) => policyText(statements)
  const when = (condition: unknown) => document({ ...allow, Condition: condition })

  it.each([
    ['not JSON', '{', '', 'not JSON'],
    ['a comment', '{"Version":"1"/**/}', '', 'not JSON'],
    ['a trailing comma', '{"Version":"1",}', '', 'not JSON'],
    ['an array', '[]', '', 'not an object'],
    ['null', 'null', '', 'not an object'],
    ['no version', '{"Statement":[]}', '/Version', 'missing member'],
    ['a number for a version', '{"Version":1,"Statement":[{}]}', '/Version', 'not "1"'],
    ['no statement', '{"Version":"1"}', '/Statement', 'missing member'],
    ['no statements', '{"Version":"1","Statement":[]}', '/Statement', 'empty array'],
    ['a bare statement', '{"Version":"1","Statement":{}}', '/Statement', 'not an array'],
    ['a member twice', '{"Version":"1","Version":"1"}', '/Version', 'member given twice'],
    [
      'a member twice in other spelling',
      '{"Version":"1","V\\u0065rsion":"1"}',
      '/Version',
      'member given twice',
    ],
    ['a member that would be lost', '{"__proto__":{}}', '/__proto__', 'member name not allowed'],
    ['an unknown member', '{"Version":"1","Statement":[],"Id":"x"}', '/Id', 'unknown member'],
    [
      'a misspelt element',
      document({ ...allow, Conditon: {} }),
      '/Statement/0/Conditon',
      'unknown member',
    ],
    [
      'a bad effect',
      document({ ...allow, Effect: 'allow' }),
      '/Statement/0/Effect',
      'neither Allow nor Deny',
    ],
    [
      'NotResource',
      document({ ...allow, NotResource: '*' }),
      '/Statement/0/NotResource',
      'unknown member',
    ],
    [
      'a principal',
      document({ ...allow, Principal: { RAM: ROOT } }),
      '/Statement/0/Principal',
      'unknown member',
    ],
    [
      'no resource',
      document({ Effect: 'Deny', Action: '*' }),
      '/Statement/0/Resource',
      'missing member',
    ],
    [
      'no action',
      document({ Effect: 'Deny', Resource: '*' }),
      '/Statement/0',
      'neither Action nor NotAction',
    ],
    [
      'both actions',
      document({ ...allow, NotAction: '*' }),
      '/Statement/0',
      'both Action and NotAction',
    ],
    ['an empty action', document({ ...allow, Action: '' }), '/Statement/0/Action', 'not a text'],
    [
      'a Deny of no resources',
      document({ ...allow, Effect: 'Deny', Resource: [] }),
      '/Statement/0/Resource',
      'empty array',
    ],
    ['no actions', document({ ...allow, Action: [] }), '/Statement/0/Action', 'empty array'],
    [
      'a number for an action',
      document({ ...allow, Action: 1 }),
      '/Statement/0/Action',
      'not a text',
    ],
    [
      'a null among actions',
      document(allow, { ...allow, Action: ['*', null] }),
      '/Statement/1/Action/1',
      'not a text',
    ],
    [
      'an action without service',
      document({ ...allow, Action: ['*', 'Stop'] }),
      '/Statement/0/Action/1',
      'not an action: neither * nor service:operation',
    ],
    [
      'an ARN with too few fields',
      document({ ...allow, Resource: 'acs:ecs:*' }),
      '/Statement/0/Resource',
      'not a resource: neither * nor acs:service:region:account:relative-id',
    ],
    [
      'an unknown operator',
      when({ StringSame: { k: 'v' } }),
      '/Statement/0/Condition/StringSame',
      'condition operator StringSame is not supported',
    ],
    [
      'IfExists',
      when({ StringEqualsIfExists: { k: 'v' } }),
      '/Statement/0/Condition/StringEqualsIfExists',
      'condition operator StringEqualsIfExists is not supported',
    ],
    [
      'Null',
      when({ Null: { k: 'true' } }),
      '/Statement/0/Condition/Null',
      'condition operator Null is not supported',
    ],
    [
      'an operator in other case',
      when({ bool: { k: 'true' } }),
      '/Statement/0/Condition/bool',
      'condition operator bool is not supported',
    ],
    [
      'an unknown prefix',
      when({ 'ForMost:Bool': { k: 'true' } }),
      '/Statement/0/Condition/ForMost:Bool',
      'condition operator ForMost:Bool is not supported',
    ],
    [
      'an inherited name',
      when({ constructor: { k: 'true' } }),
      '/Statement/0/Condition/constructor',
      'condition operator constructor is not supported',
    ],
    ['an operator without keys', when({ Bool: {} }), '/Statement/0/Condition/Bool', 'tests no key'],
    [
      'a key without values',
      when({ Bool: { k: [] } }),
      '/Statement/0/Condition/Bool/k',
      'empty array',
    ],
    [
      'a null for a value',
      when({ Bool: { 'a/b~c': [null] } }),
      '/Statement/0/Condition/Bool/a~1b~0c/0',
      'not a text, number or truth value',
    ],
    [
      'a word for a number',
      when({ NumericEquals: { k: 'ten' } }),
      '/Statement/0/Condition/NumericEquals/k',
      'not a number',
    ],
    [
      'a date without offset',
      when({ DateEquals: { k: '2024-01-01T00:00:00' } }),
      '/Statement/0/Condition/DateEquals/k',
      'not a date such as 2019-08-12T17:00:00+08:00',
    ],
    [
      'a word for a truth value',
      when({ Bool: { k: ['true', 'yes'] } }),
      '/Statement/0/Condition/Bool/k/1',
      'neither true nor false',
    ],
    [
      'a bad block',
      when({ IpAddress: { k: '10.0.0.0/40' } }),
      '/Statement/0/Condition/IpAddress/k',
      'not an address or CIDR block',
    ],
    [
      'the longest of unknown operators',
      when({ ['x'.repeat(1_000)]: { k: 'v' } }),
      `/Statement/0/Condition/${'x'.repeat(1_000)}`,
      `condition operator ${'x'.repeat(64)} is not supported`,
    ],
    ['null for a condition', when(null), '/Statement/0/Condition', 'not an object'],
    ['a list for a condition', when([]), '/Statement/0/Condition', 'not an object'],
  ])('given %s, then its place and fault are told', (_, text, path, fault) => {
    expect(parsePolicy('identity', text)).toEqual(malformed(path, fault))
  })
})

describe('actions', () => {
  it.each(['Stop', '*Stop', '!ecs:Stop', 'ecs:Stop!', ':Stop', 'ecs:'])(
    'given %s, then it is not an action',
    (Action) => {
      expect(parsePolicy('identity', policyText([{ ...allow, Action }]))).toEqual(
        malformed('/Statement/0/Action', 'not an action: neither * nor service:operation'),
      )
    },
  )
})

describe('resource policies', () => {
  it.each([
    ['Principal', '/Statement/0/Principal'],
    ['Resource', '/Statement/0/Resource'],
  ])('given no %s, then it is missed', (member, path) => {
    const text = policyText([{ ...allow, Principal: { RAM: ROOT }, [member]: undefined }])
    expect(parsePolicy('resource', text)).toEqual(malformed(path, 'missing member'))
  })
})

describe('what a statement has', () => {
  const elements = (kind: PolicyKind, one: unknown) =>
    E.map(({ statements }: PolicyDocument) => statements.flatMap((each) => Object.keys(each)))(
      parsePolicy(kind, policyText([one])),
    )

  it('given a kind of policy, then it has the elements of that kind alone', () => {
    expect(elements('identity', allow)).toEqual(
      E.right(['effect', 'actions', 'resources', 'conditions']),
    )
    expect(elements('trust', trust)).toEqual(
      E.right(['effect', 'actions', 'principals', 'conditions']),
    )
  })

  it('given a policy that names nobody, then nobody is trusted', () => {
    const read = parsePolicy('identity', policyText([allow]))
    expect(E.map(trustedPrincipals)(read)).toEqual(E.right([]))
  })
})

describe('trust policies', () => {
  const named = (Principal: unknown) => policyText([{ ...trust, Principal }])
  const at = (path: string) => `/Statement/0/Principal${path}`

  it('given all types of principals, then they are listed as written, in order', () => {
    const user = 'acs:ram::1234567890123456:user/Alice'
    const provider = 'acs:ram::1234567890123456:saml-provider/Corp'
    const text = policyText([
      { ...trust, Principal: { RAM: [ROOT, user], Service: 'ecs.aliyuncs.com' } },
      { ...trust, Effect: 'Deny', Principal: { Federated: provider } },
    ])
    expect(E.map(trustedPrincipals)(parsePolicy('trust', text))).toEqual(
      E.right([
        { type: 'RAM', value: ROOT, statementIndex: 0 },
        { type: 'RAM', value: user, statementIndex: 0 },
        { type: 'Service', value: 'ecs.aliyuncs.com', statementIndex: 0 },
        { type: 'Federated', value: provider, statementIndex: 1 },
      ]),
    )
  })

  const notRam = 'not an account root, user or role such as acs:ram::1234567890123456:root'
  const notService = 'not a service such as ecs.aliyuncs.com'
  const notProvider = 'not a provider such as acs:ram::1234567890123456:oidc-provider/name'

  it.each([
    ['a star', named('*'), at(''), 'not an object'],
    ['nobody', named({}), at(''), 'names nobody'],
    ['an unknown type', named({ AWS: ROOT }), at('/AWS'), 'unknown principal type'],
    ['a type in other case', named({ ram: ROOT }), at('/ram'), 'unknown principal type'],
    ['a star for a principal', named({ RAM: '*' }), at('/RAM'), notRam],
    ['any account', named({ RAM: [ROOT, 'acs:ram::*:root'] }), at('/RAM/1'), notRam],
    ['a family of users', named({ RAM: 'acs:ram::1234567890123456:user/a*' }), at('/RAM'), notRam],
    ['a group', named({ RAM: 'acs:ram::1234567890123456:group/admins' }), at('/RAM'), notRam],
    ['an account id', named({ RAM: '1234567890123456' }), at('/RAM'), notRam],
    ['any service', named({ Service: '*' }), at('/Service'), notService],
    ['another domain', named({ Service: 'ecs.example.com' }), at('/Service'), notService],
    ['a root as provider', named({ Federated: ROOT }), at('/Federated'), notProvider],
    [
      'a resource',
      policyText([{ ...trust, Resource: '*' }]),
      '/Statement/0/Resource',
      'unknown member',
    ],
    [
      'NotPrincipal',
      policyText([{ ...trust, NotPrincipal: {} }]),
      '/Statement/0/NotPrincipal',
      'unknown member',
    ],
    [
      'no principal',
      policyText([{ Effect: 'Allow', Action: 'sts:AssumeRole' }]),
      '/Statement/0/Principal',
      'missing member',
    ],
  ])('given %s, then it is refused', (_, text, path, fault) => {
    expect(parsePolicy('trust', text)).toEqual(malformed(path, fault))
  })

  it('given a service of one account, then it is read', () => {
    expect(
      E.isRight(parsePolicy('trust', named({ Service: '1234567890123456@ecs.aliyuncs.com' }))),
    ).toBe(true)
  })
})
