import { describe, expect, test } from 'vitest'
import {
  clientHelloRecords,
  dnsQuery,
  dnsResponse,
  type Ends,
  filler,
  reversed,
  tcpPacket,
  udpPacket,
} from '../build/index.ts'
import { fc } from '../property.ts'
import { ENDS, Extraction, extract, segment, segments, syn } from './drive.ts'

const NAME = 'chat.example.org'
const hello = clientHelloRecords({ serverName: NAME })
const nameless = clientHelloRecords({})
const back = reversed(ENDS)
const synAck = tcpPacket(back, { flags: 0x12, sequence: 8999 })
const answer = tcpPacket(back, { sequence: 9000, payload: filler(40, 3) })
const noise = filler(40, 2)
const fin = tcpPacket(ENDS, { sequence: 1040, flags: 0x11 })

function udpEnds(sourcePort: number, destinationPort: number, destination = '198.51.100.7'): Ends {
  return { source: '10.0.0.5', destination, sourcePort, destinationPort }
}

describe('a flow is counted by what became of it:', () => {
  const query = udpEnds(40000, 53)
  test.each<[string, readonly Uint8Array[], string]>([
    ['a greeting with a name', [syn(), synAck, segment(hello, 0, hello.length), answer], 'flows_named'],
    ['a greeting in parts', [syn(), synAck, ...segments(hello, [100]), answer], 'flows_named'],
    ['DNS', [udpPacket(query, dnsQuery(NAME)), udpPacket(reversed(query), dnsResponse(NAME, 'A', []))], 'flows_named'],
    ['a greeting without a name', [syn(), synAck, segment(nameless, 0, nameless.length)], 'flows_hello_without_name'],
    ['half a greeting', [syn(), synAck, segment(hello, 0, 60)], 'flows_hello_incomplete'],
    ['a handshake alone', [syn(), synAck, fin], 'flows_without_data'],
    ['a question that nobody answers', [syn(), syn()], 'flows_without_data'],
    ['data in the middle', [segment(noise, 0, 40), answer], 'flows_picked_up'],
    ['one side only', [syn(), segment(noise, 0, 40)], 'flows_one_direction'],
    ['both sides, of no known form', [syn(), synAck, segment(noise, 0, 40), answer], 'flows_not_recognised'],
    [
      'datagrams of no known form',
      [7, 8].map((n) => udpPacket(udpEnds(4000, 4001), filler(30, n))),
      'flows_one_direction',
    ],
    ['what can be QUIC already begun', [udpPacket(udpEnds(4000, 443), filler(30, 7))], 'flows_picked_up'],
    ['names of neighbours', [udpPacket(udpEnds(5353, 5353), dnsQuery('printer.local'))], 'flows_local'],
    ['datagrams to a group', [udpPacket(udpEnds(4000, 1900, '239.255.255.250'), filler(30, 7))], 'flows_local'],
    ['datagrams to all', [udpPacket(udpEnds(4000, 9, '255.255.255.255'), filler(30, 7))], 'flows_local'],
  ])('%s', (_, packets, outcome) => {
    expect(extract(packets).flows).toEqual({ flows: 1, [outcome]: 1 })
  })
})

describe('flows', () => {
  test('begin anew on the same ports after their end', () => {
    const first = [syn(), synAck, segment(noise, 0, 40), fin]
    expect(extract([...first, syn(5000), segment(hello, 0, hello.length, 5000)]).flows).toEqual({
      flows: 2,
      flows_named: 1,
      flows_not_recognised: 1,
    })
    // The handshake once more is not another connection.
    expect(extract([syn(), synAck, syn(), synAck, segment(noise, 0, 40)]).flows.flows).toBe(1)
  })

  test('of datagrams begin anew after five minutes of silence', () => {
    const extraction = new Extraction()
    const bytes = udpPacket(udpEnds(4000, 4001), filler(30, 1))
    for (const time of [0, 299, 598, 899]) extraction.packet({ bytes, time: time * 1_000_000 })
    expect(extraction.finish().flows.flows).toBe(2)
  })

  test('have the handshake say who is the client, else the port of a service', () => {
    const ends = { ...ENDS, sourcePort: 443, destinationPort: 51234 }
    const early = [tcpPacket(reversed(ends), { flags: 0x12, sequence: 1 }), tcpPacket(ends, { flags: 0x02 })]
    expect(extract([...early, segment(noise, 0, 40, 1, ends)]).flows.flows).toBe(1)
  })

  test('are as many as there are, in any order of their packets', () => {
    const flows = Array.from({ length: 40 }, (_, i) => udpEnds(30_000 + i, 9000 + (i % 3)))
    const packets = flows.flatMap((ends) => [udpPacket(ends, filler(20, 1)), udpPacket(reversed(ends), filler(20, 2))])
    fc.assert(
      fc.property(fc.shuffledSubarray(packets, { minLength: packets.length }), (shuffled) => {
        expect(extract(shuffled).flows).toEqual({ flows: 40, flows_not_recognised: 40 })
      }),
      { numRuns: 20 },
    )
  })

  test('are bounded: of more than there is room for, each counts once it gives way', () => {
    const extraction = new Extraction()
    const many = 200_000
    for (let i = 0; i < many; i++) {
      const source = `10.${i >>> 16}.${(i >>> 8) & 255}.${i & 255}`
      extraction.packet({ bytes: udpPacket({ ...udpEnds(4000, 4001), source }, [i & 255]), time: i })
    }
    const { flows, flows_one_direction, flows_ended_early } = extraction.finish().flows
    expect([flows, flows_one_direction]).toEqual([many, many])
    expect(flows_ended_early).toBeGreaterThan(many - 65_536 - 1)
  })
})
