import type { Hit } from '../../src/judge/hits.ts'
import type { Action, Means } from '../../src/model/observation.ts'
import { INDEX, indicatorNamed } from './apps.ts'

/** A hit in as few words as a test needs; the first minute of a day, once, in one capture. */
export interface Made {
  readonly name: string
  readonly means: Means
  readonly quarter?: number
  readonly mask?: number
  readonly count?: number
  readonly up?: number
  readonly down?: number
  readonly action?: Action
  readonly reading?: number
  /** Where it was first seen. */
  readonly frame?: number
}

export function hitOf(made: Made): Hit {
  const {
    name,
    means,
    quarter = 0,
    mask = 1,
    count = 1,
    up = -1,
    down = -1,
    action = '',
    reading = 1,
    frame = 1,
  } = made
  const { key, app } = indicatorNamed(name)
  const input = `made-${reading}.pcap`
  return {
    match: INDEX.get(key)!,
    sighting: {
      reading: { id: reading, input, kind: 'capture', format: 'pcap', source: 'file', settings: 's' },
      client: 'address-1',
      user: '',
      network: '',
      app,
      indicator: key,
      means,
      action,
      quarter,
      mask,
      count,
      bytesUp: up,
      bytesDown: down,
      first: 1000 * frame,
      last: 1000 * frame,
      firstAt: frame,
      lastAt: frame,
    },
  }
}
