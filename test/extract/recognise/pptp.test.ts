import { describe, expect, test } from 'vitest'
import { pptp } from '../../../src/extract/recognise/pptp.ts'
import { concat, filler, PPTP_START_REPLY, PPTP_START_REQUEST, pptpControl, pptpStart } from '../../build/index.ts'
import { down, opinions, up } from './candidates.ts'

const request = pptpStart(PPTP_START_REQUEST)
const reply = pptpStart(PPTP_START_REPLY)

describe('PPTP', () => {
  test('is probable, and confirmed by a reply', () => {
    expect(opinions(pptp, [up(request), down(reply)])).toEqual(['probable', 'confirmed'])
    expect(opinions(pptp, [up(request), up(request)])).toEqual(['probable', 'probable'])
  })

  test('that was under way is told by any of its messages', () => {
    const echo = pptpControl(5, filler(4, 1))
    expect(opinions(pptp, [down(echo), up(pptpControl(6, filler(8, 1)))])).toEqual(['probable', 'confirmed'])
  })

  test('goes on over segments that do not begin with a message', () => {
    const sent = [up(request.subarray(0, 100)), up(request.subarray(100)), down(concat(reply, reply))]
    expect(opinions(pptp, sent)).toEqual(['probable', 'probable', 'confirmed'])
  })

  test.each<[string, Uint8Array]>([
    ['another cookie', concat(request.subarray(0, 7), [0x4e], request.subarray(8))],
    ['the length of another message', concat([0, 16], request.subarray(2))],
    ['a message for management', concat(request.subarray(0, 2), [0, 2], request.subarray(4))],
    ['a type that there is not', pptpControl(16, filler(4, 1))],
    ['no type', pptpControl(0, filler(4, 1))],
    ['reserved bytes that are set', concat(request.subarray(0, 10), [0, 1], request.subarray(12))],
    ['only a part of the header', request.subarray(0, 11)],
  ])('is none with %s', (_, bytes) => {
    expect(opinions(pptp, [up(bytes)])).toEqual(['none'])
  })
})
