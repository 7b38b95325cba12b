import { describe, expect, test } from 'vitest'
import { ascii, concat, httpRequest } from '../build/index.ts'
import { ENDS, Extraction, extract, segment, segments, syn } from './drive.ts'

const named = ({ observed }: Extraction) => observed.map(({ means, name }) => `${means} ${name}`)
const request = (text: string) => {
  const bytes = ascii(text.replaceAll('\n', '\r\n'))
  return extract([segment(bytes, 0, bytes.length)])
}

describe('an HTTP request', () => {
  test('is an observation of its client, server and frame', () => {
    const bytes = httpRequest({ host: 'www.example.org', target: '/private?path' })
    expect(extract([syn(), segment(bytes, 0, bytes.length)]).observed).toEqual([
      {
        time: '1970-01-01T00:00:00.002000Z',
        means: 'http-host',
        name: 'www.example.org',
        client: '10.0.0.5',
        clientPort: 51234,
        server: '198.51.100.7',
        serverPort: 443,
        transport: 'tcp',
        input: 'test',
        frame: 2,
      },
    ])
  })

  test.each([
    ['a port', 'GET / HTTP/1.1\nHost: a.example:8080\n\n', 'http-host a.example'],
    ['an IPv4 address', 'GET / HTTP/1.1\nHost: 192.0.2.1:80\n\n', 'http-host 192.0.2.1'],
    ['an IPv6 address', 'GET / HTTP/1.1\nHost: [2001:db8::1]:80\n\n', 'http-host 2001:db8::1'],
    ['capitals and a last dot', 'GET / HTTP/1.1\nHOST: A.Example.\n\n', 'http-host a.example'],
    ['blanks around it, or none', 'GET / HTTP/1.0\nhost:\t a.example \t\n\n', 'http-host a.example'],
    ['other fields before it', 'POST /x HTTP/1.1\nA: b\nX-Host: c\nHost: a.example\n\n', 'http-host a.example'],
    ['its value folded into the next line', 'GET / HTTP/1.1\nHost:\n a.example\nA: b\n\n', 'http-host a.example'],
    [
      'a second Host, which does not count',
      'GET / HTTP/1.1\nHost: a.example\nHost: b.example\n\n',
      'http-host a.example',
    ],
    ['a path and a user that do not belong there', 'GET / HTTP/1.1\nHost: me@a.example/x\n\n', 'http-host a.example'],
    ['spaces in the target', 'GET /a b c HTTP/1.1\nHost: a.example\n\n', 'http-host a.example'],
    ['a method of its own', 'BITS_POST / HTTP/1.1\nHost: a.example\n\n', 'http-host a.example'],
    ['a target for the whole server', 'OPTIONS * HTTP/1.1\nHost: a.example\n\n', 'http-host a.example'],
    ['a URL for a proxy', 'GET http://me:pw@a.example:80/x?y#z HTTP/1.1\nHost: b\n\n', 'http-url a.example'],
    ['a URL that Host repeats', 'GET http://A.example/x HTTP/1.1\nHost: a.example\n\n', 'http-host a.example'],
    ['a URL of which Host is a part', 'GET http://a.example.b/x HTTP/1.1\nHost: a.example\n\n', 'http-url a.example.b'],
    ['a URL of a bare query', 'GET http://a.example?x HTTP/1.1\n\n', 'http-url a.example'],
    ['CONNECT', 'CONNECT a.example:443 HTTP/1.1\nHost: b.example\n\n', 'http-connect a.example'],
    ['CONNECT to an IPv6 address', 'CONNECT [2001:db8::1]:443 HTTP/1.1\n\n', 'http-connect 2001:db8::1'],
    ['an upgrade to WebSocket', 'GET /ws HTTP/1.1\nHost: a.example\nUpgrade: websocket\n\n', 'http-host a.example'],
    ['bytes that no host has', 'GET / HTTP/1.1\nHost: a\u00ff b\n\n', 'http-host a\\255\\032b'],
  ])('with %s', (_, text, expected) => {
    const extraction = request(text)
    expect(named(extraction)).toEqual([expected])
    expect(extraction.counts).toEqual({})
  })

  test('whose lines end in LF alone is read', () => {
    const bytes = ascii('GET / HTTP/1.1\nHost: a.example\n\n')
    expect(named(extract([segment(bytes, 0, bytes.length)]))).toEqual(['http-host a.example'])
  })

  test.each([
    ['no Host', 'GET / HTTP/1.0\n\n'],
    ['an empty Host', 'GET / HTTP/1.1\nHost:\nA: b\n\n'],
    ['a Host with a port only', 'GET / HTTP/1.1\nHost: :80\n\n'],
    ['an IPv6 address without an end', 'GET / HTTP/1.1\nHost: [::1\n\n'],
    ['a Host too long for any', `GET / HTTP/1.1\nHost: ${'x'.repeat(256)}\n\n`],
  ])('with %s is counted', (_, text) => {
    expect(request(text)).toMatchObject({ observed: [], counts: { http_request_without_host: 1 } })
  })

  test.each([
    ['RTSP', 'OPTIONS rtsp://a.example/x RTSP/1.0\nHost: a.example\n\n'],
    ['SIP', 'INVITE sip:a@b.example SIP/2.0\nHost: a.example\n\n'],
    ['an answer', 'HTTP/1.1 200 OK\nHost: a.example\n\n'],
    ['lower case', 'get / HTTP/1.1\nHost: a.example\n\n'],
    ['text', 'THE quick brown fox\nHost: a.example\n\n'],
    ['a method without a target', 'GET HTTP/1.1\nHost: a.example\n\n'],
    ['the rest of a method', 'ONNECT a.example:443 HTTP/1.1\nHost: a.example\n\n'],
  ])('is not %s', (_, text) => {
    expect(request(text)).toMatchObject({ observed: [], counts: {} })
  })

  test('that breaks off within a name does not give a part of it', () => {
    const { observed, counts } = request('GET / HTTP/1.1\nHost: a.exam')
    expect(observed).toEqual([])
    expect(counts).toEqual({ http_header_incomplete: 1, http_request_without_host: 1 })
  })

  test('that breaks off behind its Host names it', () => {
    const extraction = request('GET / HTTP/1.1\nHost: a.example\nCookie: x')
    expect(named(extraction)).toEqual(['http-host a.example'])
    expect(extraction.counts).toEqual({ http_header_incomplete: 1 })
  })
})

describe('several requests of one connection', () => {
  const first = httpRequest({ host: 'a.example' })
  const second = httpRequest({ host: 'b.example' })
  const stream = concat(first, second, first)

  test('behind one another in one segment, or cut anywhere, are each read', () => {
    expect(named(extract([segment(stream, 0, stream.length)]))).toEqual(['http-host a.example', 'http-host b.example'])
    for (let cut = 1; cut < stream.length; cut++) {
      const names = named(extract([syn(), ...segments(stream, [cut])]))
      expect(names, `cut at ${cut}`).toEqual(['http-host a.example', 'http-host b.example'])
    }
  })

  test('for the same host are one observation in each minute', () => {
    const extraction = new Extraction()
    for (let i = 0; i < 9; i++) {
      extraction.packet({ bytes: segment(first, 0, first.length, 1000 + i * first.length), time: i * 20_000_000 })
    }
    expect(extraction.observed.map(({ time }) => time)).toEqual([
      '1970-01-01T00:00:00.000000Z',
      '1970-01-01T00:01:00.000000Z',
      '1970-01-01T00:02:00.000000Z',
    ])
  })

  test('of two connections are two observations', () => {
    const other = { ...ENDS, sourcePort: 51235 }
    const packets = [segment(first, 0, first.length), segment(first, 0, first.length, 1, other)]
    expect(extract(packets).observed).toHaveLength(2)
  })

  test('are not looked for in a body', () => {
    const length = `Content-Length: ${second.length}`
    for (const fields of [[length], ['transfer-encoding: chunked']]) {
      const post = httpRequest({
        method: 'POST',
        host: 'a.example',
        fields,
        body: Buffer.from(second).toString('latin1'),
      })
      expect(named(extract([syn(), segment(post, 0, post.length)]))).toEqual(['http-host a.example'])
    }
  })
})
