import { expect, onTestFinished, test } from 'vitest'
import { OffchannelError } from '../src/base/errors.ts'
import { parsePolicy } from '../src/judge/load.ts'
import { NO_POLICY } from '../src/judge/no-policy.ts'
import { judgeStore } from '../src/judgement.ts'
import { REVIEW_ACTIONS } from '../src/model/review.ts'
import type { Signature, SignatureSet } from '../src/model/signature.ts'
import { ReviewDesk } from '../src/store/review-desk.ts'
import type { Store } from '../src/store/store.ts'
import { APPS } from './judge/apps.ts'
import { fc } from './property.ts'
import { batch, client, content, DAY, NOW, reading, sighting, temporaryStore } from './store/made.ts'

const TODAY = DAY + 1
const SIGNATURES: SignatureSet = { hash: 's1', signatures: APPS }
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

function chat(address: string, slot: number) {
  const indicator = 'palaver exact chat.palaver.example'
  return sighting(slot, { client: client(address), app: 'palaver', indicator, network: '' })
}

const INPUTS = ['a', 'b', 'c', 'd'].map((name, n) => ({
  name,
  sightings: [chat('10.0.0.1', n * 30), chat('10.0.0.2', n), chat(`10.0.1.${n}`, 2 * n)],
}))

function add(store: Store, { name, sightings }: (typeof INPUTS)[number]): void {
  store.begin(reading(name)).complete(content(name), batch({ sightings }))
}

/** What may come between: each judges all of the store another way. */
const DETOURS: Readonly<Record<string, (store: Store) => void>> = {
  'another policy': (store) => void judgeStore(store, PERMITTED, SIGNATURES),
  'no such app': (store) => void judgeStore(store, NO_POLICY, { hash: 's2', signatures: [] }),
  'weaker signatures': (store) => {
    const signatures = APPS.map((app): Signature => ({ ...app, maturity: 'experimental' }))
    judgeStore(store, NO_POLICY, { hash: 's3', signatures })
  },
  'the same again': (store) => void judgeStore(store, NO_POLICY, SIGNATURES),
}

interface Act {
  readonly finding: number
  readonly action: (typeof REVIEW_ACTIONS)[number] | 'suppress'
}

/** Does it all, in order; what is refused is left out. */
function act(store: Store, acts: readonly Act[]): void {
  const ids = store.findings().map(({ id }) => id)
  const desk = ReviewDesk.open(store.file)
  for (const { finding, action } of acts) {
    const id = ids.toSorted()[finding % ids.length]!
    const entry = { at: NOW, author: 'alice', text: `${action} it` }
    try {
      if (action === 'suppress') desk.suppress({ findings: [id] }, TODAY, entry)
      else desk.review([id], action, entry)
    } catch (thrown) {
      if (!(thrown instanceof OffchannelError && thrown.code === 'usage')) throw thrown
    }
  }
  desk.close()
}

/** Every finding with its reviews and how it stands; its revision counts what was said on the way. */
function worked(store: Store) {
  return store
    .findings()
    .map((finding) => ({
      finding: { ...finding, revision: 0 },
      reviews: store.reviews(finding.id).map((review) => ({ ...review, revision: 0 })),
      standing: store.standing(finding, TODAY),
    }))
    .toSorted((a, b) => (a.finding.id < b.finding.id ? -1 : 1))
}

const acts = fc.array(
  fc.record({ finding: fc.nat(6), action: fc.constantFrom(...REVIEW_ACTIONS, 'suppress' as const) }),
  { minLength: 1, maxLength: 12 },
)
const detours = fc.array(fc.constantFrom(...Object.keys(DETOURS)), { minLength: 1, maxLength: 5 })

test('however it is judged in between, and in whatever order its inputs came, a finding keeps its reviews', () => {
  fc.assert(
    fc.property(acts, detours, fc.shuffledSubarray(INPUTS, { minLength: INPUTS.length }), (done, ways, shuffled) => {
      const store = temporaryStore()
      for (const input of INPUTS) add(store, input)
      judgeStore(store, NO_POLICY, SIGNATURES)
      act(store, done)
      const before = worked(store)
      for (const way of ways) DETOURS[way]!(store)
      judgeStore(store, NO_POLICY, SIGNATURES)
      expect(worked(store)).toEqual(before)
      expect(store.goneReviewed()).toEqual([])
      for (const { finding } of before) {
        const revisions = store.history(finding.id).map(({ revision }) => revision)
        expect(revisions).toEqual([...new Set(revisions)].toSorted((a, b) => a - b))
        expect(store.finding(finding.id)!.revision).toBeGreaterThanOrEqual(revisions.at(-1)!)
      }

      const other = temporaryStore()
      for (const input of shuffled) {
        add(other, input)
        judgeStore(other, NO_POLICY, SIGNATURES)
      }
      act(other, done)
      expect(worked(other)).toEqual(before)
      store.close()
      other.close()
    }),
    { numRuns: 25 },
  )
})

test('a finding that was closed is open again while another policy finds it worse, and closed again after it', () => {
  const store = temporaryStore()
  for (const input of INPUTS) add(store, input)
  judgeStore(store, PERMITTED, SIGNATURES)
  const { id } = store.findings()[0]!
  const desk = ReviewDesk.open(store.file)
  onTestFinished(() => desk.close())
  desk.review([id], 'close', { at: NOW, author: 'alice', text: 'Permitted' })
  const rule = () => store.standing(store.finding(id)!, TODAY).rule
  expect(rule()).toBe('closed')
  judgeStore(store, NO_POLICY, SIGNATURES)
  expect([rule(), store.hasUnsettled('medium', TODAY)]).toEqual(['got-worse', true])
  judgeStore(store, PERMITTED, SIGNATURES)
  expect(rule()).toBe('closed')
  expect(store.history(id).flatMap(({ changes }) => changes)).toContainEqual({
    verdict: 'unknown',
    of: 'severity',
    from: 'none',
    to: 'medium',
  })
})
