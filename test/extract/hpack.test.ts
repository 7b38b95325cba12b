import { once } from 'node:events'
import { connect } from 'node:http2'
import { Duplex } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { FirstAuthority } from '../../src/extract/hpack.ts'
import { decodeHuffman } from '../../src/extract/huffman.ts'
import { ascii, concat, HTTP2_PREFACE, http2Frame, random } from '../build/index.ts'
import { fc } from '../property.ts'
import { mutated } from '../robustness/mutate.ts'
import { extract, segment, syn } from './drive.ts'

function authority(block: Uint8Array): string | undefined {
  const found = new FirstAuthority()
  if (!found.find(block, 0, block.length)) return undefined
  return Buffer.from(found.text.subarray(0, found.length)).toString('latin1')
}

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')

/** What the HTTP/2 client of Node sends for one request. */
async function sent(host: string, fields: Record<string, string> = {}): Promise<Buffer> {
  const chunks: Buffer[] = []
  const duplex = new Duplex({
    read() {},
    write(chunk: Buffer, _, done) {
      chunks.push(chunk)
      done()
    },
  })
  const session = connect('http://a.example', { createConnection: () => duplex })
  session.on('error', () => {})
  const stream = session.request({ ':authority': host, ...fields })
  stream.on('error', () => {})
  stream.end()
  await once(session, 'connect')
  while (!chunks.some((chunk) => chunk.length > 9 && Buffer.concat(chunks).includes(Buffer.from([0x01, 0x05])))) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  session.destroy()
  return Buffer.concat(chunks)
}

describe('the authority of a header block', () => {
  test.each([
    ['a literal (RFC 7541 C.3.1)', '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d', 'www.example.com'],
    ['in Huffman code (C.4.1)', '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff', 'www.example.com'],
    ['never indexed', '82 11 03 612e62', 'a.b'],
    ['not indexed, its name a literal', '00 0a 3a617574686f72697479 03 612e62', 'a.b'],
    ['behind a change of the table and another field', '3f e1 1f 40 01 78 01 79 41 03 612e62', 'a.b'],
    ['without', '82 86 84', undefined],
    ['breaking off', '82 41 0f 7777', undefined],
    ['of a length that never ends', '41 ff ffffffffffff', undefined],
    ['with the end of string in it', '41 84 ffffffff', undefined],
    ['empty', '', undefined],
  ])('%s', (_, hex, expected) => {
    expect(authority(bytes(hex))).toBe(expected)
  })

  test('longer than any host is none', () => {
    const long = concat([0x41, 0x7f, 0x91, 0x03], ascii('x'.repeat(528)))
    expect(authority(long)).toBeUndefined()
  })

  test('is read of damaged blocks without reading behind them', () => {
    const whole = bytes('8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff')
    for (let number = 0; number < 2000; number++) {
      const block = mutated(whole, random(number))
      for (let end = 0; end <= block.length; end++) {
        const found = new FirstAuthority()
        const inside = found.find(block, 0, end)
        expect(inside ? found.length : -1).toBeLessThanOrEqual(263)
        expect(new FirstAuthority().find(block.slice(0, end), 0, end)).toBe(inside)
      }
    }
  })
})

describe('what the client of Node sends', () => {
  test.each(['www.example.org', 'a.b:8080', 'xn--bcher-kva.example', '0123456789-_~!$&()*+,;=.QWERTZ'])(
    '%s',
    async (host) => {
      const stream = await sent(host, { cookie: 'x'.repeat(500) })
      const { observed, counts } = extract([syn(), segment(stream, 0, stream.length)])
      expect(observed).toMatchObject([{ means: 'http-host', name: host.toLowerCase().replace(/:\d+$/, '') }])
      expect(counts).toEqual({})
    },
  )
})

describe('frames before the first request', () => {
  const block = concat([0x82, 0x86, 0x84, 0x41, 9], ascii('a.example'))
  const names = (...frames: Uint8Array[]) => {
    const stream = concat(HTTP2_PREFACE, ...frames)
    return extract([syn(), segment(stream, 0, stream.length)])
  }

  test('are skipped, and padding and priority too', () => {
    const update = http2Frame(8, 0, 0, [0, 1, 0, 0])
    const padded = http2Frame(1, 0x2d, 1, concat([3], [0, 0, 0, 0, 16], block, [0, 0, 0]))
    expect(names(http2Frame(4, 0, 0, []), update, padded).names).toEqual(['a.example'])
  })

  test('that are too many, or too large, are given up', () => {
    const large = http2Frame(0x20, 0, 0, new Uint8Array(16_000))
    expect(names(large, large, large).counts).toEqual({ http_request_without_host: 1 })
    expect(names(http2Frame(0x20, 0, 0, new Uint8Array(17_000))).counts).toEqual({ http_request_without_host: 1 })
  })
})

describe('Huffman code', () => {
  const into = new Uint8Array(64)

  test('that is padded with more than seven ones, or with zeros, is damaged', () => {
    expect(decodeHuffman(bytes('1f'), 0, 1, into)).toBe(1)
    expect(decodeHuffman(bytes('1fff'), 0, 2, into)).toBe(-1)
    expect(decodeHuffman(bytes('18'), 0, 1, into)).toBe(-1)
  })

  test('of anything ends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (code) => {
        expect(decodeHuffman(code, 0, code.length, into)).toBeLessThanOrEqual(64)
      }),
    )
  })
})
