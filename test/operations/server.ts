/**
 * What the tests of operations stand on: a started server, the official client by whoever calls,
 * and a clock that can be moved, so that codes of later steps are right.
 */
import { TOTP } from 'otpauth'
import { vi } from 'vitest'
import {
  type Body,
  CLIENT_KINDS,
  type Keys,
  type OfficialClient,
} from '../journeys/official-clients.js'
import type { Journey } from '../journeys/server.js'

/** The current typed client. */
const [client] = CLIENT_KINDS

export const connect = ({ endpoint }: Pick<Journey, 'endpoint'>, keys: Keys): OfficialClient => {
  if (client === undefined) throw new Error('there is no client')
  return client.connect(endpoint, keys)
}

/** A new user with a key, who may do what a policy of its own says; and its client. */
export const userWith = async (
  journey: Journey,
  root: OfficialClient,
  userName: string,
  statements: ReadonlyArray<object> = [],
): Promise<OfficialClient> => {
  await root.ram('CreateUser', { UserName: userName })
  if (statements.length > 0) {
    const PolicyName = `of-${userName}`
    const PolicyDocument = JSON.stringify({ Version: '1', Statement: statements })
    await root.ram('CreatePolicy', { PolicyName, PolicyDocument })
    const attached = { PolicyType: 'Custom', PolicyName, UserName: userName }
    await root.ram('AttachPolicyToUser', attached)
  }
  const { AccessKey } = await root.ram('CreateAccessKey', { UserName: userName })
  const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = AccessKey
  return connect(journey, { accessKeyId, accessKeySecret })
}

/** The body of the refusal that a call ends with; fails when the call succeeds. */
export const refusedBody = async (call: Promise<unknown>): Promise<Body> => {
  try {
    await call
  } catch (error) {
    return error
  }
  throw new Error('the call was answered, not refused')
}

const STEP_MS = 30_000

/** The code of a seed, so many steps from now. */
export const codeOf = (seed: string, stepsFromNow = 0): string =>
  new TOTP({ secret: seed }).generate({ timestamp: Date.now() + stepsFromNow * STEP_MS })

/** A code that is right at no step near now. */
export const wrongCodeOf = (seed: string): string => {
  const near = [-2, -1, 0, 1, 2].map((steps) => codeOf(seed, steps))
  const codes = Array.from({ length: 6 }, (_, n) => String(n).repeat(6))
  return codes.find((code) => !near.includes(code)) ?? ''
}

/** Moves the clock of client and server, which share this process. */
export const later = (ms: number): void => {
  const now = Date.now() + ms
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(now)
}
