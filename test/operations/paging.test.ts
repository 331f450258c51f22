/** A long list, paged through while it changes, by the official client. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OfficialClient, refusalOf } from '../journeys/official-clients.js'
import { type Journey, startJourney } from '../journeys/server.js'
import { connect } from './server.js'

const USERS = 5_000
const AT_ONCE = 100

let journey: Journey
let root: OfficialClient
beforeAll(async () => {
  journey = await startJourney({ usersPerAccount: 2 * USERS })
  root = connect(journey, journey.root)
  for (let n = 0; n < USERS; n += AT_ONCE)
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, i) => root.ram('CreateUser', { UserName: `u${n + i}` })),
    )
}, 120_000)
afterAll(() => journey.end())

describe('ListUsers', () => {
  it('given users who come and go meanwhile, when ListUsers, then each who stayed is told once', async () => {
    const told: string[] = []
    const gone = new Set<string>()
    let page = await root.ram('ListUsers', { MaxItems: 400 })
    for (let n = 0; page.IsTruncated; n += 1) {
      told.push(...page.Users.User.map(({ UserName }: { UserName: string }) => UserName))
      // One that was told, one that was not, and one that is new.
      for (const name of [`u${n * 400 + 7}`, `u${USERS - 1 - n}`]) {
        gone.add(name)
        await root.ram('DeleteUser', { UserName: name })
      }
      await root.ram('CreateUser', { UserName: `new${n}` })
      page = await root.ram('ListUsers', { MaxItems: 400, Marker: page.Marker })
    }
    told.push(...page.Users.User.map(({ UserName }: { UserName: string }) => UserName))
    expect(new Set(told).size).toBe(told.length)
    const stayed = Array.from({ length: USERS }, (_, n) => `u${n}`).filter(
      (name) => !gone.has(name),
    )
    expect(stayed.filter((name) => !told.includes(name))).toEqual([])
  })
  it('given a marker that was changed or is of another list, when ListUsers, then InvalidParameter.Marker', async () => {
    const { Marker } = await root.ram('ListUsers', { MaxItems: 1 })
    const letter = Marker.at(9) === 'A' ? 'B' : 'A'
    const changed = `${Marker.slice(0, 9)}${letter}${Marker.slice(10)}`
    for (const wrong of [changed, Marker.slice(1), `${Marker}A`])
      expect(await refusalOf(root.ram('ListUsers', { Marker: wrong }))).toBe(
        'InvalidParameter.Marker',
      )
    expect(await refusalOf(root.ram('ListRoles', { Marker }))).toBe('InvalidParameter.Marker')
  })
})
