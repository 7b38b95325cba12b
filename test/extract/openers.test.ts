import { describe, expect, test } from 'vitest'
import { DnsOpener } from '../../src/extract/openers/dns.ts'
import { streamOpeners } from '../../src/extract/openers/index.ts'
import {
  applicationData,
  clientHelloRecords,
  concat,
  dnsMessage,
  dnsOverTcp,
  dnsQuery,
  FTP,
  http2Request,
  httpRequest,
  IMAP,
  LDAP,
  MYSQL,
  POP3,
  POSTGRES,
  proxyHeader,
  proxyLine,
  random,
  rdpRequest,
  SMTP,
  socks4,
  socks5,
  ssl2Hello,
  XMPP,
} from '../build/index.ts'
import { fc } from '../property.ts'
import { mutated } from '../robustness/mutate.ts'
import { ENDS, Extraction, extract, segment, segments, syn } from './drive.ts'

const NAME = 'chat.signal.org'
const hello = clientHelloRecords({ serverName: NAME, postQuantum: false })
const sni = `tls-sni ${NAME}`
const connect = httpRequest({ method: 'CONNECT', target: `${NAME}:443`, host: `${NAME}:443` })
const get = httpRequest({ host: 'www.example.org' })
const login = { user: 'someone', password: 'secret' }

/** A client's whole stream, and what it names. */
const streams: readonly (readonly [title: string, bytes: Uint8Array, names: readonly string[]])[] = [
  ['TLS', concat(hello, applicationData(100, 1)), [sni]],
  ['SSL 2.0', ssl2Hello(), []],
  ['HTTP', get, ['http-host www.example.org']],
  [
    'HTTP through a proxy',
    httpRequest({ target: 'http://a.example/x?y=z', host: 'b.example' }),
    ['http-url a.example'],
  ],
  ['HTTP/2', http2Request('h2.example.org:8080'), ['http-host h2.example.org']],
  ['TLS behind CONNECT', concat(connect, hello), [`http-connect ${NAME}`, sni]],
  ['HTTP behind CONNECT', concat(connect, get), [`http-connect ${NAME}`, 'http-host www.example.org']],
  ['TLS behind SOCKS 4', concat(socks4('198.51.100.9', 443, 'someone'), hello), [sni]],
  ['TLS behind SOCKS 4a', concat(socks4(NAME, 443, 'someone'), hello), [`http-connect ${NAME}`, sni]],
  ['TLS behind SOCKS 5', concat(socks5(NAME, 443), hello), [`http-connect ${NAME}`, sni]],
  ['TLS behind SOCKS 5 with a login', concat(socks5(NAME, 443, login), hello), [`http-connect ${NAME}`, sni]],
  ['TLS behind SOCKS 5 to an IPv4 address', concat(socks5('198.51.100.9', 443), hello), [sni]],
  ['TLS behind SOCKS 5 to an IPv6 address', concat(socks5('2001:db8::9', 443), hello), [sni]],
  ['TLS behind PROXY 1', concat(proxyLine(), hello), [sni]],
  ['HTTP behind PROXY 2', concat(proxyHeader(), get), ['http-host www.example.org']],
  ['TLS behind SMTP', concat(SMTP, hello), [sni]],
  ['TLS behind IMAP', concat(IMAP, hello), [sni]],
  ['TLS behind POP3', concat(POP3, hello), [sni]],
  ['TLS behind FTP', concat(FTP, hello), [sni]],
  ['TLS behind XMPP', concat(XMPP, hello), ['payload example.org', sni]],
  ['TLS behind LDAP', concat(LDAP, hello), [sni]],
  ['TLS behind PostgreSQL', concat(POSTGRES, hello), [sni]],
  ['TLS behind MySQL', concat(MYSQL, hello), [sni]],
  ['TLS behind RDP', concat(rdpRequest('someone'), hello), [sni]],
  [
    'DNS on another port',
    concat(...['a.example', 'b.example'].map((name) => dnsOverTcp(dnsQuery(name)))),
    ['dns-query a.example', 'dns-query b.example'],
  ],
]

const named = ({ observed }: Extraction) => observed.map(({ means, name }) => `${means} ${name}`)

/** It names nothing, which is said. */
const counted = (names: readonly string[]) => (names.length > 0 ? {} : { client_hello_without_name: 1 })

describe.each(streams)('%s', (_, bytes, names) => {
  test('in one segment is read, with a SYN and without', () => {
    for (const packets of [[syn()], []]) {
      const extraction = extract([...packets, segment(bytes, 0, bytes.length)])
      expect(named(extraction)).toEqual(names)
      expect(extraction.counts).toEqual(counted(names))
    }
  })

  test('is read on any port', () => {
    for (const destinationPort of [53, 80, 5353, 49152]) {
      const ends = { ...ENDS, destinationPort }
      expect(named(extract([syn(1, ends), segment(bytes, 0, bytes.length, 1, ends)]))).toEqual(names)
    }
  })

  test('cut in two anywhere is read, in either order', () => {
    for (let cut = 1; cut < bytes.length; cut++) {
      const pieces = segments(bytes, [cut])
      for (const order of [pieces, pieces.toReversed()]) {
        const extraction = extract([syn(), ...order])
        expect(named(extraction), `cut at ${cut}`).toEqual(names)
        expect(extraction.counts, `cut at ${cut}`).toEqual(counted(names))
      }
    }
  })

  test('byte by byte is read', () => {
    const cuts = Array.from({ length: bytes.length - 1 }, (_, i) => i + 1)
    expect(named(extract([syn(), ...segments(bytes, cuts)]))).toEqual(names)
  })

  test('that ends anywhere names nothing else', () => {
    for (let end = 0; end < bytes.length; end++) {
      const found = named(extract([syn(), segment(bytes, 0, end)]))
      expect(found, `end ${end}`).toEqual(names.slice(0, found.length))
      const { length } = bytes
      const snapped = new Extraction().packet({ bytes: syn() })
      const whole = segment(bytes, 0, length)
      snapped.packet({ bytes: whole.subarray(0, whole.length - length + end), wireLength: whole.length })
      expect(named(snapped), `cut at ${end}`).toEqual(names.slice(0, named(snapped).length))
    }
  })

  test('in any pieces, in any order, any number of times, is read once', () => {
    const scene = fc.record({
      cuts: fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 8 }),
      repeated: fc.array(fc.nat(20), { maxLength: 4 }),
      base: fc.oneof(fc.nat(0xffffffff), fc.integer({ min: 0xfffffe00, max: 0xffffffff })),
      ranks: fc.array(fc.nat(), { minLength: 16, maxLength: 16 }),
    })
    fc.assert(
      fc.property(scene, ({ cuts, repeated, base, ranks }) => {
        const pieces = segments(
          bytes,
          cuts.sort((a, b) => a - b),
          base,
        )
        const shuffled = [...pieces, ...repeated.map((i) => pieces[i % pieces.length]!)]
          .map((packet, i) => ({ packet, rank: ranks[i]! }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ packet }) => packet)
        expect(named(extract([syn(base), ...shuffled]))).toEqual(names)
      }),
      { numRuns: 100 },
    )
  })
})

test('openers say the same of what was cut, whatever stands behind it', () => {
  const openers = [new DnsOpener(), ...streamOpeners()]
  for (const [title, bytes] of streams) {
    for (let number = 0; number < 5; number++) {
      const whole = number === 0 ? bytes : mutated(bytes, random(number))
      for (let end = 1; end < Math.min(whole.length, 150); end++) {
        for (const opener of openers) {
          const state = opener.find(whole, 0, end, 0)
          const next = opener.next
          expect(opener.find(whole.slice(0, end), 0, end, 0), `${title}, case ${number}, end ${end}`).toBe(state)
          if (state !== 'whole') continue
          expect(opener.next).toBe(next)
          expect(next).toBeGreaterThan(0)
          expect(next).toBeLessThanOrEqual(end)
        }
      }
    }
  }
})

describe('DNS by content', () => {
  const ends = { ...ENDS, destinationPort: 8053 }
  const answer = dnsOverTcp(
    dnsMessage({
      response: true,
      questions: [{ name: NAME, type: 'A' }],
      answers: [{ name: NAME, type: 'A', data: '198.51.100.7' }],
    }),
  )

  test('is an answer of the server, whose client asked', () => {
    const back = { ...ENDS, sourcePort: 8053, source: ENDS.destination, destination: ENDS.source }
    const { observed } = extract([segment(answer, 0, answer.length, 1, { ...back, destinationPort: 50_000 })])
    expect(observed).toMatchObject([{ means: 'dns-answer', name: NAME, client: ENDS.source, serverPort: 8053 }])
  })

  test.each([
    ['two questions', dnsMessage({ questions: ['a.example', 'b.example'].map((name) => ({ name, type: 'A' })) })],
    ['an odd name', dnsQuery('a b.example')],
    ['bytes behind a question', concat(dnsQuery(NAME), [0])],
  ])('is not what has %s', (_, message) => {
    const stream = dnsOverTcp(message)
    expect(extract([syn(1, ends), segment(stream, 0, stream.length, 1, ends)]).observed).toEqual([])
  })
})

describe('in the middle of a connection', () => {
  test.each([
    ['a request', get, ['http-host www.example.org']],
    ['STARTTLS, and a hello in two pieces and the wrong order', concat(Buffer.from('STARTTLS\r\n'), hello), [sni]],
  ])('%s is read where a segment begins with it', (_, bytes, names) => {
    const [first, ...rest] = segments(bytes, names[0] === sni ? [10, 100] : [])
    expect(named(extract([first!, ...rest.reverse()]))).toEqual(names)
  })

  test('a few bytes open nothing', () => {
    expect(extract([segment(get, 0, 5), segment(get, 5, get.length)]).observed).toEqual([])
  })
})

describe('streams without an end', () => {
  test('a header of 16 MiB costs one header of 16 KiB', () => {
    const line = Buffer.from(`Cookie: ${'x'.repeat(1390)}\r\n`)
    const extraction = new Extraction().packet({ bytes: syn() })
    const head = Buffer.from('GET / HTTP/1.1\r\nHost: a.example\r\n')
    extraction.packet({ bytes: segment(head, 0, head.length) })
    for (let i = 0; i < 12_000; i++) {
      extraction.packet({ bytes: segment(line, 0, line.length, (1000 + head.length + i * line.length) >>> 0) })
    }
    expect(extraction.finish().names).toEqual(['a.example'])
    expect(extraction.counts).toEqual({ http_header_damaged: 1 })
  })

  test.each([
    ['a header', Buffer.from(`GET /${'x'.repeat(100_000)}`), ['http_header_damaged', 'http_request_without_host']],
    ['an offer of SOCKS', Buffer.concat([Buffer.from([5, 1, 2, 1, 255]), Buffer.alloc(100_000, 97)]), []],
    ['a line of text', Buffer.from(`EHLO ${'x'.repeat(100_000)}`), []],
    ['XML', Buffer.from(`<?xml ${'x'.repeat(100_000)}`), []],
    ['HTTP/2', Buffer.concat([http2Request('a.example').subarray(0, 24), Buffer.alloc(100_000)]), []],
  ])('%s in 100,000 tiny segments is given up in time', (_, bytes) => {
    const extraction = new Extraction().packet({ bytes: syn() })
    const start = performance.now()
    for (let i = 0; i < 100_000; i++) extraction.packet({ bytes: segment(bytes, i, i + 1) })
    extraction.finish()
    expect(extraction.observed).toEqual([])
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
