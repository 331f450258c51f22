/** Which addresses an issuer may have. */
import { describe, expect, it } from 'vitest'
import { mayReach } from './addresses.js'

const PUBLIC = ['8.8.8.8', '47.88.1.1', '192.0.1.1', '2400:3200::1', '2606:4700::1111']

const INSIDE = [
  '127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '::1',
  'fd00::1',
]

const NOWHERE = [
  '0.0.0.0',
  '100.100.100.200',
  '169.254.169.254',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  'fe80::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
]

describe('mayReach', () => {
  it.each(PUBLIC)('given %s, then it may be reached', (address) => {
    expect([mayReach(address, false), mayReach(address, true)]).toEqual([true, true])
  })
  it.each(INSIDE)('given %s, then it may be reached where issuers live inside', (address) => {
    expect([mayReach(address, false), mayReach(address, true)]).toEqual([false, true])
  })
  it.each(NOWHERE)('given %s, then it may never be reached', (address) => {
    expect([mayReach(address, false), mayReach(address, true)]).toEqual([false, false])
  })
})
