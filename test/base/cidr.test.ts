import { describe, expect, test } from 'vitest'
import { parseAddress } from '../../src/base/address.ts'
import { type Network, NetworkTable } from '../../src/base/cidr.ts'
import { fc } from '../property.ts'

interface Entry {
  readonly network: Network
  readonly value: number
}

function toWords(number: bigint): Uint32Array {
  return Uint32Array.from([96n, 64n, 32n, 0n], (shift) => Number((number >> shift) & 0xffffffffn))
}

function toNumber(words: Uint32Array): bigint {
  return words.reduce((number, word) => (number << 32n) | BigInt(word), 0n)
}

function network(number: bigint, length: number): Network {
  const rest = BigInt(128 - length)
  return { words: toWords((number >> rest) << rest), length }
}

/** `10.0.0.0/8` or `2001:db8::/32`. */
function parsed(text: string): Network {
  const [address, length] = text.split('/') as [string, string]
  const words = new Uint32Array(4)
  expect(parseAddress(address, words, 0)).toBe(true)
  return { words, length: Number(length) + (address.includes(':') ? 0 : 96) }
}

function find(table: NetworkTable, text: string): number {
  return table.find(parsed(`${text}/0`).words, 0)
}

/** The longest that holds it, of equals the first. */
function naive(entries: readonly Entry[], number: bigint): number {
  let best: Entry | undefined
  for (const entry of entries) {
    const rest = BigInt(128 - entry.network.length)
    const holds = number >> rest === toNumber(entry.network.words) >> rest
    if (holds && (best === undefined || entry.network.length > best.network.length)) best = entry
  }
  return best?.value ?? -1
}

describe('a table of networks', () => {
  // Few different bits, so that networks nest, touch and repeat.
  const number = fc
    .tuple(fc.nat(255), fc.nat(3), fc.nat(3))
    .map(([high, low, last]) => (BigInt(high) << 120n) | (BigInt(low) << 32n) | BigInt(last))
  const length = fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 90, max: 128 }), fc.constant(128))
  const networks = fc.array(fc.tuple(number, length), { maxLength: 24 })

  test('gives the value of the most specific network that holds an address, as a search of them all would', () => {
    fc.assert(
      fc.property(networks, fc.array(number, { minLength: 1, maxLength: 20 }), (list, looked) => {
        const entries = list.map(([at, bits], value): Entry => ({ network: network(at, bits), value }))
        const table = new NetworkTable(entries)
        const edges = entries.flatMap(({ network: { words, length: bits } }) => {
          const first = toNumber(words)
          const size = 1n << BigInt(128 - bits)
          return [first - 1n, first, first + size - 1n, first + size]
        })
        for (const one of [...looked, ...edges]) {
          if (one < 0n || one >= 1n << 128n) continue
          expect(table.find(toWords(one), 0)).toBe(naive(entries, one))
        }
      }),
      { numRuns: 500 },
    )
  })

  test('looks into networks inside networks, and out of them again', () => {
    const texts = [
      '10.0.0.0/8',
      '10.1.0.0/16',
      '10.1.99.0/24',
      '10.1.99.12/32',
      '2001:db8::/32',
      '0.0.0.0/0',
      '10.1.0.0/16',
    ]
    const table = new NetworkTable(texts.map((text, value) => ({ network: parsed(text), value })))
    expect(find(table, '10.0.255.255')).toBe(0)
    expect(find(table, '10.1.0.0')).toBe(1)
    expect(find(table, '10.1.99.11')).toBe(2)
    expect(find(table, '10.1.99.12')).toBe(3)
    expect(find(table, '10.1.99.13')).toBe(2)
    expect(find(table, '10.1.100.0')).toBe(1)
    expect(find(table, '10.2.0.0')).toBe(0)
    expect(find(table, '11.0.0.0')).toBe(5)
    expect(find(table, '2001:db8:ffff::')).toBe(4)
    expect(find(table, '2001:db9::')).toBe(-1)
    expect(find(table, '::ffff:10.1.99.12')).toBe(3)
  })

  test('without networks holds nothing, with everything holds everything', () => {
    expect(find(new NetworkTable([]), '::')).toBe(-1)
    const all = new NetworkTable([{ network: parsed('::/0'), value: 4 }])
    expect(find(all, '::')).toBe(4)
    expect(find(all, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')).toBe(4)
  })

  test('finds an address where it stands in a longer array', () => {
    const table = new NetworkTable([{ network: parsed('192.0.2.0/24'), value: 0 }])
    const addresses = new Uint32Array(8)
    addresses.set(parsed('192.0.2.9/32').words, 4)
    expect(table.find(addresses, 0)).toBe(-1)
    expect(table.find(addresses, 4)).toBe(0)
  })
})
