/** Two nodes that give one alias to two accounts at the same moment: one of them has it. */
import { seededIds } from '@grantlog/adapters/system'
import { AccountAlias, type AccountId, DEFAULT_QUOTAS } from '@grantlog/domain'
import { known } from '@grantlog/domain/testing'
import { type Circumstances, type Engine, openEngine } from '@grantlog/engine'
import { inMemoryViewStore } from '@grantlog/engine/testing'
import { accountAliasOf, accountWithAlias } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, type TestServer } from './server.js'

const OTHER = '6543210987654321' as AccountId

let server: TestServer
let other: Engine
beforeEach(async () => {
  server = await openServer()
  const opened = await openEngine({
    log: server.log,
    viewStore: inMemoryViewStore(),
    vault: server.engine.vault,
    clock: server.clock,
    ids: seededIds(2, server.clock.now),
    quotas: DEFAULT_QUOTAS,
    cluster: { onAssumed: () => undefined },
    onStopped: () => undefined,
  })
  if (E.isLeft(opened)) throw new Error(opened.left.type)
  other = opened.right
  const second = await server.engine.openAccount(OTHER, circumstances('open', OTHER))()
  if (E.isLeft(second)) throw new Error(second.left.type)
  await everybodyReads()
})
afterEach(async () => {
  await other.stop()
  await server.engine.stop()
})

const nodes = () => [server.engine, other] as const

const circumstances = (commandId: string, accountId: AccountId): Circumstances => ({
  commandId,
  requestId: commandId,
  actor: {
    accountId,
    principalType: 'Root',
    principalId: accountId,
    arn: `acs:ram::${accountId}:root`,
  },
})

const everybodyReads = async () => {
  const head = await server.log.head()()
  if (E.isLeft(head)) throw new Error(head.left.type)
  for (const node of nodes()) await node.waitFor(head.right)()
}

const set = (node: Engine, accountId: AccountId, alias: AccountAlias) =>
  node.changeAlias(
    { type: 'SetAccountAlias', accountId, alias },
    circumstances(`${alias} ${accountId}`, accountId),
  )()

const changes = async (): Promise<ReadonlyArray<unknown>> => {
  const read = await server.log.readAll({ after: 0, limit: 1_000 })()
  if (E.isLeft(read)) throw new Error(read.left.type)
  return read.right
    .filter(({ type }) => type === 'AccountAliasChanged')
    .map(({ data }) => JSON.parse(data))
}

describe('two nodes that give one alias to two accounts', () => {
  it('given both at once, then exactly one has it, and every node says which', async () => {
    for (let n = 0; n < 10; n++) {
      const alias = known(AccountAlias, `acme-${n}`)
      const [first, second] = n % 2 === 0 ? [ACCOUNT, OTHER] : [OTHER, ACCOUNT]
      const outcomes = await Promise.all([
        set(server.engine, first, alias),
        set(other, second, alias),
      ])
      const won = outcomes.filter(E.isRight)
      const lost = outcomes.filter(E.isLeft)
      expect(won).toHaveLength(1)
      expect(lost).toEqual([E.left({ type: 'AliasAlreadyExists', alias })])
      await everybodyReads()
      const holder = E.isRight(outcomes[0]) ? first : second
      for (const { views } of nodes()) {
        expect(accountWithAlias(views.directory, alias)).toBe(holder)
        expect(accountAliasOf(views.directory, holder)).toBe(alias)
      }
      expect(await changes()).toHaveLength(n + 1)
      expect((await changes()).at(-1)).toEqual({ accountId: holder, alias })
    }
  })

  it('given different aliases at once, then both are had, though one was decided anew', async () => {
    const [one, two] = [known(AccountAlias, 'one-alias'), known(AccountAlias, 'two-alias')]
    const outcomes = await Promise.all([set(server.engine, ACCOUNT, one), set(other, OTHER, two)])
    expect(outcomes.every(E.isRight)).toBe(true)
    await everybodyReads()
    for (const { views } of nodes()) {
      expect(accountWithAlias(views.directory, one)).toBe(ACCOUNT)
      expect(accountWithAlias(views.directory, two)).toBe(OTHER)
    }
  })
})
