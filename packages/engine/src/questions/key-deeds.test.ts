/** The timeline of a key, read from history and from the log, over months and in pages. */
import {
  AccessKeyId,
  type Actor,
  accessStream,
  accountStream,
  type DomainEvent,
  RoleName,
  RoleSessionName,
  refusalsStream,
  SessionId,
  sessionsStream,
  UserName,
} from '@grantlog/domain'
import {
  sampleAccountId as accountId,
  known,
  roleIdOf,
  secretRefOf,
  userIdOf,
} from '@grantlog/domain/testing'
import { historyView } from '@grantlog/views'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { decodeEvent, encodeEvent } from '../stored-event.js'
import { inMemoryLog } from '../testing/in-memory-log.js'
import { type KeyDeed, keyStory } from './key-deeds.js'

const MINUTE = 60_000
const DAY = 1_440 * MINUTE
const START = Date.UTC(2026, 0, 2, 23, 59, 30)

const KEY = known(AccessKeyId, 'LTAI5tQnDbNcTyJr2bN3xu4k')
const OTHER = known(AccessKeyId, 'LTAI5tQnDbNcTyJr2bN3xu4m')
const userId = userIdOf(1)
const owner = { type: 'User', userId } as const
const actorWith = (accessKeyId: string): Actor => ({
  accountId,
  principalType: 'User',
  principalId: userId,
  arn: `acs:ram::${accountId}:user/alice`,
  accessKeyId,
})
const recorder: Actor = {
  accountId,
  principalType: 'System',
  principalId: 'access-recorder',
  arn: `acs:grantlog::${accountId}:access-recorder`,
}

type Kind = 'Change' | 'Assumption' | 'Refusal' | 'Calls' | 'Vain' | 'Noise'
/** Something that is done so long after whatever came before. */
type Deed = { readonly kind: Kind; readonly key: AccessKeyId; readonly pause: number }
type Fact = { readonly stream: string; readonly event: DomainEvent; readonly actor: Actor }

const assumed = (at: number, index: number): DomainEvent => ({
  type: 'RoleAssumed',
  sessionId: known(SessionId, index.toString(16).padStart(32, '0')),
  accountId,
  roleId: roleIdOf(1),
  roleName: known(RoleName, 'reader'),
  sessionName: known(RoleSessionName, 'app'),
  chain: [{ type: 'User', accountId, userId }],
  assumedAt: at,
  expiresAt: at + 900_000,
  basis: { accountRevision: 1, trustPolicyDigest: '' },
})

/** One call with each key. */
const calls = (index: number): DomainEvent => ({
  type: 'AccessRecorded',
  accountId,
  sessionPolicies: [],
  principals: [KEY, OTHER].map((accessKeyId) => ({ type: 'User', userId, accessKeyId })),
  contexts: [{ values: {}, hasTime: false }],
  questions: [0, 1].map((principal) => ({
    principal,
    action: `ots:By${principal}`,
    resources: ['*'],
    context: 0,
  })),
  answers: [{ outcome: 'Allowed', code: '' }],
  requestIds: [`r-${index}`],
  records: { request: [0, 0], question: [0, 1], answer: [0, 0], position: [1, 1], time: [1, 1] },
})

const factOf = ({ kind, key }: Deed, index: number, at: number): Fact => {
  const actor = actorWith(key)
  const sessions = sessionsStream(accountId, at)
  switch (kind) {
    case 'Change': {
      const userName = known(UserName, `user-${index}`)
      const event = { type: 'UserCreated', userId: userIdOf(100 + index), userName } as const
      return { stream: accountStream(accountId), event, actor }
    }
    case 'Assumption':
      return { stream: sessions, event: assumed(at, index), actor }
    case 'Refusal': {
      const refusal = 'AssumeRoleDenied'
      // A role that the account does not have: another's.
      const roleId = roleIdOf(1)
      const event = { type: 'RoleAssumptionRefused', accountId, roleId, refusal } as const
      return { stream: sessions, event, actor }
    }
    case 'Calls':
      return { stream: accessStream(accountId, at), event: calls(index), actor: recorder }
    case 'Vain': {
      const count = { uses: 1, addresses: 1, since: at }
      const event = {
        type: 'CredentialUsesRefused',
        reason: 'KeyInactive',
        proof: 'Right',
      } as const
      const whole = { ...event, ...count, accessKeyId: key, userId }
      return { stream: refusalsStream(accountId), event: whole, actor: recorder }
    }
    case 'Noise':
      return { stream: sessions, event: assumed(at, index), actor: actorWith('LTAI0') }
  }
}

const created: ReadonlyArray<DomainEvent> = [
  { type: 'UserCreated', userId, userName: known(UserName, 'alice') },
  ...[KEY, OTHER].map(
    (accessKeyId): DomainEvent => ({
      type: 'AccessKeyCreated',
      accessKeyId,
      owner,
      secretRef: secretRefOf(1),
    }),
  ),
]

/** A log in which a user got two keys, and then these things were done. */
const after = async (deeds: ReadonlyArray<Deed>) => {
  let now = START
  const log = inMemoryLog({ clock: { now: () => now } })
  let written = 0
  const write = async ({ stream, event, actor }: Fact) => {
    const id = `00000000-0000-5000-8000-${String(written).padStart(12, '0')}`
    written += 1
    await log.append(stream, 'any', [
      encodeEvent(id, event, { commandId: id, requestId: id, actor }),
    ])()
  }
  for (const event of created)
    await write({ stream: accountStream(accountId), event, actor: actorWith('LTAI0') })
  for (const [index, deed] of deeds.entries()) {
    now += deed.pause
    await write(factOf(deed, index, now))
  }
  const all = await log.readAll({ after: 0, limit: 1_000 })()
  const recorded = (E.isRight(all) ? all.right : []).flatMap((each) => {
    const decoded = decodeEvent(each)
    return E.isRight(decoded) ? [decoded.right] : []
  })
  const history = recorded.reduce(historyView.apply, historyView.empty())
  const page = (from: number, limit: number, applied = written, at = now) =>
    keyStory(
      log,
      history,
      { accountId, accessKeyId: KEY, after: from, limit },
      { applied, now: at },
    )
  /** All of it, in pages, and how many they were. */
  const whole = async (limit = 100, applied = written, at = now) => {
    const told: KeyDeed[] = []
    let pages = 0
    for (let from: number | undefined = 0; from !== undefined; pages += 1) {
      const answer = await page(from, limit, applied, at)
      if (E.isLeft(answer)) throw new Error(answer.left.type)
      const { deeds: some, next }: { deeds: ReadonlyArray<KeyDeed>; next?: number } = answer.right
      expect(next === undefined || next > from).toBe(true)
      told.push(...some)
      from = next
    }
    return { told, pages }
  }
  return { page, whole, now: () => now, positions: recorded.map(({ position }) => position) }
}

const wordOf = (deed: KeyDeed): string => {
  switch (deed.type) {
    case 'Told':
      return deed.change.type
    case 'Called':
      return deed.call.action
    case 'RoleAssumed':
    case 'RoleRefused':
    case 'UsesRefused':
      return deed.type
  }
}
const words = (deeds: ReadonlyArray<KeyDeed>) => deeds.map(wordOf)

const WORDS = {
  Change: 'Did',
  Assumption: 'RoleAssumed',
  Refusal: 'RoleRefused',
  Vain: 'UsesRefused',
} as const

const lives = fc.array(
  fc.record<Deed>({
    kind: fc.constantFrom('Change', 'Assumption', 'Refusal', 'Calls', 'Vain', 'Noise'),
    key: fc.constantFrom(KEY, OTHER),
    pause: fc.constantFrom(0, 1, 20_000, MINUTE, 50 * MINUTE, DAY, 5 * DAY, 90 * DAY),
  }),
  { maxLength: 12 },
)

describe('the timeline of a key', () => {
  it('given sessions and calls far apart, then they are told among its changes, in order', async () => {
    const deed = (kind: Kind, pause: number, key = KEY): Deed => ({ kind, pause, key })
    const { whole } = await after([
      deed('Assumption', MINUTE),
      deed('Change', MINUTE),
      deed('Assumption', MINUTE, OTHER),
      deed('Calls', 100 * DAY),
      deed('Refusal', 200 * DAY),
    ])
    const { told, pages } = await whole()
    expect(words(told)).toEqual([
      'AccessKeyCreated',
      'RoleAssumed',
      'Did',
      'ots:By0',
      'RoleRefused',
    ])
    expect(told[1]).toMatchObject({
      roleName: 'reader',
      sessionName: 'app',
      event: { eventType: 'RoleAssumed', actor: { accessKeyId: KEY } },
    })
    expect(told[4]).not.toHaveProperty('roleId')
    expect(pages).toBeLessThan(10)
  })

  it('given uses that were refused, then they are told, and those of other keys are not', async () => {
    const deed = (kind: Kind, pause: number, key = KEY): Deed => ({ kind, pause, key })
    const { whole } = await after([
      deed('Vain', MINUTE),
      deed('Vain', MINUTE, OTHER),
      deed('Vain', 900 * DAY),
    ])
    const { told } = await whole(1)
    expect(words(told)).toEqual(['AccessKeyCreated', 'UsesRefused', 'UsesRefused'])
    expect(told[1]).toMatchObject({
      refused: { reason: 'KeyInactive', proof: 'Right', subject: userId },
    })
  })

  it('given a key that was not there yet, then there is none', async () => {
    const { page } = await after([])
    expect(await page(0, 10, 1)).toEqual(E.left({ type: 'AccessKeyNotFound', accessKeyId: KEY }))
  })

  it('page by page is the same as at once, each page further, and all that was done is told', async () => {
    await fc.assert(
      fc.asyncProperty(lives, fc.integer({ min: 1, max: 3 }), async (deeds, limit) => {
        const { whole } = await after(deeds)
        const { told } = await whole()
        expect((await whole(limit)).told).toEqual(told)
        const done = deeds.flatMap(({ kind, key }) => {
          if (kind === 'Noise') return []
          if (kind === 'Calls') return ['ots:By0']
          if (key === OTHER) return []
          return [WORDS[kind]]
        })
        expect(words(told)).toEqual(['AccessKeyCreated', ...done])
      }),
      { numRuns: 20 },
    )
  })

  it('asked at p, the answer is that of a log which holds only the events up to p', async () => {
    await fc.assert(
      fc.asyncProperty(lives, fc.nat(), async (deeds, chance) => {
        const count = chance % (deeds.length + 1)
        const [all, part] = [await after(deeds), await after(deeds.slice(0, count))]
        const applied = created.length + count
        const then = await all.page(0, 100, applied, part.now())
        expect(then).toEqual(await part.page(0, 100, applied, part.now()))
      }),
      { numRuns: 40 },
    )
  })
})
