/** Each refusal of the operations on principals and policies, by the official client. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusalOf } from '../journeys/official-clients.js'
import { REFUSALS } from './refusal-cases.js'
import { type Stage, setStage } from './stage.js'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.journey.end())

describe('what is refused', () => {
  for (const { given, operation, parameters, code } of REFUSALS)
    it(`given ${given}, when ${operation}, then ${code}`, async () => {
      const asked = typeof parameters === 'function' ? parameters(stage) : parameters
      expect(await refusalOf(stage.root.ram(operation, asked))).toBe(code)
    })
})
