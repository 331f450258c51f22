/**
 * Operations of RAM by the official client against a started server, and what refuses them.
 */
import {
  type Body,
  CLIENT_KINDS,
  type Keys,
  type Parameters,
  refusalOf,
} from '../journeys/official-clients.js'
import { type Journey, startJourney } from '../journeys/server.js'

export type Ram = {
  /** Answers what an operation answers, or throws. */
  readonly call: (operation: string, parameters?: Parameters) => Promise<Body>
  /** The code that an operation is refused with. */
  readonly refusal: (operation: string, parameters?: Parameters) => Promise<string>
}

export type RamServer = Journey & {
  /** The client of the account itself. */
  readonly asRoot: Ram
  /** The client of a new user, with such system policies. */
  readonly userWith: (userName: string, ...policies: ReadonlyArray<string>) => Promise<Ram>
}

const ramOf = (endpoint: string, keys: Keys): Ram => {
  const [kind] = CLIENT_KINDS
  if (kind === undefined) throw new Error('there is no client')
  const { ram } = kind.connect(endpoint, keys)
  return {
    call: ram,
    refusal: (operation, parameters) => refusalOf(ram(operation, parameters)),
  }
}

export const startRam = async (): Promise<RamServer> => {
  const journey = await startJourney()
  const asRoot = ramOf(journey.endpoint, journey.root)
  const userWith = async (UserName: string, ...policies: ReadonlyArray<string>): Promise<Ram> => {
    await asRoot.call('CreateUser', { UserName })
    for (const PolicyName of policies)
      await asRoot.call('AttachPolicyToUser', { PolicyType: 'System', PolicyName, UserName })
    const { AccessKey } = await asRoot.call('CreateAccessKey', { UserName })
    const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = AccessKey
    return ramOf(journey.endpoint, { accessKeyId, accessKeySecret })
  }
  return { ...journey, asRoot, userWith }
}
