import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Chunks } from '../../src/base/chunks.ts'
import { Classifier } from '../../src/classify/classifier.ts'
import { loadSignatures } from '../../src/classify/load.ts'
import { readInput } from '../../src/pipeline.ts'
import { detectFormat } from '../../src/read/detect.ts'
import { openFile } from '../../src/read/source.ts'
import { LOG_KINDS } from './logs-lines.js'
import { distinctiveNames, writeSignatures } from './logs-signatures.js'
import { writeLog } from './logs-write.js'
import { MESSAGING } from './names.js'

const LINES = 4000
const root = join(import.meta.dirname, '../..')
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'offchannel-bench-logs-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

describe.each(Object.keys(LOG_KINDS))('a made log of %s', (kind) => {
  test('is taken for one, every line is read or skipped, and it names what it is said to name', async () => {
    const made = writeLog(join(folder, kind), kind, { lines: LINES }, { share: 0.1 })
    expect(made.bytes).toBe(readFileSync(made.file).length)
    const source = openFile(made.file)
    const chunks = new Chunks(source)
    const format = await detectFormat(chunks)
    expect(format?.name).toBe(kind)
    let named = 0
    const who = new Set<string>()
    const observe = ({ name, user, addresses }: { name: string; user: string; addresses: Uint32Array }) => {
      if (!MESSAGING.includes(name)) return
      named++
      who.add(user.startsWith('user') ? user : String(addresses[3]! & 0xffff))
    }
    const { records, skipped, bad } = await readInput(chunks, format!, { observe }, { year: 2026 })
    source.close()
    expect([...bad]).toEqual([])
    expect(records + skipped).toBe(LINES + (LOG_KINDS[kind]!.header?.split('\n').length ?? 0))
    expect(made.messaging).toBeGreaterThan(LINES / 20)
    expect(named).toBe(made.observations)
    expect(who.size).toBeGreaterThan(0)
  })
})

test('the same options give the same log, another seed another', () => {
  const write = (name: string, seed: number) => {
    writeLog(join(folder, name), 'suricata-eve', { mb: 0.2 }, { seed })
    return readFileSync(join(folder, name), 'latin1')
  }
  const first = write('first', 1)
  expect(first.length).toBeGreaterThan(2e5)
  expect(write('again', 1)).toBe(first)
  expect(write('other', 2)).not.toBe(first)
})

test('where all are to be met as often, each client and each host is', () => {
  const { file } = writeLog(join(folder, 'even'), 'squid-native', { lines: 6000 }, EVEN)
  const lines = readFileSync(file, 'latin1').trimEnd().split('\n')
  expect(new Set(lines.map((line) => line.split(/ +/)[2])).size).toBe(EVEN.clients)
  expect(new Set(lines.map((line) => line.match(/(?:CONNECT |:\/\/)([^:/]+)/)?.[1])).size).toBe(EVEN.hosts)
})
const EVEN = { clients: 2000, hosts: 3000, share: 0, even: true }

test('an unknown kind of log is refused', () => {
  expect(() => writeLog(join(folder, 'none'), 'none', { lines: 1 })).toThrow('none is no kind of log: squid-native')
})

test('other tools look for host names of signatures, among them those of the logs', () => {
  const names = distinctiveNames(join(root, 'signatures'))
  expect(names.length).toBeGreaterThan(100)
  expect(names.every((name) => /^[a-z0-9.-]+$/.test(name))).toBe(true)
  const wanted = MESSAGING.filter((host) => names.some((name) => host === name || host.endsWith(`.${name}`)))
  expect(wanted.length).toBeGreaterThan(MESSAGING.length / 2)
})

test('made signatures are sound, as many as asked for, and match hosts of the logs and their own', async () => {
  writeSignatures(join(folder, 'signatures'), 2500)
  expect(readdirSync(join(folder, 'signatures'))).toHaveLength(3)
  const set = await loadSignatures(join(folder, 'signatures'))
  expect(set.signatures.flatMap(({ indicators }) => indicators)).toHaveLength(2500)
  const classifier = new Classifier(set)
  expect(classifier.matchName('www.made-2489.example')).toHaveLength(1)
  expect(classifier.matchName('made-2490.example')).toHaveLength(0)
  expect(MESSAGING.filter((host) => classifier.matchName(host).length > 0)).toHaveLength(10)
})

describe('what other tools count', () => {
  const count = (command: string, args: readonly string[]) =>
    spawnSync(command, args, { encoding: 'utf8' }).stdout?.trim()
  const hasMawk = spawnSync('mawk', ['-W', 'version']).error === undefined

  test.each(['squid-native', 'zeek-dns', 'suricata-eve'])('is what was written of %s', (kind) => {
    const names = join(folder, 'names.txt')
    writeFileSync(names, `${MESSAGING.join('\n')}\n`)
    const { file, messengers, messaging } = writeLog(join(folder, kind), kind, { lines: LINES }, { share: 0.1 })
    const script = join(import.meta.dirname, 'duckdb.js')
    expect(count(process.execPath, [script, kind, file, names])).toBe(`${messengers},${messaging}`)
    if (kind !== 'squid-native' || !hasMawk) return
    const program = join(import.meta.dirname, 'logs.awk')
    expect(count('mawk', ['-f', program, names, file])).toBe(`${messengers},${messaging}`)
  })
})
