/**
 * How long it takes to purge, erase, re-label and check the audit log of a store that `store-at-size.js` made:
 * node test/bench/people-at-size.js FILE [folder for copies]. The file itself stays as it is.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entryAfter } from '../../dist/audit/entry.js'
import { verifyLog } from '../../dist/audit/verify.js'
import { erase, planErasure } from '../../dist/store/erasure.js'
import { relabel, storedAddresses } from '../../dist/store/relabel.js'
import { planPurge, purge } from '../../dist/store/retention.js'
import { Store } from '../../dist/store/store.js'
import { Clients, keyCheck } from '../../dist/subjects/clients.js'
import { findAddresses } from '../../dist/subjects/relabelled.js'

const [, , file, parent = tmpdir()] = process.argv
const CHECK = keyCheck(Buffer.from(readFileSync(`${file}.key`, 'utf8').trim(), 'hex'))
const NOW = 20_800 * 86_400_000_000
/** The middle of the sixty days. */
const BORDER = 20_748
const folder = mkdtempSync(join(parent, 'offchannel-bench-'))
try {
  const { sightings, findings } = await on('nothing', (store) => store.status())
  console.log(`${sightings} sightings, ${findings} findings, ${(statSync(file).size / 1e9).toFixed(2)} GB`)
  const half = { facts: BORDER, evidence: BORDER, findings: BORDER, reviews: BORDER, runs: BORDER }
  await on('purge', (store) => {
    time('purge: plan of half of the days', () => planPurge(store, half))
    time('purge: half of the days', () => purge(store, half, 'measured'))
    time('purge: file written anew', () => store.compact())
  })
  await on('erase', (store) => {
    const client = store.findings({ from: BORDER, until: BORDER })[0].client
    time('erase: plan of one client', () => planErasure(store, [client], NOW))
    const { sightings: gone } = time('erase: one client', () => erase(store, [client], NOW, 'measured'))
    console.log(`  ${gone} sightings of it`)
    time('erase: file written anew', () => store.compact())
  })
  await on('relabel', (store) => {
    const addresses = storedAddresses(store)
    const all = new Map(addresses.map(({ id }) => [id, 'elsewhere']))
    const counts = { known: all.size, unknown: 0 }
    time(`relabel: ${addresses.length} addresses`, () => relabel(store, all, counts, {}))
  })
  const policy = { networks: [], sites: [], inputs: [] }
  const range = (length) => [
    { range: { words: Uint32Array.of(0, 0, 0xffff, 0x0a000000), length: 96 + length }, network: 'x' },
  ]
  for (const length of [16, 12]) {
    const clients = new Clients(Buffer.alloc(32, 7), false)
    time(`relabel: pseudonyms of a /${length}`, () => findAddresses(range(length), [policy], clients, new Set()))
  }
  const entries = []
  for (let n = 0; n < 100_000; n++)
    entries.push(entryAfter(entries.at(-1), { at: n, author: 'alice', action: 'export', details: { n } }))
  time('audit: 100,000 entries checked', () => verifyLog(entries, entries.length, [], [], undefined))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function on(name, use) {
  const copy = join(folder, `${name}.db`)
  copyFileSync(file, copy)
  const store = Store.open(copy, { identities: undefined, keyCheck: CHECK, create: false, clock: () => NOW })
  try {
    return await use(store)
  } finally {
    store.close()
    rmSync(copy, { force: true })
  }
}

function time(what, work) {
  const start = performance.now()
  const result = work()
  console.log(`${what.padEnd(48)} ${((performance.now() - start) / 1000).toFixed(2).padStart(8)} s`)
  return result
}
