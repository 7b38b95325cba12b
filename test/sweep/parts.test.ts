import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { beforeEach, describe, expect, test } from 'vitest'
import { Chunks } from '../../src/base/chunks.ts'
import { NO_POLICY } from '../../src/judge/no-policy.ts'
import { canReadParts } from '../../src/log-parts.ts'
import { detectFormat } from '../../src/read/detect.ts'
import { readInParts } from '../../src/sweep/parts.ts'
import { sweep } from '../../src/sweep/sweep.ts'
import { bytesStream, random } from '../build/index.ts'
import { made } from '../classify/made.ts'
import { dump } from '../store/dump.ts'
import { temporaryFolder, temporaryStore } from '../store/made.ts'

const SIGNATURES = { signatures: [made('app', 'suffix app.example'), made('other', 'exact www.b.example')], hash: 's1' }
const HOSTS = [
  'www.app.example',
  'www.b.example',
  'www.example.org',
  'cdn.example.net',
  'a.b.c.example.com',
  '192.0.2.9',
]

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})

/** What a sweep leaves in a store of its own, and what it says of the input. */
async function swept(log: string | Uint8Array, partSize: number) {
  const file = join(folder, 'input.log')
  writeFileSync(file, log)
  const store = temporaryStore({ identities: 'clear' })
  const [outcome] = await sweep([file], {
    store,
    signatures: SIGNATURES,
    policy: { ...NO_POLICY, exclusions: { cidrs: [], users: ['user03'] } },
    key: Buffer.alloc(32, 7),
    siteOf: () => '',
    standardInput: Readable.from([]),
    format: undefined,
    mapping: '',
    times: {},
    again: false,
    hash: false,
    partSize,
    progress: () => {},
    stopped: () => false,
  })
  if (outcome!.status !== 'read') throw new Error(outcome!.detail)
  const { summary, ...rest } = outcome!
  const told = { ...summary, oddities: summary?.oddities.entries(), bad: [...(summary?.bad ?? [])].sort() }
  return { facts: dump(store.file), told, rest: { ...rest, detail: '' } }
}

/** How a log is read where it is read in parts: `read`, or `whole` where they turn out to hang together. */
async function inParts(log: string, partSize: number) {
  const file = join(folder, 'input.log')
  writeFileSync(file, log)
  const head = Buffer.from(log.slice(0, 65_536))
  const format = await detectFormat(new Chunks(bytesStream(head)))
  expect(canReadParts(format!, head, {})).toBe(true)
  const range = { file, isFile: '', start: 0, end: Buffer.byteLength(log), lines: 0 }
  const request = { ...range, partSize, head, format: { name: format!.name }, options: {} }
  const rules = {
    signatures: SIGNATURES,
    policy: NO_POLICY,
    site: '',
    answers: undefined,
    key: Buffer.alloc(32, 7),
    clear: false,
    rotation: 'none' as const,
  }
  const listener = { facts: () => {}, progress: () => {}, stopped: () => false }
  return (await readInParts({ ...request, ...rules }, listener)).result
}

const WHOLE = Number.POSITIVE_INFINITY

/** Lines of a log by number, with what a reader stumbles over among them. */
function lines(count: number, line: (pick: (below: number) => number, i: number) => string): string[] {
  const next = random(11)
  return Array.from({ length: count }, (_, i) => line((below) => next() % below, i))
}

const SQUID = lines(3000, (pick, i) => {
  const time = (1_778_572_800 + i * 0.7).toFixed(3)
  if (pick(40) === 0) return pick(2) === 0 ? 'not a line of a log' : ''
  const host = HOSTS[pick(HOSTS.length)]
  const ending = pick(20) === 0 ? '\r' : ''
  return `${time} ${pick(9_000_000)} 10.1.${pick(4)}.${pick(200)} TCP_TUNNEL/200 ${pick(9999)} CONNECT ${host}:443 user0${pick(5)} HIER_DIRECT/198.51.100.9 -${ending}`
})

const DNS_FIELDS =
  '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tqtype\trcode\tRD\tTC\trejected\tanswers\tTTLs'
const DNS_HEADER = `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n${DNS_FIELDS}\n`
const DNS = lines(3000, (pick, i) => {
  const time = (1_778_572_800 + i * 0.7).toFixed(6)
  const host = HOSTS[pick(5)]
  return `${time}\tC${i}\t10.1.4.${pick(9)}\t5353${pick(10)}\t10.0.0.1\t53\tudp\t${host}\t1\t0\tT\tF\tF\t198.51.100.${pick(9)}\t${pick(600)}.000000`
})

const EVE = lines(2000, (pick, i) => {
  const time = new Date(1_778_572_800_000 + i * 700).toISOString().replace('Z', '+0000')
  const common = `"timestamp":"${time}","src_ip":"10.1.4.${pick(99)}","src_port":${40_000 + pick(999)},"dest_ip":"198.51.100.9","dest_port":443,"proto":"TCP"`
  return `{${common},"event_type":"tls","tls":{"sni":"${HOSTS[pick(5)]}","version":"TLS 1.3"}}`
})

const W3C_HEADER =
  '#Software: SGOS 7.3\n#Version: 1.0\n#Fields: date time time-taken c-ip cs-username cs-method cs-host cs-uri-port sc-status s-action sc-bytes cs-bytes\n'
const W3C = lines(2000, (pick, i) => {
  const [date, time] = new Date(1_778_572_800_000 + i * 700).toISOString().split(/[T.]/)
  return `${date} ${time} ${pick(4000)} 10.1.4.${pick(99)} user0${pick(5)} CONNECT ${HOSTS[pick(5)]} 443 200 TCP_TUNNELED ${pick(9999)} ${pick(999)}`
})

const text = (rows: readonly string[]) => `${rows.join('\n')}\n`

describe('a log that is read in parts', () => {
  test.each([
    ['of Squid', text(SQUID)],
    ['whose last line has no end', SQUID.join('\n')],
    [
      'with lines longer than a part',
      `${SQUID[0]}\n${'x'.repeat(30_000)}\n${text(SQUID.slice(0, 300))}${'y'.repeat(300_000)}\n${text(SQUID.slice(300))}`,
    ],
    ['with a header', DNS_HEADER + text(DNS)],
    ['whose header comes again', DNS_HEADER + text(DNS) + DNS_HEADER + text(DNS)],
    ['of JSON', text(EVE)],
    ['of JSON whose last line has no end', EVE.join('\n')],
    ['of the extended format', W3C_HEADER + text(W3C)],
  ])('%s gives what it gives as a whole', async (_, log) => {
    const whole = await swept(log, WHOLE)
    expect(whole.facts.sightings!.length).toBeGreaterThan(100)
    expect(await inParts(log, 40_000)).toBe('read')
    // Threads take long to start, so each log is cut into parts of one size.
    const parts = await swept(log, 9973)
    expect(parts.facts).toEqual(whole.facts)
    expect(parts.told).toEqual(whole.told)
    expect(parts.rest).toEqual(whole.rest)
  })

  test.each([
    [
      'whose header changes',
      DNS_HEADER + text(DNS) + DNS_HEADER.replace('\tqtype\trcode', '\trcode\tqtype') + text(DNS),
    ],
    [
      'of JSON with an object over two lines',
      text([...EVE.slice(0, 900), EVE[900]!.replace(',', ',\n'), ...EVE.slice(901)]),
    ],
    ['of JSON that is cut', EVE.join('\n').slice(0, -20)],
    [
      'whose columns change',
      W3C_HEADER + text(W3C) + W3C_HEADER.replace('cs-host cs-uri-port', 'cs-uri-port cs-host') + text(W3C),
    ],
  ])('%s is read again as a whole', async (_, log) => {
    expect(await inParts(log, 40_000)).toBe('whole')
    const whole = await swept(log, WHOLE)
    const parts = await swept(log, 20_000)
    expect(parts.facts).toEqual(whole.facts)
    expect(parts.told).toEqual(whole.told)
  })

  test('the size of the parts changes nothing', async () => {
    const whole = await swept(text(SQUID), WHOLE)
    for (const size of [4099, 65_536, 200_000]) expect((await swept(text(SQUID), size)).facts).toEqual(whole.facts)
  })

  test('facts that do not fit into memory at once have the right lines', async () => {
    const many = lines(120_000, (_, i) => {
      const client = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`
      return `1778572800.000      0 ${client} TCP_TUNNEL/200 5120 CONNECT www.app.example:443 - HIER_DIRECT/198.51.100.9 -`
    })
    const whole = await swept(text(many), WHOLE)
    expect(whole.facts.sightings).toHaveLength(120_000)
    expect((await swept(text(many), 8_000_000)).facts).toEqual(whole.facts)
  })
})
