import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { OffchannelError } from '../src/base/errors.ts'
import { readInput } from '../src/pipeline.ts'
import { openInput } from '../src/read/open.ts'

/**
 * A folder of real captures and logs that others made: `data/`, `index.tsv` (path, kind) and `truth/tshark.tsv` (file,
 * frame, means, name, …: what tshark reads in the captures). Without it these tests are skipped.
 */
const folder = process.env.OFFCHANNEL_CORPORA

/** Share of the names that tshark reads which are to be found, in everything, tunnels and damage included. */
const RECALL = { 'dns-query': 0.96, 'tls-sni': 0.99, 'quic-sni': 0.99, 'http-host': 0.98 } as const

type Row = Readonly<Record<string, string>>

function table(name: string): Row[] {
  const [head = '', ...rows] = readFileSync(join(folder!, name), 'utf8').trimEnd().split('\n')
  const keys = head.split('\t')
  return rows.map((row) => Object.fromEntries(row.split('\t').map((value, i) => [keys[i]!, value])))
}

/** Means and name in one spelling, whichever tool wrote them. */
function named(means: string, name: string): string {
  const plain = name.toLowerCase().replace(/\.$/, '').replace(/:\d+$/, '')
  return `${means} ${plain.replace(/\\\d{3}|[^\x21-\x7e]/g, '?')}`
}

/** What an input names; undefined where it was refused by name. */
async function namesIn(path: string): Promise<Set<string> | undefined> {
  const names = new Set<string>()
  try {
    const options = { standardInput: Readable.from([]), hashStandardInput: false }
    const { chunks, format, close } = await openInput(join(folder!, 'data', path), options)
    try {
      if (format !== undefined) {
        await readInput(chunks, format, { observe: ({ means, name }) => names.add(named(means, name)) })
      }
    } finally {
      close()
    }
  } catch (thrown) {
    if (thrown instanceof OffchannelError) return undefined
    throw new Error(`${path}: ${thrown}`, { cause: thrown })
  }
  return names
}

describe.skipIf(folder === undefined)('on captures and logs of others', () => {
  test('every capture is read without a throw, with nearly all names that tshark reads', {
    timeout: 300_000,
  }, async () => {
    const truth = new Map<string, Set<string>>()
    for (const { file = '', means = '', name = '' } of table('truth/tshark.tsv')) {
      if (!(means in RECALL) || name === '') continue
      const names = truth.get(file) ?? new Set()
      truth.set(file, names.add(named(means, name)))
    }
    const wanted = { 'dns-query': 0, 'tls-sni': 0, 'quic-sni': 0, 'http-host': 0 }
    const found = { ...wanted }
    const captures = table('index.tsv').filter(({ kind }) => !kind!.startsWith('log-'))
    expect(captures.length).toBeGreaterThan(0)
    for (const { path = '' } of captures) {
      const names = await namesIn(path)
      for (const name of truth.get(path) ?? []) {
        const means = name.split(' ')[0] as keyof typeof RECALL
        wanted[means]++
        if (names?.has(name)) found[means]++
      }
    }
    for (const means of Object.keys(RECALL) as (keyof typeof RECALL)[]) {
      const recall = found[means] / wanted[means]
      console.info(`${means}: ${found[means]} of ${wanted[means]}, ${(100 * recall).toFixed(1)} %`)
      expect(recall, means).toBeGreaterThanOrEqual(RECALL[means])
    }
  })

  test('every log is read or refused by name, without a throw', { timeout: 300_000 }, async () => {
    const logs = table('index.tsv').filter(({ kind }) => kind!.startsWith('log-'))
    expect(logs.length).toBeGreaterThan(0)
    let read = 0
    for (const { path = '' } of logs) if ((await namesIn(path)) !== undefined) read++
    console.info(`${read} of ${logs.length} logs are of a format that is read`)
    expect(read).toBeGreaterThan(0)
  })
})
