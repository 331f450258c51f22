/**
 * Proxies that are believed when they say from where a request came, and whether over TLS.
 *
 * Deny on doubt: nobody is believed who is not on the list, and what a proxy on it says and is no
 * address is not taken for one.
 */
import { BlockList, isIP } from 'node:net'
import type { HttpRequest } from '@grantlog/protocol'
import type { FastifyRequest } from 'fastify'
import * as E from 'fp-ts/lib/Either.js'
import { textSetting } from './known-settings.js'
import type { Setting } from './settings.js'

/** More than anybody has. */
const BLOCKS_MAX = 64

type Block = { readonly address: string; readonly bits: number; readonly family: 'ipv4' | 'ipv6' }

const blockOf = (text: string): Block | null => {
  const [address = '', bits, ...more] = text.split('/')
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
  const most = family === 'ipv4' ? 32 : 128
  if (isIP(address) === 0 || more.length > 0) return null
  if (bits === undefined) return { address, bits: most, family }
  const isLength = /^\d{1,3}$/.test(bits) && Number(bits) <= most
  return isLength ? { address, bits: Number(bits), family } : null
}

const blocksOf = (text: string): E.Either<string, ReadonlyArray<string>> => {
  const blocks = text.split(',').map((block) => block.trim())
  if (blocks.length > BLOCKS_MAX) return E.left(`At most ${BLOCKS_MAX} proxies can be trusted.`)
  const wrong = blocks.find((block) => blockOf(block) === null)
  return wrong === undefined
    ? E.right(blocks)
    : E.left(`A trusted proxy is an address or a CIDR block such as 10.0.0.0/8, not "${wrong}".`)
}

export const trustedProxiesSetting: Setting<ReadonlyArray<string>> = textSetting(
  {
    name: 'trusted proxies',
    flag: '--trusted-proxies <addresses>',
    variable: 'GRANTLOG_TRUSTED_PROXIES',
    help: 'addresses or CIDR blocks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, with commas between them (default: none)',
  },
  blocksOf,
  () => E.right([]),
)

/** Whether an address is that of a trusted proxy. `blocks` are as the setting has them. */
export const trusting = (blocks: ReadonlyArray<string>): ((address: string) => boolean) => {
  const list = new BlockList()
  for (const block of blocks.map(blockOf))
    if (block !== null) list.addSubnet(block.address, block.bits, block.family)
  return (address) =>
    isIP(address) !== 0 && list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
}

export type Origin = Pick<HttpRequest, 'remoteAddress' | 'secure'>

/** Answered as a fault of the request. */
class UnreadableOrigin extends Error {
  readonly statusCode = 400
  constructor() {
    super('The X-Forwarded-For of the proxy names no address.')
  }
}

/** From where a request came; of one that a trusted proxy passed on, what that says of it. */
export const originOf = (request: FastifyRequest, isTrusting: boolean): Origin => {
  if (!isTrusting) return { remoteAddress: request.raw.socket.remoteAddress ?? '', secure: false }
  // The proxy's own address in its place could be one of those that may do more.
  if (isIP(request.ip) === 0) throw new UnreadableOrigin()
  return { remoteAddress: request.ip, secure: request.protocol === 'https' }
}
