import { describe, expect, test } from 'vitest'
import { dnscrypt, dnscryptOverTcp } from '../../../src/extract/recognise/dnscrypt.ts'
import {
  concat,
  dnscryptQuery,
  dnscryptRelayQuery,
  dnscryptResponse,
  dnsOverTcp,
  filler,
  random,
  reversed,
  udpPacket,
} from '../../build/index.ts'
import { mutated } from '../../robustness/mutate.ts'
import { ENDS, type Extraction, extract, segment, syn } from '../drive.ts'

const BACK = reversed(ENDS)
const query = dnscryptQuery(1)
const response = dnscryptResponse(query)
const relayed = dnscryptRelayQuery('198.51.100.53', 443, query)

function told({ observed }: Extraction): unknown[] {
  return observed.map(({ means, protocol, certainty }) => `${means} ${protocol} ${certainty}`)
}

const confirmed = 'payload dnscrypt confirmed'
const probable = 'payload dnscrypt probable'

describe('DNSCrypt over UDP', () => {
  test('is confirmed by what a resolver answers, whose client asked', () => {
    const extraction = extract([udpPacket(ENDS, query), udpPacket(BACK, response)])
    expect(told(extraction)).toEqual([confirmed])
    expect(extraction.observed).toMatchObject([{ client: ENDS.source, server: ENDS.destination, serverPort: 443 }])
  })

  test('is known on any port that is not one of local names', () => {
    for (const destinationPort of [443, 8443, 5443, 53_535]) {
      const ends = { ...ENDS, destinationPort }
      expect(told(extract([udpPacket(ends, query), udpPacket(reversed(ends), response)]))).toEqual([confirmed])
    }
  })

  test('is probable by a query to a relay, and confirmed by its answer', () => {
    expect(told(extract([udpPacket(ENDS, relayed)]))).toEqual([probable])
    expect(told(extract([udpPacket(ENDS, relayed), udpPacket(BACK, response)]))).toEqual([probable, confirmed])
    const to6 = dnscryptRelayQuery('2001:db8::53', 443, query)
    expect(told(extract([udpPacket(ENDS, to6)]))).toEqual([probable])
  })

  test('is not told by other queries: they look like anything', () => {
    for (let seed = 0; seed < 200; seed++) {
      expect(told(extract([udpPacket(ENDS, dnscryptQuery(seed))]))).toEqual([])
    }
  })

  test('is nothing that differs in a bit', () => {
    for (let bit = 0; bit < 64; bit++) {
      const other = response.slice()
      other[bit >> 3]! ^= 1 << (bit & 7)
      expect(told(extract([udpPacket(BACK, other)]))).toEqual([])
    }
    for (let bit = 0; bit < 80; bit++) {
      const other = relayed.slice()
      other[bit >> 3]! ^= 1 << (bit & 7)
      expect(dnscrypt.canBe(other, 0, other.length, other.length)).toBe(false)
    }
  })

  test.each([
    ['without a port', dnscryptRelayQuery('198.51.100.53', 0, query)],
    ['to no address', dnscryptRelayQuery('::', 443, query)],
    ['to a group', dnscryptRelayQuery('ff02::1', 443, query)],
    ['of zeros', concat(new Uint8Array(8).fill(0xff), new Uint8Array(300))],
    ['of ones', new Uint8Array(300).fill(0xff)],
  ])('is no query to a relay %s', (_, bytes) => {
    expect(told(extract([udpPacket(ENDS, bytes)]))).toEqual([])
  })
})

describe('DNSCrypt over TCP', () => {
  function stream(bytes: Uint8Array, ends = ENDS) {
    return segment(bytes, 0, bytes.length, 1000, ends)
  }

  test('is confirmed by what a resolver answers behind its length', () => {
    const packets = [syn(), stream(dnsOverTcp(query)), stream(dnsOverTcp(response), BACK)]
    expect(told(extract(packets))).toEqual([confirmed])
  })

  test('is probable by a query to a relay, and confirmed by its answer', () => {
    const packets = [syn(), stream(dnsOverTcp(relayed)), stream(dnsOverTcp(response), BACK)]
    expect(told(extract(packets))).toEqual([probable, confirmed])
  })

  test('is nothing without a length, and UDP nothing with it', () => {
    expect(told(extract([syn(), stream(response, BACK)]))).toEqual([])
    expect(told(extract([udpPacket(BACK, dnsOverTcp(response))]))).toEqual([])
  })
})

test('DNSCrypt is never read past what was captured', () => {
  for (const whole of [response, relayed].map((bytes) => bytes.subarray(0, 64))) {
    for (let number = 0; number < 300; number++) {
      const bytes = concat(number === 0 ? whole : mutated(whole, random(number)), filler(64, 1))
      for (let end = 0; end <= 64; end++) {
        const alone = bytes.slice(0, end)
        for (const protocol of [dnscrypt, dnscryptOverTcp]) {
          expect(protocol.canBe(bytes, 0, end, end)).toBe(protocol.canBe(alone, 0, end, end))
        }
      }
    }
  }
})
