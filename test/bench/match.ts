/**
 * What it costs to match a name and an address, by how many indicators and networks there are: nanoseconds each, and
 * how long the signatures take to be made ready. `node test/bench/match.ts`.
 */
import { Classifier } from '../../src/classify/classifier.ts'
import type { Indicator, IndicatorType, Signature } from '../../src/model/signature.ts'

const NAMES = [10, 1_000, 100_000]
const NETWORKS = [10, 100_000]
const ROUNDS = 5
const LOOKED_UP = 200_000
/** More names than the classifier remembers, so that each is searched for. */
const DIFFERENT = 40_000

/** The same numbers in every run. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 8
  }
}

function signatureOf(indicators: readonly (readonly [type: IndicatorType, value: string])[]): Signature {
  const made = indicators.map(([type, value]): Indicator => {
    return { type, value, role: 'messaging', strength: 'supporting', sources: ['made up'] }
  })
  return {
    id: 'made-up',
    name: 'Made up',
    vendor: 'Example',
    category: 'messaging',
    status: 'active',
    maturity: 'experimental',
    revision: 1,
    date: '2026-11-22',
    falsePositives: [],
    indicators: made,
    shouldMatch: [],
    shouldNotMatch: [],
  }
}

/** Six of ten suffixes, three exact, one a pattern, as in the files. */
function nameIndicators(count: number): [IndicatorType, string][] {
  return Array.from({ length: count }, (_, i): [IndicatorType, string] => {
    if (i % 10 < 6) return ['suffix', `app${i}.example`]
    return i % 10 < 9 ? ['exact', `chat.app${i}.example`] : ['pattern', `media-*.app${i}.example`]
  })
}

function networkIndicators(count: number): [IndicatorType, string][] {
  const next = numbers(7)
  const four = () => `${1 + (next() % 223)}.${next() & 255}.${next() & 255}.0/24`
  const six = () => `2001:${(next() & 0xffff).toString(16)}:${(next() & 0xffff).toString(16)}::/48`
  return Array.from({ length: count }, (_, i): [IndicatorType, string] => ['network', i % 4 === 0 ? six() : four()])
}

/** Milliseconds of the fastest round: others may use the machine. */
function fastest(run: () => void): number {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    run()
    least = Math.min(least, performance.now() - start)
  }
  return least
}

function ready(indicators: [IndicatorType, string][]): [Classifier, number] {
  const signatures = [signatureOf(indicators)]
  let classifier = new Classifier({ signatures })
  const milliseconds = fastest(() => {
    classifier = new Classifier({ signatures })
  })
  return [classifier, milliseconds]
}

function told(what: string, count: number, each: number, made: number, found: number): void {
  const cells = [what.padEnd(10), String(count).padStart(8), `${each.toFixed(0)} ns`.padStart(9)]
  console.log(`${cells.join('')}   made ready in ${made.toFixed(0)} ms, ${found} found`)
}

for (const count of NAMES) {
  const [classifier, made] = ready(nameIndicators(count))
  const next = numbers(3)
  const names = Array.from({ length: DIFFERENT }, (_, i) => {
    return i % 2 === 0 ? `host${i}.app${next() % count}.example` : `www${i}.shop${next() % 5000}.example.net`
  })
  let found = 0
  const milliseconds = fastest(() => {
    found = 0
    for (let i = 0; i < LOOKED_UP; i++) if (classifier.matchName(names[i % DIFFERENT]!).length > 0) found++
  })
  told('names', count, (1e6 * milliseconds) / LOOKED_UP, made, found)
}

for (const count of NETWORKS) {
  const [classifier, made] = ready(networkIndicators(count))
  const next = numbers(3)
  const words = new Uint32Array(4 * DIFFERENT)
  for (let i = 0; i < DIFFERENT; i++) words.set([0, 0, 0xffff, (next() << 8) | (i & 255)], 4 * i)
  let found = 0
  const milliseconds = fastest(() => {
    found = 0
    for (let i = 0; i < LOOKED_UP; i++) if (classifier.matchAddress(words, 4 * (i % DIFFERENT)).length > 0) found++
  })
  told('networks', count, (1e6 * milliseconds) / LOOKED_UP, made, found)
}
