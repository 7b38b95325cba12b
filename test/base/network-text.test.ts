import { describe, expect, test } from 'vitest'
import { formatAddress, parseAddress } from '../../src/base/address.ts'
import type { Network } from '../../src/base/cidr.ts'
import { overlaps, parseNetwork } from '../../src/base/network-text.ts'
import { fc } from '../property.ts'

function read(text: string): Network {
  const network = parseNetwork(text)
  if (typeof network === 'string') throw new Error(network)
  return network
}

describe('a network of a policy', () => {
  test.each([
    ['10.8.0.0/16', '10.8.0.0', 112],
    ['0.0.0.0/0', '0.0.0.0', 96],
    ['203.0.113.10', '203.0.113.10', 128],
    ['203.0.113.10/32', '203.0.113.10', 128],
    ['fd00:8::/48', 'fd00:8::', 48],
    ['FD00:8::/48', 'fd00:8::', 48],
    ['2000::/3', '2000::', 3],
    ['::1', '::1', 128],
    ['fe80::/10', 'fe80::', 10],
  ])('%s begins at %s with a prefix of %i bits', (text, first, length) => {
    const network = read(text)
    expect([formatAddress(network.words, 0), network.length]).toEqual([first, length])
  })

  test.each([
    ['10.8.0.0/33', 'is not a network: write one like 10.8.0.0/16 or fd00:8::/48, or an address'],
    ['10.8.0/16', 'is not a network'],
    ['010.8.0.0/16', 'is not a network'],
    ['10.8.0.0/', 'is not a network'],
    ['10.8.0.0/255.255.0.0', 'is not a network'],
    ['10.8.0.0/16/8', 'is not a network'],
    ['10.8.0.*', 'is not a network'],
    ['fd00::/129', 'is not a network'],
    ['fd00:::/48', 'is not a network'],
    ['fd00::1::/48', 'is not a network'],
    [' 10.8.0.0/16', 'is not a network'],
    ['host.example', 'is not a network'],
    ['10.0.0.1/8', 'has bits beyond its prefix: write 10.0.0.0/8, or the longer prefix that was meant'],
    ['fd00:8::1/48', 'has bits beyond its prefix: write fd00:8::/48'],
    ['fe80::1%eth0', 'has a zone: write the network without "%" and what follows'],
    ['::ffff:10.0.0.0/104', 'is IPv4 written as IPv6: write it as IPv4, like 192.0.2.0/24'],
    ['::ffff:a00:0/104', 'is IPv4 written as IPv6'],
    ['::/0', 'holds every IPv4 address too: write 2000::/3 for the public IPv6 addresses'],
    ['::/80', 'holds every IPv4 address too'],
  ])('%s is refused: it %s', (text, message) => {
    expect(parseNetwork(text)).toContain(`${JSON.stringify(text)} ${message}`)
  })

  test('never throws, whatever the text', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:./%]{0,50}$/), fc.ipV6(), fc.ipV4Extended())
    fc.assert(fc.property(texts, (text) => ['string', 'object'].includes(typeof parseNetwork(text))))
  })

  test('of one address is that address', () => {
    const words = new Uint32Array(4)
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        parseAddress(text, words, 0)
        expect(read(text)).toEqual({ words, length: 128 })
      }),
    )
  })

  test('overlaps another where one holds the other', () => {
    const pairs: [string, string, boolean][] = [
      ['10.0.0.0/8', '10.8.0.0/16', true],
      ['10.8.0.0/16', '10.0.0.0/8', true],
      ['10.8.0.0/16', '10.9.0.0/16', false],
      ['10.0.0.0/8', 'fd00::/8', false],
      ['fd00:8::/33', 'fd00:8:8000::/33', false],
      ['fd00:8::/32', 'fd00:8:8000::/33', true],
      ['0.0.0.0/0', '255.255.255.255', true],
    ]
    expect(pairs.map(([a, b]) => overlaps(read(a), read(b)))).toEqual(pairs.map(([, , expected]) => expected))
  })
})
