import { describe, expect, test } from 'vitest'
import { l2tp } from '../../../src/extract/recognise/l2tp.ts'
import {
  concat,
  filler,
  L2TP_HELLO,
  L2TP_START_CONNECTED,
  L2TP_START_REPLY,
  L2TP_START_REQUEST,
  l2tpControl,
  tunnels,
} from '../../build/index.ts'
import { down, opinions, up } from './candidates.ts'

const request = l2tpControl({ type: L2TP_START_REQUEST })
const reply = l2tpControl({ type: L2TP_START_REPLY, connection: 5 })

describe('L2TP', () => {
  test.each([2, 3] as const)('of version %i is probable, and confirmed where control goes both ways', (version) => {
    const sent = [
      up(l2tpControl({ type: L2TP_START_REQUEST, version })),
      down(l2tpControl({ type: L2TP_START_REPLY, version, connection: 5 })),
      up(l2tpControl({ type: L2TP_START_CONNECTED, version, connection: 9 })),
    ]
    expect(opinions(l2tp, sent)).toEqual(['probable', 'confirmed', 'confirmed'])
    expect(opinions(l2tp, [sent[0]!, sent[2]!])).toEqual(['probable', 'probable'])
  })

  test('is confirmed by an acknowledgement, which alone is nothing', () => {
    const acknowledged = down(l2tpControl({ connection: 5 }))
    expect(opinions(l2tp, [up(l2tpControl({ type: L2TP_HELLO, connection: 9 })), acknowledged])).toEqual([
      'probable',
      'confirmed',
    ])
    expect(opinions(l2tp, [acknowledged])).toEqual(['none'])
  })

  test('goes on over data, and ends where something else is sent', () => {
    expect(opinions(l2tp, [up(request), up(tunnels.l2tp(filler(40, 1)))])).toEqual(['probable', 'probable'])
    expect(opinions(l2tp, [up(request), up(filler(40, 1))])).toEqual(['probable', 'no'])
    expect(opinions(l2tp, [up(request), up(concat(reply, [0]))])).toEqual(['probable', 'no'])
  })

  test('of which the end was not captured is read as far as it goes', () => {
    const cut = { bytes: request.subarray(0, 24), cut: true }
    expect(opinions(l2tp, [cut, down(reply)])).toEqual(['probable', 'confirmed'])
  })

  test.each<[string, Uint8Array]>([
    ['a length that is not its own', concat(request, [0])],
    ['another version', concat([0xc8, 1], request.subarray(2))],
    ['no sequence', concat([0xc0, 2], request.subarray(2))],
    ['an offset', concat([0xca, 2], request.subarray(2))],
    ['another attribute first', concat(request.subarray(0, 16), [0, 2], request.subarray(18))],
    ['the attribute of a vendor first', concat(request.subarray(0, 14), [0, 9], request.subarray(16))],
    ['a type that there is not', l2tpControl({ type: 99 })],
  ])('is none with %s', (_, bytes) => {
    expect(opinions(l2tp, [up(bytes)])).toEqual(['none'])
  })
})
