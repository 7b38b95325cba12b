import { expect, test } from 'vitest'
import { SEVERITIES } from '../../src/model/finding.ts'
import { REVIEW_STATES, type ReviewState } from '../../src/model/review.ts'
import type { FindingQuery } from '../../src/store/findings.ts'
import { ReviewDesk } from '../../src/store/review-desk.ts'
import { random } from '../build/index.ts'
import { batch, client, content, DAY, finding, NOW, reading, sighting, temporaryStore, verdict } from './made.ts'

const TODAY = DAY + 1
const APPS = ['whatsapp', 'signal', 'telegram']
const ENTRY = { at: NOW, author: 'alice', text: 'for a reason' }

/** Findings of some clients in some apps, of which some were decided on, and some got worse since. */
function decided(seed: number) {
  const next = random(seed)
  const one = <T>(of: readonly T[]): T => of[next() % of.length]!
  const store = temporaryStore()
  const addresses = Array.from({ length: 12 }, (_, n) => `10.0.0.${n}`)
  const sightings = addresses.map((address) => sighting(0, { client: client(address) }))
  store.begin(reading()).complete(content('a'), batch({ sightings }))
  const judge = (basis: string) =>
    store.judging(basis, () => {
      for (const address of addresses) {
        const subject = `address-${client(address).tag}`
        const made = APPS.map((app) => {
          const severity = one(SEVERITIES)
          return finding(subject, app, { verdicts: [verdict({ severity, bypass: next() % 2 === 0 })] })
        })
        store.replaceFindings(DAY, subject, made)
      }
    })
  judge('p1')
  const desk = ReviewDesk.open(store.file)
  const ids = store.findings().map(({ id }) => id)
  for (let n = 0; n < 15; n++) {
    // What makes no sense is refused.
    try {
      desk.review([one(ids)], one(['acknowledge', 'note', 'close', 'reopen']), ENTRY)
    } catch {}
  }
  const clients = store.findings().map((found) => found.client)
  for (let n = 0; n < 3; n++) {
    const until = one([DAY, TODAY, TODAY + 9])
    try {
      if (next() % 2 === 0) desk.suppress({ findings: [one(ids)] }, Math.max(until, TODAY), ENTRY)
      else desk.suppress({ app: one(APPS), client: one([undefined, ...clients]) }, Math.max(until, TODAY), ENTRY)
    } catch {}
  }
  const made = desk.suppressions(TODAY)
  if (made.length > 1) desk.lift(made[0]!.seq, ENTRY)
  desk.close()
  judge('p2')
  return { store, one }
}

test('what is listed and counted is what one finding after the other says, whatever was decided on them', () => {
  const seen = new Set<ReviewState>()
  for (let seed = 1; seed <= 8; seed++) {
    const { store, one } = decided(seed)
    for (let n = 0; n < 10; n++) {
      const query: FindingQuery = {
        severities: one([undefined, SEVERITIES.slice(0, 3), ['high']]),
        apps: one([undefined, ['signal'], APPS]),
        subject: one([undefined, undefined, ...store.findings().map((found) => found.client)]),
        until: one([undefined, DAY, DAY - 1]),
      }
      const states = one([REVIEW_STATES, ['open'], ['open', 'acknowledged'], ['closed', 'suppressed']] as const)
      const limit = one([undefined, 0, 1, 5])

      const all = store.findings(query)
      const standings = store.standings(all, TODAY)
      for (const { value } of standings) seen.add(value)
      const listed = all
        .map((found, i) => (standings[i]!.rule === 'not-reviewed' ? found : { ...found, review: standings[i]! }))
        .filter((_, i) => (states as readonly ReviewState[]).includes(standings[i]!.value))
      expect([...store.findingPage(query, { states, limit }, TODAY)]).toEqual(listed.slice(0, limit))

      const counted = REVIEW_STATES.map((state) => {
        const found = all.filter((_, i) => standings[i]!.value === state)
        return [state, { findings: found.length, bypasses: found.filter((f) => f.verdicts[0]!.bypass).length }]
      })
      expect(store.stateCounts(query, TODAY)).toEqual(Object.fromEntries(counted))
    }
  }
  expect([...seen].toSorted()).toEqual([...REVIEW_STATES].toSorted())
})
