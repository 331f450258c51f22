/**
 * IPv4 and IPv6 addresses and CIDR blocks, as 16-bit groups: two for IPv4, eight for IPv6.
 *
 * Only the plain spellings are read: four decimal parts without leading zeros, or RFC 4291 text
 * without a zone. An IPv4 address mapped into IPv6 (`::ffff:1.2.3.4`) is that IPv4 address.
 */
import * as O from 'fp-ts/lib/Option.js'

export type Address = ReadonlyArray<number>

export type AddressBlock = {
  readonly groups: Address
  /** How many leading bits count. */
  readonly prefixBits: number
}

/** The longest spelling is an IPv6 address with a dotted tail. Unit: characters. */
const ADDRESS_CHARACTERS_MAX = 45

const IPV6_GROUP = /^[0-9A-Fa-f]{1,4}$/
/** Without leading zeros, which some read as octal. */
const DECIMAL = /^(?:0|[1-9]\d{0,2})$/
const MAPPED_PREFIX_BITS = 96

const isOctet = (text: string): boolean => DECIMAL.test(text) && Number(text) <= 255

const parseIpv4 = (text: string): O.Option<Address> => {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every(isOctet)) return O.none
  const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number)
  return O.some([a * 256 + b, c * 256 + d])
}

/** The groups on one side of `::`. A dotted tail stands for two groups. */
const parseGroups = (text: string): O.Option<Address> => {
  if (text === '') return O.some([])
  const parts = text.split(':')
  const last = text.slice(text.lastIndexOf(':') + 1)
  const tail = last.includes('.') ? parseIpv4(last) : O.some([])
  const plain = last.includes('.') ? parts.slice(0, -1) : parts
  if (O.isNone(tail) || !plain.every((part) => IPV6_GROUP.test(part))) return O.none
  return O.some([...plain.map((part) => Number.parseInt(part, 16)), ...tail.value])
}

const parseIpv6 = (text: string): O.Option<Address> => {
  const [front = '', back, ...more] = text.split('::')
  if (more.length > 0 || (back !== undefined && front.includes('.'))) return O.none
  const head = parseGroups(front)
  const tail = parseGroups(back ?? '')
  if (O.isNone(head) || O.isNone(tail)) return O.none

  const missing = 8 - head.value.length - tail.value.length
  if (back === undefined) return missing === 0 ? head : O.none
  if (missing < 1) return O.none
  return O.some([...head.value, ...new Array<number>(missing).fill(0), ...tail.value])
}

const isMapped = (groups: Address): boolean =>
  groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)

const parsePlain = (text: string): O.Option<Address> => {
  if (text.length > ADDRESS_CHARACTERS_MAX) return O.none
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

/** None when the text is not an address. */
export const parseAddress = (text: string): O.Option<Address> =>
  O.map((groups: Address) => (isMapped(groups) ? groups.slice(6) : groups))(parsePlain(text))

/** Reads a block, or a bare address as the block of that one address. Host bits are ignored. */
export const parseAddressBlock = (text: string): O.Option<AddressBlock> => {
  const [base = '', bits, ...more] = text.split('/')
  const groups = parsePlain(base)
  if (O.isNone(groups) || more.length > 0) return O.none

  const widest = groups.value.length * 16
  if (bits !== undefined && !DECIMAL.test(bits)) return O.none
  const prefixBits = bits === undefined ? widest : Number(bits)
  if (prefixBits > widest) return O.none
  if (isMapped(groups.value) && prefixBits >= MAPPED_PREFIX_BITS)
    return O.some({ groups: groups.value.slice(6), prefixBits: prefixBits - MAPPED_PREFIX_BITS })

  return O.some({ groups: groups.value, prefixBits })
}

/** Whether the address lies in the block. IPv4 is never inside an IPv6 block, nor the reverse. */
export const isInside = (block: AddressBlock, address: Address): boolean =>
  block.groups.length === address.length &&
  block.groups.every((group, index) => {
    const bits = Math.min(16, Math.max(0, block.prefixBits - index * 16))
    return group >> (16 - bits) === (address[index] ?? 0) >> (16 - bits)
  })
