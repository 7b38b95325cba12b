import { describe, expect, test } from 'vitest'
import { carriers, concat, dnsQuery, filler, reversed, tunnels, udp, udpPacket } from '../../build/index.ts'
import { Extraction, extract } from '../drive.ts'

const { ppp } = carriers
const { gre, l2tp, pptp, tunnelIp } = tunnels

const ENDS = { source: '10.0.0.5', destination: '198.51.100.7', sourcePort: 40_000, destinationPort: 51_820 }
const BACK = reversed(ENDS)

function word(value: number): Uint8Array {
  return new Uint8Array([value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24])
}

const initiation = concat([1, 0, 0, 0], word(77), filler(140, 1))
const response = concat([2, 0, 0, 0], word(88), word(77), filler(80, 2))
const other = concat([2, 0, 0, 0], word(88), word(78), filler(80, 2))

function data(receiver: number, counter: number): Uint8Array {
  return concat([4, 0, 0, 0], word(receiver), word(counter), [0, 0, 0, 0], filler(48, 3))
}

function told(packets: readonly Uint8Array[]): unknown[] {
  return extract(packets).observed.map(({ means, protocol, certainty }) => `${means} ${protocol} ${certainty}`)
}

describe('what a flow is recognised as', () => {
  test('is observed at once, and again as it becomes surer', () => {
    const { observed, flows } = extract([udpPacket(ENDS, initiation), udpPacket(BACK, response)])
    expect(observed).toEqual([
      expect.objectContaining({ means: 'vpn', protocol: 'wireguard', certainty: 'probable', frame: 1 }),
      expect.objectContaining({ means: 'vpn', protocol: 'wireguard', certainty: 'confirmed', frame: 2, firstFrame: 1 }),
    ])
    for (const one of observed) {
      expect(one).toMatchObject({
        client: '10.0.0.5',
        clientPort: 40_000,
        server: '198.51.100.7',
        serverPort: 51_820,
        transport: 'udp',
      })
    }
    expect(flows).toEqual({ flows: 1, flows_tunnel: 1 })
  })

  test('is not made surer by what does not answer it', () => {
    expect(told([udpPacket(ENDS, initiation), udpPacket(BACK, other)])).toEqual(['vpn wireguard probable'])
    expect(told([udpPacket(ENDS, initiation), udpPacket(ENDS, response)])).toEqual(['vpn wireguard probable'])
  })

  test('is observed once in each minute in which something passes, and not for what passed nothing', () => {
    const extraction = new Extraction()
    extraction.packets([udpPacket(ENDS, initiation), udpPacket(BACK, response)])
    for (let second = 0; second < 600; second += 10) {
      if (second >= 240 && second < 420) continue
      extraction.packet({ bytes: udpPacket(ENDS, data(88, second)), time: second * 1_000_000 })
    }
    const minutes = extraction.observed.map(({ time }) => String(time).slice(14, 16))
    expect(minutes).toEqual(['00', '00', '01', '02', '03', '07', '08', '09'])
  })

  test('is nothing for what comes later than the first packets of a flow', () => {
    const before = Array.from({ length: 64 }, (_, i) => udpPacket(ENDS, concat([200], filler(50, i))))
    expect(told([...before, udpPacket(ENDS, initiation), udpPacket(BACK, response)])).toEqual([])
    expect(told([...before.slice(1), udpPacket(ENDS, initiation)])).toEqual(['vpn wireguard probable'])
  })

  test('is bounded: beyond 8,192 flows at a time others are counted, not asked', () => {
    const extraction = new Extraction()
    for (let i = 0; i < 8200; i++) {
      const source = `10.1.${i >>> 8}.${i & 255}`
      extraction.packet({ bytes: udpPacket({ ...ENDS, source }, initiation), time: 0 })
    }
    const ended = extraction.oddities.get('flows_ended_early')
    expect(extraction.observed.length).toBe(8192 + ended)
    expect(extraction.oddities.get('flows_not_asked')).toBe(8 - ended)
    expect(ended).toBeLessThan(8)
  })
})

describe('a tunnel in IP itself', () => {
  const there = { source: '10.0.0.5', destination: '198.51.100.7' }
  const backwards = { source: '198.51.100.7', destination: '10.0.0.5' }
  const esp = concat([0, 0, 16, 1, 0, 0, 0, 1], filler(64, 4))

  test('is confirmed once it goes both ways, and told without ports', () => {
    const { observed, flows } = extract([
      tunnelIp(50, esp, there),
      tunnelIp(50, esp, there),
      tunnelIp(50, esp, backwards),
    ])
    expect(observed.map(({ protocol, certainty }) => [protocol, certainty])).toEqual([
      ['esp', 'probable'],
      ['esp', 'confirmed'],
    ])
    expect(observed[0]).toMatchObject({ means: 'vpn', client: '10.0.0.5', server: '198.51.100.7' })
    expect(Object.keys(observed[0]!)).not.toContain('serverPort')
    expect(flows).toEqual({ flows: 1, flows_tunnel: 1 })
  })

  test.each([
    ['esp', 50, esp],
    ['ah', 51, [59, 4, 0, 0, 0, 0, 16, 1, 0, 0, 0, 1, ...filler(12, 51)]],
    ['l2tp', 115, filler(40, 3)],
  ] as const)('has no ports as %s, whatever came before it', (protocol, number, payload) => {
    const before = udpPacket({ ...ENDS, sourcePort: 40_000, destinationPort: 53 }, dnsQuery('chat.example.org'))
    const { observed } = extract([before, tunnelIp(number, payload, there), before, tunnelIp(number, payload, there)])
    const tunnels = observed.filter(({ means }) => means === 'vpn')
    expect(tunnels).toMatchObject([{ protocol, client: '10.0.0.5', server: '198.51.100.7', certainty: 'probable' }])
    for (const key of ['clientPort', 'serverPort']) expect(tunnels[0]).not.toHaveProperty(key)
  })

  test('is none with an identifier that is reserved, or to a group', () => {
    expect(told([tunnelIp(50, concat([0, 0, 0, 255], esp.subarray(4)), there)])).toEqual([])
    expect(told([tunnelIp(50, esp, { ...there, destination: '224.0.0.5' })])).toEqual([])
  })

  test('does not hide what an authentication header leaves readable', () => {
    const ends = { ...there, sourcePort: 40_000, destinationPort: 53 }
    const header = [17, 4, 0, 0, 0, 0, 16, 1, 0, 0, 0, 1, ...filler(12, 51)]
    const { observed } = extract([tunnelIp(51, concat(header, udp(ends, dnsQuery('chat.example.org'))), there)])
    expect(observed.map(({ means, protocol, name }) => [means, protocol ?? name])).toEqual([
      ['vpn', 'ah'],
      ['dns-query', 'chat.example.org'],
    ])
  })

  test('is told of PPTP by its GRE and of L2TP by the packets in it, which are read as well', () => {
    const query = udpPacket({ ...ENDS, source: '10.9.0.1', destinationPort: 53 }, dnsQuery('chat.example.org'))
    const inPptp = tunnelIp(47, pptp(ppp(query)), there)
    const inL2tp = udpPacket({ ...there, sourcePort: 1701, destinationPort: 1701 }, l2tp(ppp(query)))
    for (const [packet, protocol] of [
      [inPptp, 'pptp'],
      [inL2tp, 'l2tp'],
    ] as const) {
      expect(extract([packet]).observed.map(({ means, client, name }) => [means, client, name ?? protocol])).toEqual([
        ['vpn', '10.0.0.5', protocol],
        ['dns-query', '10.9.0.1', 'chat.example.org'],
      ])
    }
    expect(told([tunnelIp(47, gre(query), there)])).toEqual(['dns-query undefined undefined'])
  })
})
