import { describe, expect, test } from 'vitest'
import { Chunks } from '../../../src/base/chunks.ts'
import { Classifier } from '../../../src/classify/classifier.ts'
import { UnmatchedNames } from '../../../src/classify/unmatched-names.ts'
import type { LogFormat, NameFilter } from '../../../src/model/reader.ts'
import { readInput } from '../../../src/pipeline.ts'
import { squidCommon } from '../../../src/read/log/formats/squid-common.ts'
import { squidNative } from '../../../src/read/log/formats/squid-native.ts'
import { zeekDns } from '../../../src/read/log/formats/zeek-dns.ts'
import { zeekSsl } from '../../../src/read/log/formats/zeek-ssl.ts'
import { observationRecord } from '../../../src/report/observation.ts'
import { bytesStream } from '../../build/index.ts'
import { made } from '../../classify/made.ts'
import { fc } from '../../property.ts'

const classifier = new Classifier({ signatures: [made('a', 'suffix a.example', 'exact www.b.example')] })

/** What is known of names changes nothing in what is said of them, so all logs share it. */
const names = new UnmatchedNames(classifier)
let passedLines = 0
const scan = names.scan!
const pass = scan.pass.bind(scan)
scan.pass = (...args) => {
  pass(...args)
  passedLines += scan.passed
}

/** What a log gives, lines included; `passing` where lines may be passed over many at a time. */
async function read(bytes: Uint8Array, format: LogFormat, passing: boolean, step = bytes.length, size = 1 << 20) {
  const before = passedLines
  const unmatched: NameFilter = passing
    ? names
    : { has: names.has.bind(names), hasServer: names.hasServer.bind(names), scan: undefined }
  const observed: unknown[] = []
  const chunks = new Chunks(bytesStream(bytes, step), size)
  const summary = await readInput(chunks, format, {
    observe: (one) => observed.push(observationRecord(one, '', 'line')),
    unmatched,
  })
  const { records, skipped, bad, changes, oddities, damage } = summary
  return {
    read: { observed, records, skipped, bad: [...bad], changes, oddities: oddities.entries(), damage },
    passed: passedLines - before,
  }
}

const HOSTS = [
  'www.example.org',
  'cdn-7.example.net',
  'x.a.example',
  'www.b.example',
  '192.0.2.7',
  'login_1.Example.COM',
  'ab',
]
const host = fc.oneof(fc.constantFrom(...HOSTS), fc.stringMatching(/^[a-z0-9.-]{1,70}\.example$/))
const NATIVE = fc
  .tuple(
    host,
    fc.integer({ min: 0, max: 99_999 }),
    fc.constantFrom('TCP_TUNNEL/200', 'UDP_HIT/000', 'TCP_MISS/200', 'NONE/400'),
    fc.boolean(),
  )
  .map(([name, elapsed, status, tunnel]) => {
    const target = tunnel ? `CONNECT ${name}:443` : `GET http://${name}/a?b=https://www.b.example/`
    return `1754300000.015 ${String(elapsed).padStart(6)} 10.0.12.201 ${status} 629 ${target} - HIER_DIRECT/192.0.2.1 -`
  })
const COMMON = fc.tuple(host, fc.boolean()).map(([name, tunnel]) => {
  const target = tunnel ? `CONNECT ${name}:443` : `GET http://${name}/`
  return `10.0.0.1 - - [21/Nov/2026:10:00:00 +0000] "${target} HTTP/1.1" 200 629 TCP_MISS:HIER_DIRECT`
})
const DNS_FIELDS = [
  'ts',
  'uid',
  'id.orig_h',
  'id.orig_p',
  'id.resp_h',
  'id.resp_p',
  'proto',
  'trans_id',
  'query',
  'qtype_name',
  'rcode_name',
  'answers',
]
const DNS = fc.tuple(host, fc.boolean()).map(([name, last]) => {
  const cells = ['1754300000.015', 'C1', '10.0.0.1', '4000', '10.0.0.2', '53', 'udp', '7', name, 'A', 'NOERROR', '-']
  return (last ? cells : cells.slice(0, 9)).join('\t')
})
const DNS_HEADER = ['#separator \\x09', '#path\tdns', `#fields\t${DNS_FIELDS.join('\t')}`]
const TURNED = ['#separator \\x09', '#path\tdns', `#fields\t${[...DNS_FIELDS].reverse().join('\t')}`]
const SSL_FIELDS = ['ts', 'uid', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p', 'server_name', 'cipher']
const SSL = host.map((name) => `1754300000.015\tC1\t10.0.0.1\t4000\t10.0.0.2\t443\t${name}\t-`)
const SSL_HEADER = ['#separator \\x09', '#path\tssl', `#fields\t${SSL_FIELDS.join('\t')}`]

/** What a log may hold between its lines: nothing, the lines of others, broken ones, headers that change. */
const ODD = fc.constantFrom(
  '',
  '\r',
  ' ',
  '#close',
  '{"a":1}',
  'no such line',
  '\0\0\0',
  'CONNECT ',
  ...TURNED,
  ...SSL_HEADER,
  'x'.repeat(300),
)

describe.each<[string, LogFormat, readonly string[], fc.Arbitrary<string>]>([
  ['native', squidNative, [], NATIVE],
  ['common', squidCommon, [], COMMON],
  ['Zeek dns', zeekDns, DNS_HEADER, DNS],
  ['Zeek ssl', zeekSsl, SSL_HEADER, SSL],
])('lines of %s that are passed over many at a time', (_, format, header, line) => {
  const log = fc
    .tuple(
      fc.array(fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: ODD }), {
        minLength: 5,
        maxLength: 60,
      }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
    )
    .map(([lines, end, whole]) => [...header, ...lines, ...lines].join(end) + (whole ? end : ''))

  test('count and give what they do one by one, whatever the reads and the window', async () => {
    let passed = 0
    await fc.assert(
      fc.asyncProperty(
        log,
        fc.constantFrom(7, 900, 4000, 100_000),
        fc.constantFrom(2048, 5000, 1 << 20),
        async (text, step, size) => {
          const bytes = Buffer.from(text, 'latin1')
          const fast = await read(bytes, format, true, step, size)
          passed += fast.passed
          expect(fast.read).toEqual((await read(bytes, format, false)).read)
        },
      ),
      { numRuns: 80 },
    )
    expect(passed).toBeGreaterThan(200)
  })

  test('count and give what they do one by one, whatever bytes are in them', async () => {
    const changes = fc.array(
      fc.tuple(fc.nat(), fc.constantFrom(0x0a, 0x20, 0x09, 0x22, 0x3a, 0x2f, 0x55, 0x00, 0xff)),
      { maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(log, changes, async (text, changed) => {
        const bytes = Buffer.from(text, 'latin1')
        if (bytes.length > 0) for (const [at, byte] of changed) bytes[at % bytes.length] = byte
        expect((await read(bytes, format, true)).read).toEqual((await read(bytes, format, false)).read)
      }),
      { numRuns: 100 },
    )
  })
})

test('a line longer than a record is not passed over, and is counted', async () => {
  const [long] = fc.sample(NATIVE, 1)
  const line = '1754300000.015 1 10.0.12.201 TCP_MISS/200 629 GET http://www.example.org/ - HIER_DIRECT/192.0.2.1 -'
  const bytes = Buffer.from([line, `${line}${'y'.repeat(300_000)}`, line, long, ''].join('\n'), 'latin1')
  const fast = await read(bytes, squidNative, true)
  expect(fast.read.oddities).toContainEqual(['line_too_long', 1])
  expect(fast.read).toEqual((await read(bytes, squidNative, false)).read)
})

test('where no memory can be had for it, lines are read one by one', () => {
  const { Memory } = WebAssembly
  try {
    WebAssembly.Memory = class {
      constructor() {
        throw new RangeError('could not allocate memory')
      }
    } as unknown as typeof Memory
    const slow = new UnmatchedNames(classifier)
    expect(slow.scan).toBeUndefined()
    const bytes = Buffer.from('www.example.org')
    expect(slow.has(bytes, 0, bytes.length)).toBe(true)
    expect(slow.has(bytes, 0, bytes.length)).toBe(true)
  } finally {
    WebAssembly.Memory = Memory
  }
})
