import { describe, expect, test } from 'vitest'
import { folder, inputs, observe, table } from './corpora.ts'

/** Share of the names that tshark reads which are to be found, in everything, tunnels and damage included. */
const RECALL = { 'dns-query': 0.96, 'tls-sni': 0.99, 'quic-sni': 0.99, 'http-host': 0.98 } as const

/** Means and name in one spelling, whichever tool wrote them. */
function named(means: string, name: string): string {
  const plain = name.toLowerCase().replace(/\.$/, '').replace(/:\d+$/, '')
  return `${means} ${plain.replace(/\\\d{3}|[^\x21-\x7e]/g, '?')}`
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
    const captures = inputs('capture')
    expect(captures.length).toBeGreaterThan(0)
    for (const path of captures) {
      const names = new Set<string>()
      await observe(path, ({ means, name }) => names.add(named(means, name)))
      for (const name of truth.get(path) ?? []) {
        const means = name.split(' ')[0] as keyof typeof RECALL
        wanted[means]++
        if (names.has(name)) found[means]++
      }
    }
    for (const means of Object.keys(RECALL) as (keyof typeof RECALL)[]) {
      const recall = found[means] / wanted[means]
      console.info(`${means}: ${found[means]} of ${wanted[means]}, ${(100 * recall).toFixed(1)} %`)
      expect(recall, means).toBeGreaterThanOrEqual(RECALL[means])
    }
  })

  test('every log is read or refused by name, without a throw', { timeout: 300_000 }, async () => {
    const logs = inputs('log')
    expect(logs.length).toBeGreaterThan(0)
    let read = 0
    for (const path of logs) if (await observe(path, () => {})) read++
    console.info(`${read} of ${logs.length} logs are of a format that is read`)
    expect(read).toBeGreaterThan(0)
  })
})
