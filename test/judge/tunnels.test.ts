import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinTunnels } from '../../src/judge/tunnels.ts'
import type { StoredMark } from '../../src/model/facts.ts'
import type { Reading } from '../../src/model/reading.ts'

const mark = (id: number, quarter: number, mask: number): StoredMark => ({
  reading: { id, input: '', kind: 'capture', format: 'pcap', source: 'file', settings: '' } satisfies Reading,
  gateway: 'vpn-1',
  quarter,
  mask,
  count: 1,
  firstAt: 1,
})

test('a tunnel is up in each minute with packets and between two that are at most three apart', () => {
  const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 59 }))
  fc.assert(
    fc.property(minutes, (seen) => {
      const tunnels = joinTunnels(seen.map((minute) => mark(1, Math.floor(minute / 15), 1 << (minute % 15))))
      for (let minute = 0; minute < 60; minute++) {
        const before = Math.max(...seen.filter((other) => other <= minute))
        const after = Math.min(...seen.filter((other) => other >= minute))
        const up = (tunnels.upMinutes(1, Math.floor(minute / 15)) & (1 << (minute % 15))) !== 0
        expect(up).toBe(after - before <= 3)
      }
    }),
  )
})

test('a reading without marks shows no tunnel, and one reading’s marks say nothing of another’s', () => {
  const tunnels = joinTunnels([mark(1, 7, 0b1)])
  expect([tunnels.upMinutes(1, 7), tunnels.upMinutes(2, 7), tunnels.upMinutes(1, 8)]).toEqual([1, 0, 0])
})
