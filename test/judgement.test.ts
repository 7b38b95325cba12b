import { expect, test } from 'vitest'
import { parsePolicy } from '../src/judge/load.ts'
import { NO_POLICY } from '../src/judge/no-policy.ts'
import { judgeStore } from '../src/judgement.ts'
import type { Signature, SignatureSet } from '../src/model/signature.ts'
import type { Store } from '../src/store/store.ts'
import { APPS } from './judge/apps.ts'
import { dump } from './store/dump.ts'
import { batch, client, content, reading, sighting, temporaryStore } from './store/made.ts'

const set = (hash: string, signatures: readonly Signature[] = APPS): SignatureSet => ({ hash, signatures })
const SIGNATURES = set('s1')
const PERMITTED = parsePolicy(
  `organisation: Made
in-force: 2026-01-01
timezone: UTC
networks: []
inputs: []
rules:
  - { name: all-of-it, ruling: permitted, categories: [messaging] }
`,
  'policy.yaml',
)

/** A sighting of a made-up app that only it gives rise to. */
function chat(address: string, slot: number) {
  return sighting(slot, {
    client: client(address),
    app: 'palaver',
    indicator: 'palaver exact chat.palaver.example',
    network: '',
  })
}

function add(store: Store, name: string, ...sightings: ReturnType<typeof chat>[]): void {
  store.begin(reading(name)).complete(content(name), batch({ sightings }))
}

const severities = (store: Store) => store.findings().map(({ verdicts }) => verdicts[0]!.severity.value)

test('the first time everything is judged, then only what changed, then nothing', () => {
  const store = temporaryStore()
  add(store, 'a', chat('10.0.0.1', 0), chat('10.0.0.2', 0), chat('10.0.0.2', 96))
  expect(judgeStore(store, NO_POLICY, SIGNATURES)).toMatchObject({ scope: 'all', subjectDays: 3 })
  expect(store.findings()).toHaveLength(3)
  add(store, 'b', chat('10.0.0.2', 4), chat('10.0.0.3', 0))
  expect(judgeStore(store, NO_POLICY, SIGNATURES)).toMatchObject({ scope: 'dirty', subjectDays: 2 })
  expect(
    store
      .findings()
      .map(({ revision }) => revision)
      .sort(),
  ).toEqual([1, 1, 1, 2])
  const before = dump(store.file)
  expect(judgeStore(store, NO_POLICY, SIGNATURES)).toMatchObject({ scope: 'dirty', subjectDays: 0 })
  expect(dump(store.file)).toEqual(before)
})

test('what is judged bit by bit is what is judged at once', () => {
  const names = ['a', 'b', 'c', 'd']
  const facts = (i: number) => [chat('10.0.0.1', i * 30), chat('10.0.0.2', i), chat(`10.0.1.${i}`, 2 * i)]
  const stores = [false, true].map((eachTime) => {
    const store = temporaryStore()
    for (const [i, name] of names.entries()) {
      add(store, name, ...facts(i))
      if (eachTime) judgeStore(store, NO_POLICY, SIGNATURES)
    }
    judgeStore(store, NO_POLICY, SIGNATURES)
    return store.findings().map((finding) => ({ ...finding, revision: 0 }))
  })
  expect(stores[0]!.length).toBeGreaterThan(4)
  expect(stores[1]).toEqual(stores[0])
})

test('under another policy or other signatures everything is judged again, from the facts alone', () => {
  const store = temporaryStore()
  add(store, 'a', chat('10.0.0.1', 0))
  judgeStore(store, NO_POLICY, SIGNATURES)
  expect(severities(store)).toEqual(['medium'])
  const { findings, ...facts } = dump(store.file)
  expect(judgeStore(store, PERMITTED, SIGNATURES).scope).toBe('all')
  expect(severities(store)).toEqual(['none'])
  const experimental = APPS.map((app): Signature => ({ ...app, maturity: 'experimental' }))
  expect(judgeStore(store, NO_POLICY, set('s2', experimental)).scope).toBe('all')
  expect(severities(store)).toEqual(['low'])
  expect(judgeStore(store, NO_POLICY, SIGNATURES).scope).toBe('all')
  expect(severities(store)).toEqual(['medium'])
  expect(dump(store.file)).toMatchObject(facts)
  expect(findings).toHaveLength(1)
})

test('an indicator that the signatures no longer have raises nothing, is counted, and its finding goes', () => {
  const store = temporaryStore()
  add(store, 'a', chat('10.0.0.1', 0), chat('10.0.0.2', 0))
  judgeStore(store, NO_POLICY, SIGNATURES)
  const without = APPS.filter(({ id }) => id !== 'palaver')
  const { setAside } = judgeStore(store, NO_POLICY, set('s2', without))
  expect([...setAside]).toEqual([['unknown-indicator', 2]])
  expect(store.findings()).toEqual([])
})

test('a judgement that is broken off leaves the findings of the one before', () => {
  const store = temporaryStore()
  add(store, 'a', chat('10.0.0.1', 0), chat('10.0.0.2', 0))
  judgeStore(store, NO_POLICY, SIGNATURES)
  const before = dump(store.file)
  let judged = 0
  const replace = store.replaceFindings.bind(store)
  store.replaceFindings = (...args) => {
    if (++judged === 2) throw new Error('out of breath')
    replace(...args)
  }
  expect(() => judgeStore(store, PERMITTED, SIGNATURES)).toThrow('out of breath')
  expect([judged, dump(store.file)]).toEqual([2, before])
  store.replaceFindings = replace
  expect(judgeStore(store, PERMITTED, SIGNATURES).scope).toBe('all')
  expect(severities(store)).toEqual(['none', 'none'])
})
