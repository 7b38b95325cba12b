import { expect, test } from 'vitest'
import { joinTunnels } from '../../src/judge/tunnels.ts'
import type { StoredMark } from '../../src/model/facts.ts'
import type { Reading } from '../../src/model/reading.ts'
import { fc } from '../property.ts'

const mark = (id: number, quarter: number, mask: number): StoredMark => ({
  reading: { id, input: '', kind: 'capture', format: 'pcap', source: 'file', settings: '' } satisfies Reading,
  client: 'address-1',
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
        const up = (tunnels.upMinutes(1, 'address-1', Math.floor(minute / 15)) & (1 << (minute % 15))) !== 0
        expect(up).toBe(after - before <= 3)
      }
    }),
  )
})

test('marks say nothing of another reading, another quarter-hour or another address', () => {
  const { upMinutes } = joinTunnels([mark(1, 7, 0b1)])
  const others = [upMinutes(2, 'address-1', 7), upMinutes(1, 'address-1', 8), upMinutes(1, 'address-2', 7)]
  expect([upMinutes(1, 'address-1', 7), ...others]).toEqual([1, 0, 0, 0])
})
