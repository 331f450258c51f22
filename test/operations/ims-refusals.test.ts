/** Each refusal of IMS's operations on users, groups and keys, by the official client. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusalOf } from '../journeys/official-clients.js'
import { IMS_REFUSALS } from './ims-cases.js'
import { type Stage, setStage } from './stage.js'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.journey.end())

describe('what IMS refuses', () => {
  for (const { given, operation, parameters, code } of IMS_REFUSALS)
    it(`given ${given}, when ${operation}, then ${code}`, async () => {
      expect(await refusalOf(stage.root.ims(operation, parameters(stage)))).toBe(code)
    })
})
