import { describe, expect, test } from 'vitest'
import { parsePolicy } from '../../src/judge/load.ts'
import { placesOf } from '../../src/judge/places.ts'

const matches = (glob: string, path: string) => {
  const policy = parsePolicy(
    `{ organisation: x, in-force: 2026-01-01, timezone: UTC, networks: [], rules: [],
       inputs: [{ match: ${JSON.stringify(glob)}, vantage: device }] }`,
    '',
  )
  return placesOf(policy).input(path) !== undefined
}

describe('the declaration of an input', () => {
  test.each([
    ['laptop-*.pcap', '/var/captures/laptop-1.pcap'],
    ['laptop-*.pcap', './laptop-1.pcap'],
    ['**/laptop-*.pcap', 'laptop-1.pcap'],
    ['**/laptop-*.pcap', '/var/captures/laptop-1.pcap'],
    ['captures/*.pcap', './captures/a.pcap'],
    ['./captures/*.pcap', 'captures/a.pcap'],
    ['/var/**', '/var/.hidden/a.pcap'],
    ['*.{pcap,pcapng}', 'a.pcapng'],
    ['-', '-'],
  ])('%s is for %s', (glob, path) => expect(matches(glob, path)).toBe(true))

  test.each([
    ['laptop-*.pcap', 'laptop-1.pcap/other.pcap'],
    ['captures/*.pcap', 'captures/deeper/a.pcap'],
    ['captures/*.pcap', '/var/captures/a.pcap'],
    ['!a.pcap', 'b.pcap'],
    ['A.pcap', 'a.pcap'],
  ])('%s is not for %s', (glob, path) => expect(matches(glob, path)).toBe(false))
})
