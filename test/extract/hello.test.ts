import { describe, expect, test } from 'vitest'
import { ClientHello } from '../../src/extract/tls.ts'
import {
  clientHello,
  concat,
  dtlsFragment,
  dtlsRecord,
  filler,
  quicCrypto,
  quicInitial,
  tcpPacket,
  tlsRecords,
  udpPacket,
  uint16,
} from '../build/index.ts'
import { ENDS, type Extraction, extract } from './drive.ts'
import {
  alpnOf,
  datagramHelloOf,
  type Extension,
  type HelloParts,
  helloOf,
  serverNameOf,
  versionsOf,
} from './hellos.ts'

const NAME = 'web.palaver.example'
const SESSION = filler(32, 7)
const NEW: Extension = versionsOf(0x0a0a, 0x0304, 0x0303)
/** Extensions that hold no name: pre_shared_key, session_ticket, and what drafts of ECH had for the name. */
const SHARED: Extension = [41, filler(60, 1)]
const TICKET: Extension = [35, filler(60, 2)]
const EMPTY_TICKET: Extension = [35, []]
const ENCRYPTED_NAME: Extension = [0xffce, filler(60, 3)]

function overTls(parts: HelloParts, destinationPort = 443): Extraction {
  const payload = tlsRecords(22, helloOf(parts))
  return extract([tcpPacket({ ...ENDS, destinationPort }, { sequence: 1, payload })])
}

function overQuic(parts: HelloParts, destinationPort = 443): Extraction {
  const ids = { destination: [1, 2, 3, 4, 5, 6, 7, 8], size: 1200 }
  return extract([udpPacket({ ...ENDS, destinationPort }, quicInitial(ids, quicCrypto(helloOf(parts))))])
}

function overDtls(parts: HelloParts, destinationPort = 443): Extraction {
  return extract([udpPacket({ ...ENDS, destinationPort }, dtlsRecord([dtlsFragment(datagramHelloOf(parts))]))])
}

describe('a hello without a name', () => {
  test.each<[string, string, HelloParts]>([
    ['without_name', 'a first one of TLS 1.2', { extensions: [EMPTY_TICKET] }],
    ['without_name', 'a first one of TLS 1.0', { version: 0x0301 }],
    ['without_name', 'of TLS 1.3 with a session that means nothing', { sessionId: SESSION, extensions: [NEW] }],
    ['resumed_without_name', 'with the session of TLS 1.2', { sessionId: SESSION }],
    [
      'resumed_without_name',
      'with the session of TLS 1.2, versions said',
      {
        sessionId: SESSION,
        extensions: [versionsOf(0x0303, 0x0302)],
      },
    ],
    ['resumed_without_name', 'with a ticket', { extensions: [TICKET] }],
    ['resumed_without_name', 'with a key shared before', { sessionId: SESSION, extensions: [NEW, SHARED] }],
    ['encrypted_name', 'that is encrypted', { sessionId: SESSION, extensions: [NEW, ENCRYPTED_NAME, SHARED] }],
  ])('is counted as client_hello_%s: %s', (reason, _, parts) => {
    for (const extraction of [overTls(parts), overQuic(parts)]) {
      expect(extraction.observed).toEqual([])
      expect(extraction.counts).toEqual({ [`client_hello_${reason}`]: 1 })
    }
  })

  test.each<[string, HelloParts]>([
    ['without_name', { extensions: [versionsOf(0xfefc, 0xfefd)], sessionId: SESSION.subarray(0, 8) }],
    ['resumed_without_name', { sessionId: SESSION.subarray(0, 8) }],
    ['resumed_without_name', { version: 0xfeff, sessionId: SESSION.subarray(0, 8) }],
  ])('over DTLS is counted as client_hello_%s', (reason, parts) => {
    expect(overDtls(parts)).toMatchObject({ observed: [], counts: { [`client_hello_${reason}`]: 1 } })
  })

  test('of which a part is missing does not say that it goes on with a session', () => {
    const bytes = tlsRecords(22, helloOf({ sessionId: SESSION, extensions: [TICKET, [21, filler(400, 1)], NEW] }))
    expect(extract([tcpPacket(ENDS, { sequence: 1, payload: bytes.subarray(0, 300) })]).counts).toEqual({
      client_hello_incomplete: 1,
      client_hello_without_name: 1,
    })
  })
})

describe('what a hello says beside its name', () => {
  test('is its protocols and its fingerprint, over TLS, QUIC and DTLS', () => {
    const extensions = [serverNameOf(NAME), alpnOf('h2', 'http/1.1')]
    const expected = { name: NAME, alpn: ['h2', 'http/1.1'] }
    expect(overTls({ extensions }).observed).toMatchObject([
      { ...expected, means: 'tls-sni', ja4: 't12d0102h2_0f2cb44170f4_000000000000' },
    ])
    expect(overQuic({ extensions }).observed).toMatchObject([
      { ...expected, means: 'quic-sni', ja4: 'q12d0102h2_0f2cb44170f4_000000000000' },
    ])
    expect(overDtls({ extensions }).observed).toMatchObject([
      { ...expected, means: 'dtls-sni', ja4: 'dd2d0102h2_0f2cb44170f4_000000000000' },
    ])
  })

  test('is nothing where a part of it is missing, or its fields do not fit into each other', () => {
    const message = helloOf({ extensions: [serverNameOf(NAME), alpnOf('h2')] })
    const damaged = message.slice()
    damaged[damaged.length - 6] = 99
    const records = tlsRecords(22, message)
    for (const payload of [records.subarray(0, records.length - 1), tlsRecords(22, damaged)]) {
      const { observed } = extract([tcpPacket(ENDS, { sequence: 1, payload })])
      expect(observed).toMatchObject([{ means: 'tls-sni', name: NAME }])
      expect(observed[0]).not.toHaveProperty('ja4')
      expect(observed[0]).not.toHaveProperty('alpn')
    }
  })
})

describe('encrypted DNS', () => {
  const named = [serverNameOf('dns.palaver.example')]

  test.each<[string, Extraction, string]>([
    ['by the port of TLS', overTls({ extensions: named }, 853), 'dns-over-tls'],
    ['by its protocol on any port', overTls({ extensions: [...named, alpnOf('dot')] }), 'dns-over-tls'],
    ['by its protocol over QUIC', overQuic({ extensions: [...named, alpnOf('h3', 'doq')] }), 'dns-over-quic'],
    ['by the protocol of a draft', overQuic({ extensions: [...named, alpnOf('doq-i02')] }, 784), 'dns-over-quic'],
    ['by the port over QUIC', overQuic({ extensions: named }, 853), 'dns-over-quic'],
  ])('is said of a name: %s', (_, { observed, counts }, protocol) => {
    expect(observed).toMatchObject([{ name: 'dns.palaver.example', protocol }])
    expect(observed[0]!.means).toMatch(/^(tls|quic)-sni$/)
    expect(observed[0]).not.toHaveProperty('certainty')
    expect(counts).toEqual({})
  })

  test.each<[string, Extraction, string, string]>([
    ['by the port of TLS', overTls({}, 853), 'dns-over-tls', 'probable'],
    ['by its protocol', overTls({ extensions: [alpnOf('dot')] }), 'dns-over-tls', 'confirmed'],
    ['by the port over QUIC', overQuic({}, 853), 'dns-over-quic', 'probable'],
    ['by its protocol over QUIC', overQuic({ extensions: [alpnOf('doq')] }, 8853), 'dns-over-quic', 'confirmed'],
  ])('is observed without a name: %s', (_, { observed, counts }, protocol, certainty) => {
    expect(observed).toMatchObject([
      { means: 'payload', protocol, certainty, client: '10.0.0.5', serverPort: expect.any(Number) },
    ])
    expect(observed[0]).not.toHaveProperty('name')
    expect(counts).toEqual({})
  })

  test.each<[string, Extraction]>([
    ['for another protocol', overTls({ extensions: [alpnOf('h2', 'do', 'dotty', 'xdot')] })],
    ['for that of QUIC over TLS', overTls({ extensions: [alpnOf('doq')] })],
    ['for that of TLS over QUIC', overQuic({ extensions: [alpnOf('dot', 'doqx')] })],
    ['for DTLS', overDtls({ extensions: [alpnOf('dot')] }, 853)],
    ['for a list that ends early', overTls({ extensions: [[16, concat(uint16(4), [9], Buffer.from('dot'))]] })],
  ])('is not taken %s', (_, { observed, counts }) => {
    expect(observed).toEqual([])
    expect(counts).toEqual({ client_hello_without_name: 1 })
  })
})

describe('the configuration of an Encrypted Client Hello', () => {
  const configOf = (message: Uint8Array) => {
    const hello = new ClientHello()
    hello.setMessage(message, 4, message.length, 'tls')
    hello.read()
    return { encrypted: hello.encrypted, echConfigId: hello.echConfigId }
  }
  /** Its type, a key derivation and a cipher, the configuration, a key and what is encrypted (RFC 9849 §5). */
  const outer = concat([0], uint16(1), uint16(1), [77], uint16(32), filler(32, 1), uint16(9), filler(9, 2))

  test('is that of the outer one', () => {
    expect(configOf(helloOf({ extensions: [[0xfe0d, outer]] }))).toEqual({ encrypted: true, echConfigId: 77 })
    const built = configOf(clientHello({ serverName: NAME, encryptedHello: true, seed: 3 }))
    expect(built).toEqual({ encrypted: true, echConfigId: filler(1, 10)[0] })
  })

  test('is none without one, in an inner one and in one that is cut', () => {
    expect(configOf(helloOf({ extensions: [NEW] }))).toEqual({ encrypted: false, echConfigId: -1 })
    expect(configOf(helloOf({ extensions: [[0xfe0d, [1]]] }))).toEqual({ encrypted: true, echConfigId: -1 })
    expect(configOf(helloOf({ extensions: [[0xfe0d, outer.subarray(0, 5)]] }))).toEqual({
      encrypted: true,
      echConfigId: -1,
    })
  })
})
