// @ts-check
/** What offchannel is to reach beside other tools, as ratios on one machine in one run. */

/** @typedef {'bulk' | 'mix'} Kind */
/** @typedef {'tshark' | 'ndpiReader' | 'passivedns' | 'cat'} Peer */

/** @typedef {{ readonly must: number, readonly aim: number }} Bounds */

/** @typedef {Bounds & { readonly id: string, readonly peer: Peer, readonly kind: Kind }} Ratio */

/** How many times as long the peer takes. @type {readonly Ratio[]} */
export const FASTER_THAN = [
  { id: 'P1', peer: 'tshark', kind: 'bulk', must: 40, aim: 60 },
  { id: 'P2', peer: 'tshark', kind: 'mix', must: 100, aim: 150 },
  { id: 'P3', peer: 'ndpiReader', kind: 'bulk', must: 12, aim: 20 },
  { id: 'P3', peer: 'ndpiReader', kind: 'mix', must: 10, aim: 15 },
  { id: 'P5', peer: 'passivedns', kind: 'bulk', must: 0.7, aim: 1.2 },
  { id: 'P5', peer: 'passivedns', kind: 'mix', must: 1, aim: 1.5 },
]

/** How many times as long as the peer offchannel may take. @type {readonly Ratio[]} */
export const SLOWER_THAN = [
  { id: 'P6', peer: 'cat', kind: 'bulk', must: 4, aim: 2.5 },
  { id: 'P6', peer: 'cat', kind: 'mix', must: 8, aim: 5 },
]

/** M1: peak memory in millions of bytes, and how many times that of a small part of the mix it may be. */
export const MEMORY = { must: 150, aim: 100 }
export const MEMORY_GROWTH = { must: 1.15, aim: 1.15 }

/** C1: share of what the capture names that is found. */
export const COVERAGE = { must: 1, aim: 1 }

export const GOALS = [...new Set([...FASTER_THAN, ...SLOWER_THAN].map(({ id }) => id)), 'M1', 'C1']

/**
 * @param {number} value
 * @param {Bounds} bounds
 * @param {'at least' | 'at most'} sense
 */
export function verdict(value, { must, aim }, sense) {
  const reaches = (/** @type {number} */ bound) => (sense === 'at least' ? value >= bound : value <= bound)
  return reaches(aim) ? 'aim reached' : reaches(must) ? 'reached' : 'MISSED'
}
