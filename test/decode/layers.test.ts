import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { layersByEtherType, layersByPort, layersByProtocol } from '../../src/decode/encapsulation/index.ts'
import { linkLayers } from '../../src/decode/link/index.ts'
import {
  ascii,
  carriers,
  concat,
  dnsQuery,
  type Ends,
  ethernet,
  filler,
  LINKTYPE_ETHERNET,
  LINKTYPE_RAW,
  tunnels,
  udpPacket,
  uint16,
} from '../build/index.ts'
import { fc } from '../property.ts'
import { Driver, decode } from './drive.ts'
import { links } from './links.ts'
import { ipTunnels, ipv6Tunnels, tags } from './tunnels.ts'

const ends4: Ends = { source: '10.0.0.5', destination: '198.51.100.7', sourcePort: 50000, destinationPort: 443 }
const ends6: Ends = { source: 'fd00::5', destination: '2001:db8::7', sourcePort: 50000, destinationPort: 443 }
const payload = ascii('payload')
const udp4 = udpPacket(ends4, payload)
const udp6 = udpPacket(ends6, payload)
const flow4 = '10.0.0.5 50000 > 198.51.100.7 443'
const flow6 = 'fd00::5 50000 > 2001:db8::7 443'
const whole = { ok: true, protocol: 17, payload: Buffer.from(payload).toString('hex'), cut: false, oddities: [] }

/** Every carrier as frames of a link type, with those of one family. */
const carried = [
  ...links.map(({ name, linkType, wrap }) => ({ name, linkType, wrap, six: false })),
  ...tags.map(({ name, wrap }) => ({ name, linkType: LINKTYPE_ETHERNET, wrap, six: false })),
  ...ipTunnels.map(({ name, wrap }) => ({ name, linkType: LINKTYPE_RAW, wrap, six: false })),
  ...ipv6Tunnels.map(({ name, wrap }) => ({ name, linkType: LINKTYPE_RAW, wrap, six: true })),
]

describe('the packet is found, and nothing counted,', () => {
  test.each(carried)('in $name', ({ linkType, wrap, six }) => {
    if (!six) expect(decode(linkType, wrap(udp4))).toEqual({ ...whole, flow: flow4 })
    expect(decode(linkType, wrap(udp6))).toEqual({ ...whole, flow: flow6 })
  })

  test('in every link type that is registered', () => {
    const aliases = [11, 12, 14, 228, 229]
    const known = new Set([...links.map(({ linkType }) => linkType), ...aliases])
    expect([...linkLayers.keys()].filter((linkType) => !known.has(linkType))).toEqual([])
  })
})

describe('what is cut anywhere', () => {
  test.each(carried)('gives no payload that is not there (in $name)', ({ linkType, wrap }) => {
    const frame = wrap(udp6)
    for (let length = 0; length < frame.length; length++) {
      const part = frame.subarray(0, length)
      const { ok, payload, oddities } = decode(linkType, part, { wireLength: frame.length, behind: filler(80, length) })
      if (ok) expect(Buffer.from(part).toString('hex')).toContain(payload)
      else expect({ length, count: oddities.length }).toEqual({ length, count: 1 })
    }
  })
})

/** One more header round a packet, if it can carry it. */
const layer = fc.constantFrom(
  ...ipTunnels.map(({ wrap }) => wrap),
  // What gives an Ethernet frame goes through a tunnel for Ethernet.
  ...tags.map(
    ({ wrap }) =>
      (packet: Uint8Array) =>
        tunnels.tunnelUdp(4789, tunnels.vxlan(wrap(packet))),
  ),
)

describe('a look-up', () => {
  test('is found in any stack of up to five tunnels, with the addresses of each, the outermost first', () => {
    const query = dnsQuery('chat.example')
    fc.assert(
      fc.property(fc.array(layer, { maxLength: 5 }), fc.constantFrom(...links), fc.boolean(), (stack, link, six) => {
        const packet = udpPacket(six ? ends6 : ends4, query)
        const frame = link.wrap(stack.reduceRight<Uint8Array>((inner, wrap) => wrap(inner), packet))
        const driver = new Driver()
        const { ok, payload, flow } = driver.decode(link.linkType, frame)
        expect(driver.finish()).toEqual([])
        expect({ ok, payload, flow }).toEqual({
          ok: true,
          payload: Buffer.from(query).toString('hex'),
          flow: six ? flow6 : flow4,
        })
        expect(driver.headers).toHaveLength(stack.length + 1)
        expect(driver.headers.at(-1)).toBe(six ? 'fd00::5 > 2001:db8::7' : '10.0.0.5 > 198.51.100.7')
      }),
      { numRuns: 1000 },
    )
  })

  test('is given up, and counted, behind more than thirty headers', () => {
    const deep = (count: number) => {
      let packet: Uint8Array = udp4
      for (let i = 0; i < count; i++) packet = tunnels.tunnelIp(4, packet)
      return packet
    }
    expect(decode(LINKTYPE_RAW, deep(30))).toMatchObject(whole)
    expect(decode(LINKTYPE_RAW, deep(40))).toMatchObject({ ok: false, oddities: [['nested_too_deep', 1]] })
    const tagged = ethernet(udp4, { vlans: Array(40).fill({ id: 1 }) })
    expect(decode(LINKTYPE_ETHERNET, tagged)).toMatchObject({ ok: false, oddities: [['nested_too_deep', 1]] })
    // A datagram to a tunnel's port that is deeper than that stays a datagram.
    const inTunnel = tunnels.tunnelUdp(4789, tunnels.vxlan(tagged))
    expect(decode(LINKTYPE_RAW, inTunnel)).toMatchObject({ ok: true, flow: '192.0.2.1 49200 > 192.0.2.2 4789' })
  })
})

describe("a datagram on a tunnel's port that holds no sound IP packet stays the datagram", () => {
  test.each([...layersByPort.keys()])('(port %i)', (port) => {
    const contents = [
      dnsQuery('chat.example'),
      filler(200, port),
      new Uint8Array(60),
      concat([0x08, 0, 0, 0, 0, 0, 42, 0], ethernet(udp4, { etherType: 0x0806 })),
      concat([0x45, 0, 0xff, 0xff], filler(40, 1)),
      concat([0x60, 0, 0, 0, 0xff, 0xff], filler(60, 1)),
    ]
    for (const content of contents) {
      const datagram = udpPacket({ ...ends4, destinationPort: port }, content)
      const expected = { ok: true, payload: Buffer.from(content).toString('hex'), cut: false, oddities: [] }
      expect(decode(LINKTYPE_RAW, datagram)).toMatchObject({
        ...expected,
        flow: `10.0.0.5 50000 > 198.51.100.7 ${port}`,
      })
      const answer = udpPacket({ ...ends4, sourcePort: port }, content)
      expect(decode(LINKTYPE_RAW, answer)).toMatchObject(expected)
    }
  })

  test('where the length of what is inside goes past it', () => {
    const inner = udp4.slice()
    inner.set(uint16(udp4.length + 100), 2)
    const datagram = tunnels.tunnelUdp(4789, tunnels.vxlan(ethernet(inner)))
    expect(decode(LINKTYPE_RAW, datagram)).toMatchObject({ ok: true, flow: '192.0.2.1 49200 > 192.0.2.2 4789' })
    const cut = decode(LINKTYPE_RAW, datagram.subarray(0, -10), { wireLength: datagram.length })
    expect(cut).toMatchObject({ ok: true, cut: true, flow: flow4 })
  })

  test('and one that ends there is a tunnel from either end', () => {
    const content = tunnels.vxlan(ethernet(udp4))
    const back = udpPacket(
      { source: '192.0.2.2', destination: '192.0.2.1', sourcePort: 4789, destinationPort: 49200 },
      content,
    )
    expect(decode(LINKTYPE_RAW, back)).toMatchObject({ ...whole, flow: flow4 })
  })
})

describe('what cannot be read is counted by its name:', () => {
  const { wlan } = carriers
  const fragment = wlan(udp4)
  fragment[22] = 0x11
  const { pppoe, macsec, gre, tunnelIp, PROTOCOL_GRE } = tunnels
  const session = (protocol: number) => ethernet(pppoe(concat(uint16(protocol), filler(60, 1))), { etherType: 0x8864 })
  test.each<[string, number, Uint8Array, string]>([
    [
      'MACsec',
      LINKTYPE_ETHERNET,
      ethernet(macsec(0, udp4, { encrypted: true }), { etherType: 0x88e5 }),
      'macsec_encrypted',
    ],
    ['802.11 under encryption', 105, wlan(udp4, { encrypted: true }), 'wlan_protected'],
    ['a later fragment of 802.11', 105, fragment, 'wlan_fragment'],
    ['a beacon', 105, concat([0x80, 0], filler(60, 1)), 'not_ip'],
    ['PPP under compression', LINKTYPE_ETHERNET, session(0x00fd), 'ppp_compressed'],
    ['PPP under encryption', LINKTYPE_ETHERNET, session(0x0053), 'ppp_compressed'],
    ['PPP with compressed TCP', LINKTYPE_ETHERNET, session(0x002d), 'ppp_compressed'],
    ["PPP's own control", LINKTYPE_ETHERNET, session(0xc021), 'not_ip'],
    ["GRE's keepalive", LINKTYPE_RAW, tunnelIp(PROTOCOL_GRE, gre(new Uint8Array(0), { type: 0 })), 'not_ip'],
    ['GRE of a later version', LINKTYPE_RAW, tunnelIp(PROTOCOL_GRE, concat([0, 2], gre(udp4).subarray(2))), 'not_ip'],
    ['an IP protocol that is not known', LINKTYPE_RAW, tunnelIp(253, filler(80, 1)), 'transport_not_read'],
    ['a link type that is not known', 9999, udp4, 'link_type_not_supported'],
    ['a link type that is not known behind PPI', 192, carriers.ppi(9999, udp4), 'link_type_not_supported'],
    ['USB', 189, filler(64, 1), 'link_type_without_ip'],
  ])('%s', (_, linkType, bytes, oddity) => {
    expect(decode(linkType, bytes)).toMatchObject({ ok: false, oddities: [[oddity, 1]] })
  })

  test('an aggregate, part by part', () => {
    const driver = new Driver()
    const frame = wlan(udp4, { aggregate: true })
    const { oddities: _, ...part } = { ...whole, flow: flow4 }
    expect(driver.decode(105, frame, { before: filler(9, 1), behind: filler(9, 2) })).toEqual(part)
    expect(driver.decodeRest()).toEqual(part)
    expect(driver.decodeRest()).toBeUndefined()
    expect(driver.finish()).toEqual([])
  })

  test('an aggregate in a tunnel, part by part, and as far as it was captured', () => {
    const driver = new Driver()
    const tunnel = tunnelIp(PROTOCOL_GRE, gre(wlan(udp4, { aggregate: true }), { type: 0x8200 }))
    expect(driver.decode(LINKTYPE_RAW, tunnel).flow).toBe(flow4)
    expect(driver.decodeRest()?.flow).toBe(flow4)
    const cut = driver.decode(LINKTYPE_RAW, tunnel.subarray(0, -4), { wireLength: tunnel.length })
    expect([cut.ok, driver.decodeRest()?.cut]).toEqual([true, true])
  })

  test('what is in a tunnel keeps the addresses of the tunnel', () => {
    const { ok, protocol, flow } = decode(LINKTYPE_RAW, tunnelIp(PROTOCOL_GRE, gre(filler(40, 1), { type: 0x0806 })))
    expect({ ok, protocol, flow }).toEqual({ ok: false, protocol: PROTOCOL_GRE, flow: '192.0.2.1 0 > 192.0.2.2 0' })
  })
})

test('every file of an encapsulation has one that is registered, under a number of 16 bits', async () => {
  const registered = new Map([...layersByEtherType, ...layersByProtocol, ...layersByPort])
  for (const number of registered.keys()) expect(number).toBe(number & 0xffff)
  const layers: unknown[] = [...registered.values()]
  const folder = new URL('../../src/decode/encapsulation/', import.meta.url)
  const files = readdirSync(folder).filter((name) => name !== 'index.ts')
  for (const file of files) {
    const exported = Object.values(await import(new URL(file, folder).href))
    expect([file, exported.some((value) => layers.includes(value))]).toEqual([file, true])
  }
})
