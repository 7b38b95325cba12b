import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DNS_NAME, SERVER_NAME, tshark, tsharkInstalled } from '../build/tshark.ts'

const generator = join(import.meta.dirname, 'generate.js')
const OPTIONS = ['--mb', '8', '--clients', '50', '--split', '0.5']
let folder: string
let path: string
let made: Record<string, number>

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'offchannel-bench-'))
  path = join(folder, 'bulk.pcap')
  const run = spawnSync(process.execPath, [generator, ...OPTIONS, '--out', path], { encoding: 'utf8' })
  made = JSON.parse(run.stderr)
})

afterAll(() => rmSync(folder, { recursive: true }))

test('the benchmark capture is the same on standard output, and as long as it is said to be', () => {
  const { stdout } = spawnSync(process.execPath, [generator, ...OPTIONS], { maxBuffer: 1 << 24 })
  expect(stdout.length).toBe(made.bytes)
  expect(stdout.equals(readFileSync(path))).toBe(true)
})

test('about one packet in fifty is DNS, one in a hundred ends a ClientHello, and as many of those as asked are split', () => {
  const { packets = 0, queries = 0, answers = 0, hellos = 0, splitHellos = 0 } = made
  expect((queries + answers) / packets).toBeCloseTo(0.02, 2)
  expect(hellos / packets).toBeCloseTo(0.01, 2)
  expect(splitHellos / hellos).toBeGreaterThan(0.3)
  expect(splitHellos / hellos).toBeLessThan(0.7)
})

describe.skipIf(!tsharkInstalled)('by the judgement of tshark', () => {
  test('its packets are well formed, and it holds the look-ups that it is said to hold', () => {
    const { values, complaints } = tshark(path, DNS_NAME)
    expect(complaints).toEqual([])
    expect(values).toHaveLength(made.queries! + made.answers!)
    expect(new Set(values).size).toBe(made.namesAsked)
  })

  test('it holds the ClientHellos that it is said to hold', () => {
    const { values } = tshark(path, SERVER_NAME)
    expect(values).toHaveLength(made.hellos!)
    expect(new Set(values).size).toBe(made.namesReached)
  })
})
