import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { OffchannelError } from '../../src/base/errors.ts'
import { NO_POLICY } from '../../src/judge/no-policy.ts'
import type { Store } from '../../src/store/store.ts'
import { type SweepOptions, sweep } from '../../src/sweep/sweep.ts'
import { made } from '../classify/made.ts'
import { capture, squidLog } from '../e2e/inputs.ts'
import { dump } from '../store/dump.ts'
import { hexHash, temporaryFolder, temporaryStore } from '../store/made.ts'

const SIGNATURES = { signatures: [made('app', 'suffix app.example')], hash: 's1' }

let folder: string
let store: Store
beforeEach(() => {
  folder = temporaryFolder()
  store = temporaryStore({ identities: 'clear' })
})

function put(name: string, content: string | Uint8Array): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

function run(inputs: readonly string[], given: Partial<SweepOptions> = {}) {
  return sweep(inputs, {
    store,
    signatures: SIGNATURES,
    policy: NO_POLICY,
    key: Buffer.alloc(32, 7),
    siteOf: () => '',
    standardInput: Readable.from([]),
    format: undefined,
    mapping: '',
    times: {},
    again: false,
    hash: true,
    progress: () => {},
    stopped: () => false,
    ...given,
  })
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const HIT = { host: 'www.app.example' }

/** A log of so many different facts: a client each. */
function manyFacts(count: number): string {
  return squidLog(
    ...Array.from({ length: count }, (_, i) => ({ ...HIT, client: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` })),
  )
}

test('what is read is told: format, bytes unpacked, records, observations that matched', async () => {
  const log = squidLog(HIT, { host: 'www.example.org' }, HIT)
  const [outcome] = await run([put('proxy.log.gz', gzipSync(log))])
  expect(outcome).toMatchObject({
    status: 'read',
    format: 'squid-native',
    unit: 'records',
    bytes: log.length,
    matched: 2,
  })
  expect(outcome!.summary).toMatchObject({ records: 3, damage: undefined })
  expect(store.readings()).toMatchObject([
    { content: { length: log.length, sha256: hexHash(log) }, kind: 'log', source: 'file', state: 'current' },
  ])
})

test('of a packed file both hashes are kept: of the file as it lies there, and of what it holds', async () => {
  const log = squidLog(HIT)
  const packed = gzipSync(log)
  await run([put('proxy.log.gz', packed)])
  const { fileSha256, content } = store.readings()[0]!
  expect(fileSha256).toBe(sha256(packed))
  expect(content!.sha256).toBe(hexHash(log))
})

test('an input that cannot be opened is an outcome, and the others are read', async () => {
  const gone = join(folder, 'gone.log')
  const outcomes = await run([gone, put('a.log', squidLog(HIT)), folder])
  expect(outcomes.map(({ status }) => status)).toEqual(['failed', 'read', 'failed'])
  expect(outcomes.map(({ isGone }) => isGone === true)).toEqual([true, false, false])
  expect(outcomes[0]!.detail).toBe(`ENOENT: no such file or directory, open '${gone}'`)
  expect(outcomes[2]!.detail).toContain('EISDIR')
  expect(store.readings()).toHaveLength(1)
})

test('a format that does not exist, or a store that fails, ends the sweep', async () => {
  const input = put('a.log', squidLog(HIT))
  await expect(run([input], { format: 'tape' })).rejects.toThrow('--format tape: choose from')
  const failing = vi.spyOn(store, 'begin').mockImplementation(() => {
    throw new OffchannelError('store_unusable', 'the disk is full')
  })
  await expect(run([input])).rejects.toThrow('the disk is full')
  failing.mockRestore()
})

describe('contents of the same length and sample', () => {
  /** Bytes behind the first 260 KiB are in no sample up to 512 KiB. */
  const UNSAMPLED = 300_000
  const one = Buffer.from(`${manyFacts(4000)}`)
  const other = Buffer.from(one)
  const at = one.indexOf('user01', UNSAMPLED)
  other.write('user02', at)

  test('are told apart by their SHA-256', async () => {
    expect([at > UNSAMPLED, at < 512 * 1024, one.length > 300_000]).toEqual([true, true, true])
    const outcomes = await run([put('one.log', one), put('other.log', other)])
    expect(outcomes.map(({ status }) => status)).toEqual(['read', 'read'])
  })

  test('are taken for the same without it', async () => {
    const outcomes = await run([put('one.log', one), put('other.log', other)], { hash: false })
    expect(outcomes).toMatchObject([{ status: 'read' }, { status: 'known', detail: join(folder, 'one.log') }])
    expect(store.readings()[0]!.content!.sha256).toBe(undefined)
  })
})

test('more facts than are held at a time are put into the store in parts, and are the same', async () => {
  const input = put('many.log', manyFacts(60_000))
  const adding = vi.fn()
  const begin = store.begin.bind(store)
  vi.spyOn(store, 'begin').mockImplementation((reading) => {
    const writer = begin(reading)
    const add = writer.add.bind(writer)
    writer.add = (batch) => {
      adding(batch.sightings.length)
      add(batch)
    }
    return writer
  })
  const [outcome] = await run([input])
  expect(outcome).toMatchObject({ status: 'read', matched: 60_000 })
  expect(adding).toHaveBeenCalledOnce()
  expect(adding.mock.calls[0]![0]).toBeLessThan(60_000)
  expect(store.status().sightings).toBe(60_000)
})

test('a sweep that is stopped takes back what it has of the input, and leaves the rest', async () => {
  const last = squidLog({ ...HIT, user: 'user02' }, HIT)
  const inputs = [put('a.log', squidLog(HIT)), put('b.log', manyFacts(60_000)), put('c.log', last)]
  let most = 0
  const stopped = () => {
    most = Math.max(most, store.status().sightings)
    return most > 1
  }
  const outcomes = await run(inputs, { stopped })
  expect(outcomes.map(({ status }) => status)).toEqual(['read', 'stopped', 'stopped'])
  expect(most).toBeGreaterThan(50_000)
  const { readings, sightings } = dump(store.file)
  expect([readings!.length, sightings!.length]).toEqual([1, 1])
  expect((await run(inputs)).map(({ status }) => status)).toEqual(['known', 'read', 'read'])
})

test('progress is told in bytes as they were delivered, up to all of them', async () => {
  const log = manyFacts(30_000)
  const packed = gzipSync(log)
  const told: number[] = []
  await run([put('a.log.gz', packed)], { progress: (_, delivered) => told.push(delivered) })
  expect(told.length).toBeGreaterThan(1)
  expect(told).toEqual([...told].sort((a, b) => a - b))
  expect(told.at(-1)).toBe(packed.length)
})

test('a private address at two sites is two clients', async () => {
  const inputs = [put('paris.log', squidLog(HIT)), put('lyon.log', squidLog(HIT, HIT))]
  await run(inputs, { siteOf: (input) => (input.endsWith('paris.log') ? 'paris' : 'lyon') })
  const clients = dump(store.file).sightings!.map((line) => JSON.parse(line).client.split(' ').slice(1).join(' '))
  expect(clients.sort()).toEqual(['10.1.4.31 at lyon', '10.1.4.31 at paris'])
})

test.each([
  ['the signatures', { signatures: { ...SIGNATURES, hash: 's2' } }],
  ['the site', { siteOf: () => 'paris' }],
  ['the format that was named', { format: 'squid-native' }],
  ['the networks', { policy: { ...NO_POLICY, exclusions: { cidrs: [], users: ['somebody'] } } }],
] as const)('other settings are seen: %s', async (_, changed) => {
  const input = put('a.log', squidLog(HIT))
  await run([input])
  expect((await run([input]))[0]!.status).toBe('known')
  expect((await run([input], changed))[0]).toMatchObject({ status: 'changed', detail: input })
  expect((await run([input], { ...changed, again: true }))[0]).toMatchObject({ status: 'replaced', detail: input })
  expect((await run([input], changed))[0]!.status).toBe('known')
})

test('standard input is hashed while it is read, and known again', async () => {
  const bytes = capture({ name: 'www.app.example' })
  const pieces = () => Readable.from([bytes.subarray(0, 100), bytes.subarray(100)])
  expect((await run(['-'], { standardInput: pieces() }))[0]).toMatchObject({ status: 'read', matched: 1 })
  expect(store.readings()).toMatchObject([{ input: '-', source: 'stream', content: { sha256: sha256(bytes) } }])
  const before = dump(store.file)
  expect((await run([put('a.pcap', bytes)]))[0]!.status).toBe('known')
  expect((await run(['-'], { standardInput: pieces() }))[0]!.status).toBe('known')
  expect((await run(['-'], { standardInput: pieces(), signatures: { ...SIGNATURES, hash: 's2' } }))[0]!.status).toBe(
    'changed',
  )
  expect(dump(store.file)).toEqual(before)
})
