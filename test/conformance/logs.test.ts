import { describe, expect, test } from 'vitest'
import { ASPECTS, compareLogs, hasLogs } from './logs.ts'

/**
 * The products of which a format is registered, and what of their logs must be right. What is not is known and is no
 * record of somebody's doings: administration, or a sample that lost its time.
 */
const LEAST: Readonly<Record<string, Partial<Record<(typeof ASPECTS)[number], number>>>> = {
  // Of a session that was accepted and then blocked by a security profile the other tool keeps the first.
  'Fortinet/fortigate': { read: 0.8, time: 0.95, name: 1, client: 1, server: 1, user: 1, action: 0.95, bytes: 1 },
  'Squid/squid': { read: 1, time: 1, name: 1, client: 1 },
}

describe.skipIf(!hasLogs)('logs that other tools read (OFFCHANNEL_CORPORA)', () => {
  test.each(Object.entries(LEAST))('of %s say the same', (product, least) => {
    const { products, differences } = compareLogs(product)
    const score = products.get(product)!
    for (const aspect of ASPECTS) {
      const { right, of } = score[aspect]
      const wrong = differences.filter((difference) => difference.aspect === aspect)
      if (of > 0) expect([aspect, right / of >= (least[aspect] ?? 0), wrong]).toEqual([aspect, true, wrong])
    }
  })
})
