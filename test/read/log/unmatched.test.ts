import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Chunks } from '../../../src/base/chunks.ts'
import { Classifier } from '../../../src/classify/classifier.ts'
import { UnmatchedNames } from '../../../src/classify/unmatched-names.ts'
import type { NameFilter } from '../../../src/model/reader.ts'
import { readInput } from '../../../src/pipeline.ts'
import { detectFormat } from '../../../src/read/detect.ts'
import { observationRecord } from '../../../src/report/observation.ts'
import { bytesStream } from '../../build/index.ts'
import { made } from '../../classify/made.ts'

const folder = join(import.meta.dirname, '../../../samples/logs')

const samples = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /sample[^/\\]*\.(log|json|csv|ndjson|tap|txt|xml)$/.test(file),
)

interface Shown {
  readonly name?: string
  readonly server?: string
}

/** What a log names, each observation as `inspect` shows it, and how many of its records were read. */
async function read(file: string, unmatched: NameFilter | undefined) {
  const chunks = new Chunks(bytesStream(readFileSync(join(folder, file))))
  const format = await detectFormat(chunks)
  const observed: Shown[] = []
  const observe = (one: Parameters<typeof observationRecord>[0]) => observed.push(observationRecord(one, '', 'line'))
  const context = { latest: Date.UTC(2026, 10, 21) * 1000 }
  const { records } = await readInput(chunks, format!, { observe, unmatched }, context)
  return { observed, records }
}

const names = new Set<string>()
for (const file of samples) for (const { name } of (await read(file, undefined)).observed) if (name) names.add(name)

describe('logs whose names are passed over where no signature matches them', () => {
  // Every second name is one that a signature has.
  const known = [...names].filter((name, i) => i % 2 === 0 && /^[a-z0-9_.-]+\.[a-z0-9-]+$/.test(name))
  const classifier = new Classifier({ signatures: known.map((name, i) => made(`app-${i}`, `exact ${name}`)) })
  const isKnown = ({ name }: { readonly name?: string }) => name !== undefined && classifier.matchName(name).length > 0

  test('there are samples, and names of both kinds', () => {
    expect(samples.length).toBeGreaterThan(70)
    expect(known.length).toBeGreaterThan(10)
  })

  test.each(samples)('%s: all that goes to a network that matches is observed', async (file) => {
    const whole = await read(file, undefined)
    const servers = [...new Set(whole.observed.flatMap(({ name, server }) => (name || !server ? [] : [server])))]
    // Every second address is one that a signature has.
    const networks = servers.filter((_, i) => i % 2 === 0)
    const set = { signatures: networks.map((network, i) => made(`app-${i}`, `network ${network}`)) }
    const isOfNetwork = ({ name, server }: Shown) => !name && server !== undefined && networks.includes(server)
    const filtered = await read(file, new UnmatchedNames(new Classifier(set)))
    expect(filtered.observed.filter(isOfNetwork)).toEqual(whole.observed.filter(isOfNetwork))
    const others = filtered.observed.filter((one) => !one.name && one.server && !isOfNetwork(one))
    expect(others.length).toBeLessThanOrEqual(whole.observed.length)
  })

  test.each(samples)('%s: all that matches is observed', async (file) => {
    const whole = await read(file, undefined)
    const filtered = await read(file, new UnmatchedNames(classifier))
    expect(filtered.observed.filter(isKnown)).toEqual(whole.observed.filter(isKnown))
    expect(filtered.records).toBeGreaterThanOrEqual(whole.records)
  })

  test('a record that names a program is observed, whatever host it names', async () => {
    for (const file of ['sysmon/sample.log', 'microsoft-defender/sample.log', 'ios-app-privacy/sample.log']) {
      const whole = await read(file, undefined)
      const nothing = new UnmatchedNames(new Classifier({ signatures: [] }))
      const programs = (of: typeof whole) => of.observed.filter((one) => 'application' in one)
      expect(programs(whole).length).toBeGreaterThan(0)
      expect(programs(await read(file, nothing))).toEqual(programs(whole))
    }
  })

  test.each([
    ['ftp://somebody:secret@files.app.example/a', 'files.app.example'],
    ['ftp://somebody:2121@files.app.example/a', 'files.app.example'],
    ['http://example.org@files.app.example/', 'files.app.example'],
    ['http://example.org:80@files.app.example/', 'files.app.example'],
  ])('the user before a host is not taken for it: %s', async (url, name) => {
    const line = `1778572800.000 9 10.1.4.31 TCP_MISS/200 404 GET ${url} - HIER_DIRECT/198.51.100.9 text/html\n`
    const chunks = new Chunks(bytesStream(Buffer.from(line.repeat(3))))
    const unmatched = new UnmatchedNames(new Classifier({ signatures: [made('app', 'suffix app.example')] }))
    const observed: string[] = []
    await readInput(chunks, (await detectFormat(chunks))!, { observe: (one) => observed.push(one.name), unmatched })
    expect(observed).toEqual([name, name, name])
  })

  test('most of the others are not', async () => {
    const file = join('squid-native', 'sample.log')
    const whole = await read(file, undefined)
    const filtered = await read(file, new UnmatchedNames(new Classifier({ signatures: [] })))
    expect(filtered.observed.length).toBeLessThan(whole.observed.length / 2)
    expect(filtered.records).toBeGreaterThan(filtered.observed.length)
  })
})
