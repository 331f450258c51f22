/**
 * Which addresses a request that somebody else's words lead to may reach.
 *
 * Invariant: an address that is not known to be reachable by everybody is refused, unless the
 * operator has said that issuers live inside the network; and those of a machine's own metadata
 * service are refused always.
 */
import { BlockList, isIPv4 } from 'node:net'

/** Addresses of IPv4 that are not the internet's. Source: IANA's special-purpose registry. */
const NOT_PUBLIC: ReadonlyArray<readonly [network: string, prefix: number]> = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** Inside a network too: nothing that proves an issuer lives there. */
const NEVER: ReadonlyArray<readonly [network: string, prefix: number]> = [
  ['0.0.0.0', 8],
  ['100.100.100.200', 32],
  ['169.254.0.0', 16],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** Parts of 2000::/3 that lead elsewhere or nowhere: protocol assignments, examples, 6to4. */
const NOT_PUBLIC_6: ReadonlyArray<readonly [network: string, prefix: number]> = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const listOf = (
  family: 'ipv4' | 'ipv6',
  ...networks: ReadonlyArray<readonly [network: string, prefix: number]>
): BlockList => {
  const list = new BlockList()
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, family)
  return list
}

const notPublic = listOf('ipv4', ...NOT_PUBLIC)
const never = listOf('ipv4', ...NEVER)
const global6 = listOf('ipv6', ['2000::', 3])
const notPublic6 = listOf('ipv6', ...NOT_PUBLIC_6)
const inside6 = listOf('ipv6', ['::1', 128], ['fc00::', 7])

/** `isInside` says that issuers may live on this machine or inside its network. */
export const mayReach = (address: string, isInside: boolean): boolean => {
  if (isIPv4(address))
    return isInside ? !never.check(address, 'ipv4') : !notPublic.check(address, 'ipv4')
  if (isInside && inside6.check(address, 'ipv6')) return true
  return global6.check(address, 'ipv6') && !notPublic6.check(address, 'ipv6')
}
