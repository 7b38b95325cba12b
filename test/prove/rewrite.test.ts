import { expect, test } from 'vitest'
import { formatAddress } from '../../src/base/address.ts'
import { Oddities } from '../../src/base/oddities.ts'
import { Decoder } from '../../src/decode/decode.ts'
import { Packet } from '../../src/model/packet.ts'
import { Pseudonyms } from '../../src/prove/pseudonyms.ts'
import { rewriteFrame } from '../../src/prove/rewrite-frame.ts'
import { rewriteLine } from '../../src/prove/rewrite-line.ts'
import {
  ascii,
  checksumOf,
  concat,
  ethernet,
  filler,
  httpRequest,
  ip,
  tcpPacket,
  udpPacket,
  wordSum,
} from '../build/index.ts'
import { fc } from '../property.ts'

const ETHERNET = 1
const RAW = 101

function pseudonyms(clients: readonly string[], servers: readonly string[] = []): Pseudonyms {
  return new Pseudonyms(new Set(clients), new Set(servers), (words, at) => words[at + 3]! >>> 24 === 10)
}

const ENDS = { source: '10.1.4.31', destination: '198.51.100.9', sourcePort: 50_000, destinationPort: 443 }
const SIX = { source: '2001:db8:aaaa::5', destination: '2001:db8:ffff::9', sourcePort: 50_000, destinationPort: 443 }

/** What the decoder finds: ends, ports, and whether the checksums of IPv4 and of the transport are right. */
function read(frame: Uint8Array, linkType: number) {
  const packet = new Packet()
  Object.assign(packet, { bytes: frame, end: frame.length, wireLength: frame.length, linkType })
  const headers: { at: number; source: string }[] = []
  const decoder = new Decoder(new Oddities(), {
    addresses: (one) => headers.push({ at: one.offset, source: formatAddress(one.addresses, 0) }),
  })
  expect(decoder.decode(packet)).toBe(true)
  const payload = frame.subarray(packet.offset, packet.end)
  return {
    source: formatAddress(packet.addresses, 0),
    destination: formatAddress(packet.addresses, 4),
    payload,
    isRight: transportIsRight(frame, headers[0]!.at, packet),
  }
}

/** RFC 1071 over the pseudo header and the transport part, which begins at `at`. */
function transportIsRight(frame: Uint8Array, at: number, { addresses, protocol, end }: Packet): boolean {
  const pseudo = new Uint8Array(40)
  const view = new DataView(pseudo.buffer)
  for (let i = 0; i < 8; i++) {
    // IPv4 has the last word of each only, RFC 793.
    const isMapped = addresses[2] === 0xffff && i % 4 !== 3
    view.setUint32(4 * i, isMapped ? 0 : addresses[i]!)
  }
  view.setUint32(32, end - at)
  view.setUint32(36, protocol)
  return checksumOf(wordSum(concat(pseudo, frame.subarray(at, end)))) === 0
}

test('addresses of both families and MACs are replaced, and all checksums are right', () => {
  for (const ends of [ENDS, SIX]) {
    for (const packet of [tcpPacket(ends, { payload: filler(33, 4) }), udpPacket(ends, filler(20, 5))]) {
      const frame = ethernet(packet)
      expect(read(frame, ETHERNET).isRight).toBe(true)
      const other = rewriteFrame(frame, ETHERNET, pseudonyms([ends.source], [ends.destination]))!
      const found = read(other, ETHERNET)
      expect(found.source).toBe(ends === ENDS ? '198.18.0.1' : '2001:db8::1')
      expect(found.destination).toBe(ends.destination)
      expect(found.isRight).toBe(true)
      expect(found.payload).toEqual(read(frame, ETHERNET).payload)
      expect(other.subarray(0, 12)).not.toEqual(frame.subarray(0, 12))
      expect(other).toHaveLength(frame.length)
    }
  }
})

test('a checksum that was wrong stays wrong, and a frame that was cut keeps its length', () => {
  const packet = Uint8Array.from(tcpPacket(ENDS, { payload: filler(33, 4) }))
  packet[36]! ^= 1
  expect(read(rewriteFrame(packet, RAW, pseudonyms([]))!, RAW).isRight).toBe(false)
  const cut = packet.subarray(0, 50)
  expect(rewriteFrame(cut, RAW, pseudonyms([]))).toHaveLength(50)
})

test('an address of a server stays, unless it is the own network or a client somewhere else', () => {
  const one = pseudonyms(['198.51.100.7'], ['198.51.100.9', '198.51.100.7', '10.9.9.9'])
  expect(one.address('198.51.100.9')).toBe('198.51.100.9')
  expect(one.address('198.51.100.7')).toBe('198.18.0.1')
  expect(one.address('10.9.9.9')).toBe('198.18.0.2')
  expect(one.address('203.0.113.1')).toBe('198.18.0.3')
  expect(one.address('198.51.100.7')).toBe('198.18.0.1')
  expect(one.address('255.255.255.255')).toBe('255.255.255.255')
})

test('what a payload says of replaced addresses is replaced as well: as bytes, hidden as STUN does, and as text', () => {
  const hidden = [10 ^ 0x21, 1 ^ 0x12, 4 ^ 0xa4, 31 ^ 0x42]
  const payload = concat([10, 1, 4, 31], ascii('from 10.1.4.31!'), hidden, [0])
  const found = read(rewriteFrame(udpPacket(ENDS, payload), RAW, pseudonyms([ENDS.source], [ENDS.destination]))!, RAW)
  expect([...found.payload.subarray(0, 4)]).toEqual([198, 18, 0, 1])
  expect(Buffer.from(found.payload).toString('latin1', 4, 19)).toBe('from xxxxxxxxx!')
  expect([...found.payload.subarray(19, 23)]).toEqual([198 ^ 0x21, 18 ^ 0x12, 0 ^ 0xa4, 1 ^ 0x42])
  expect(found.isRight).toBe(true)
})

test('of an HTTP request only method, path and host are left', () => {
  const request = httpRequest({
    target: '/a?user=jdoe',
    host: 'web.example',
    fields: ['Cookie: session=5'],
    body: 'secret',
  })
  const found = read(rewriteFrame(tcpPacket(ENDS, { payload: request }), RAW, pseudonyms([], [ENDS.destination]))!, RAW)
  const text = Buffer.from(found.payload).toString()
  expect(text).toContain('GET /axxxxxxxxxx HTTP/1.1\r\n')
  expect(text).toContain('web.example')
  expect(text).not.toMatch(/jdoe|session|secret/)
  expect(text).toHaveLength(request.length)
  expect(found.isRight).toBe(true)
})

test('what is not understood is withheld', () => {
  const inner = tcpPacket(ENDS, {})
  const withheld: readonly (readonly [linkType: number, frame: Uint8Array])[] = [
    [RAW, ip(ENDS, 47, inner)],
    [RAW, ip(ENDS, 4, inner)],
    [RAW, ip(ENDS, 1, inner)],
    [RAW, udpPacket({ ...ENDS, destinationPort: 4789 }, filler(40, 1))],
    [RAW, udpPacket({ ...ENDS, destinationPort: 67 }, filler(40, 1))],
    [105, inner],
    [ETHERNET, filler(60, 3)],
    [RAW, inner.subarray(0, 10)],
    [RAW, new Uint8Array(0)],
  ]
  for (const [linkType, frame] of withheld) expect(rewriteFrame(frame, linkType, pseudonyms([]))).toBeUndefined()
})

test('no bytes make rewriting throw, and none of it grows', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(0, 1, 101, 113, 276), (bytes, linkType) => {
      const other = rewriteFrame(bytes, linkType, pseudonyms(['10.1.4.31']))
      expect(other?.length ?? bytes.length).toBe(bytes.length)
    }),
  )
})

test('lines name nobody, and say the rest', () => {
  const line = (text: string, people: readonly string[] = []) =>
    rewriteLine(text, people, pseudonyms(['10.1.4.31'], ['198.51.100.9']))
  expect(line('10.1.4.31 198.51.100.9:443 web.example')).toBe('198.18.0.1 198.51.100.9:443 web.example')
  expect(line('src=fd00::5 dst=2001:db8:1::7')).toBe('src=2001:db8::1 dst=2001:db8::2')
  expect(line('02-1A-2b-3c-4d-5e and 021a.2b3c.4d5e')).toBe('02-00-00-00-00-01 and 0200.0000.0001')
  expect(line('user="JDoe" as jdoe, jdoes', ['jdoe'])).toBe('user="person-1" as person-1, jdoes')
  expect(line('EXAMPLE\\jdoe and jdoe', ['EXAMPLE\\jdoe'])).not.toMatch(/jdoe|EXAMPLE/)
  expect(line('mail a.b@mail.example.org sent')).toBe('mail person-1 sent')
  expect(line('GET http://web.example/p?q=jdoe HTTP/1.1')).toBe('GET http://web.example/p?... HTTP/1.1')
  expect(line('at 12:30:45 version 1.2.3 web.telegram.org')).toBe('at 12:30:45 version 1.2.3 web.telegram.org')
  expect(line('binary\u0000line')).toBeUndefined()
})

test('the longest line is rewritten in a moment', () => {
  const begun = performance.now()
  for (const text of ['1.', ':', 'a@', '00:', 'http://a?', 'a\\', 'x'])
    rewriteLine(text.repeat(65_536 / text.length), ['jdoe'], pseudonyms([]))
  expect(performance.now() - begun).toBeLessThan(3000)
})

test('of a packet of a tunnel only the headers are shown, whatever the tunnel speaks', () => {
  const secret = ascii('CN=jdoe')
  const esp = ip(ENDS, 50, concat(filler(8, 3), secret))
  const cases = [
    [udpPacket({ ...ENDS, destinationPort: 500 }, secret), 28],
    [udpPacket({ ...SIX, destinationPort: 51_820 }, secret), 48],
    [tcpPacket(ENDS, { payload: secret }), 40],
    [esp, 28],
    [ip(ENDS, 47, secret), 20],
  ] as const
  for (const [packet, length] of cases) {
    const names = pseudonyms(['10.1.4.31', SIX.source], ['198.51.100.9', SIX.destination])
    const shown = rewriteFrame(packet, RAW, names, 'headers')
    if (length === 20) expect(shown).toBeUndefined()
    else {
      expect(shown).toHaveLength(length)
      expect(Buffer.from(shown!).includes(Buffer.from(packet.subarray(12, 16)))).toBe(false)
      expect(Buffer.from(shown!).includes('jdoe')).toBe(false)
    }
  }
  // Whole, what is behind the headers of ESP may be in clear.
  expect(rewriteFrame(esp, RAW, pseudonyms(['10.1.4.31']))).toBeUndefined()
})
