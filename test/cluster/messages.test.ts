/**
 * NATS may cost a cluster time and nothing else: the same story ends the same, whatever becomes of
 * the messages.
 */
import { expect, it } from 'vitest'
import { clusterUnderMessageFaults, clusterWithoutNats, type Story } from './messages.mjs'

const EXPECTED: Story = {
  sameNames: { OK: 8, 'EntityAlreadyExists.User': 8 },
  keysOfOneUser: { OK: 2, 'LimitExceeded.User.AccessKey': 4 },
  sessions: { OK: 6 },
  rights: ['NoPermission', 'OK', 'NoPermission'],
}

it('given NATS away, then messages whole, dropped, doubled, delayed and swapped, and two replicas at full speed, then every outcome is the same and the feed is whole', async () => {
  const { stories, messages, outcomes, fullSpeed } = await clusterUnderMessageFaults()
  const treatments = ['away', 'whole', 'dropped', 'doubled', 'delayed', 'swapped']
  expect(stories).toEqual(Object.fromEntries(treatments.map((name) => [name, EXPECTED])))
  expect(Object.entries(messages).filter(([, count]) => count === 0)).toEqual([])
  const { count } = fullSpeed
  expect(outcomes.users).toEqual(Array(count).fill(['EntityAlreadyExists.User', 'OK']))
  const limit = 'LimitExceeded.User.AccessKey'
  expect(outcomes.keys).toEqual(Array(count).fill([limit, limit, 'OK', 'OK']))
}, 400_000)

it('given no NATS at all, then every outcome is the same', async () => {
  expect(await clusterWithoutNats()).toEqual(EXPECTED)
}, 200_000)
