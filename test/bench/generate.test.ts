import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DNS_NAME, SERVER_NAME, tshark, tsharkInstalled } from '../build/tshark.ts'

const generator = join(import.meta.dirname, 'generate.js')
const OPTIONS = ['--mb', '8', '--clients', '50', '--split', '0.5']
const MIX_OPTIONS = ['--kind', 'mix', ...OPTIONS]
let folder: string
let path: string
let mixPath: string
let made: Record<string, number>
let mixMade: Record<string, number>

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'offchannel-bench-'))
  path = join(folder, 'bulk.pcap')
  mixPath = join(folder, 'mix.pcap')
  made = generate(path, OPTIONS)
  mixMade = generate(mixPath, MIX_OPTIONS)
})

afterAll(() => rmSync(folder, { recursive: true }))

function generate(file: string, options: readonly string[]): Record<string, number> {
  const run = spawnSync(process.execPath, [generator, ...options, '--out', file], { encoding: 'utf8' })
  return JSON.parse(run.stderr)
}

test.each([
  ['bulk', OPTIONS],
  ['mix', MIX_OPTIONS],
])('the %s capture is the same on standard output, and as long as it is said to be', (kind, options) => {
  const { stdout } = spawnSync(process.execPath, [generator, ...options], { maxBuffer: 1 << 24 })
  const [file, { bytes }] = kind === 'mix' ? [mixPath, mixMade] : [path, made]
  expect(stdout.length).toBe(bytes)
  expect(stdout.equals(readFileSync(file))).toBe(true)
})

test('in bulk one packet in fifty is DNS, one in a hundred ends a ClientHello, and as many of those as asked are split', () => {
  const { packets = 0, queries = 0, answers = 0, hellos = 0, splitHellos = 0 } = made
  expect((queries + answers) / packets).toBeCloseTo(0.02, 2)
  expect(hellos / packets).toBeCloseTo(0.01, 2)
  expect(splitHellos / hellos).toBeGreaterThan(0.3)
  expect(splitHellos / hellos).toBeLessThan(0.7)
})

test('in the mix packets are small, and a few of a hundred name something, by every means', () => {
  const { packets = 0, bytes = 0, queries = 0, answers = 0, hellos = 0, quicHellos, dtlsHellos, requests } = mixMade
  expect(bytes / packets).toBeGreaterThan(280)
  expect(bytes / packets).toBeLessThan(380)
  expect((queries + answers) / packets).toBeGreaterThan(0.02)
  expect((queries + answers) / packets).toBeLessThan(0.04)
  expect(hellos / packets).toBeCloseTo(0.01, 2)
  expect(quicHellos).toBeGreaterThan(0)
  expect(dtlsHellos).toBeGreaterThan(0)
  expect(requests).toBeGreaterThan(0)
})

describe.skipIf(!tsharkInstalled)('by the judgement of tshark', () => {
  test('the packets of bulk are well formed, and it holds the look-ups that it is said to hold', () => {
    const { values, complaints } = tshark(path, DNS_NAME)
    expect(complaints).toEqual([])
    expect(values).toHaveLength(made.queries! + made.answers!)
    expect(new Set(values).size).toBe(made.namesAsked)
  })

  test('bulk holds the ClientHellos that it is said to hold', () => {
    const { values } = tshark(path, SERVER_NAME)
    expect(values).toHaveLength(made.hellos!)
    expect(new Set(values).size).toBe(made.namesReached)
  })

  test('the packets of the mix are well formed, and it holds the look-ups that it is said to hold', () => {
    const { values, complaints } = tshark(mixPath, DNS_NAME)
    expect(complaints).toEqual([])
    expect(values.filter((name) => !name.endsWith('.local'))).toHaveLength(mixMade.queries! + mixMade.answers!)
  })

  test('the mix holds the ClientHellos and requests that it is said to hold', () => {
    const { hellos = 0, quicHellos = 0, dtlsHellos = 0, requests = 0 } = mixMade
    expect(tshark(mixPath, SERVER_NAME).values).toHaveLength(hellos + quicHellos)
    expect(tshark(mixPath, `d${SERVER_NAME}`).values).toHaveLength(dtlsHellos)
    expect(tshark(mixPath, 'http.host').values).toHaveLength(requests)
  })
})
