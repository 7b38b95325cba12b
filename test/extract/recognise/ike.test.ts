import { describe, expect, test } from 'vitest'
import { ike } from '../../../src/extract/recognise/ike.ts'
import { ikeOverTcp } from '../../../src/extract/recognise/ike-over-tcp.ts'
import {
  ascii,
  concat,
  espPacket,
  filler,
  IKE_AUTH,
  IKE_QUICK_MODE,
  ikeMessage,
  ikeStream,
  NAT_KEEPALIVE,
  uint32,
} from '../../build/index.ts'
import { down, Flow, opinions, type Sent, up } from './candidates.ts'

const initiator = filler(8, 1)
const responder = filler(8, 2)
const request = ikeMessage({ initiator })
const answer = ikeMessage({ initiator, responder, response: true })

/** `bytes` with other ones at `at`. */
function altered(bytes: Uint8Array, at: number, ...others: readonly number[]): Uint8Array {
  const copy = bytes.slice()
  copy.set(others, at)
  return copy
}

function protocolOf(sent: readonly Sent[]): string | undefined {
  const flow = new Flow(ike)
  for (const one of sent) flow.take(one)
  return flow.candidate?.protocol
}

describe('IKE', () => {
  test.each([
    ['of version 2', { initiator }, { initiator, responder, response: true }, 'ikev2'],
    ['of version 1', { version: 1, initiator }, { version: 1, initiator, responder }, 'ikev1'],
    ['behind its marker', { initiator, marked: true }, { initiator, responder, response: true, marked: true }, 'ikev2'],
  ] as const)('%s is probable, and confirmed where the responder gives itself an SPI', (_, there, back, protocol) => {
    const sent = [up(ikeMessage(there)), down(ikeMessage(back))]
    expect(opinions(ike, sent)).toEqual(['probable', 'confirmed'])
    expect(opinions(ike, [sent[0]!, sent[0]!])).toEqual(['probable', 'probable'])
    expect(opinions(ike, [sent[1]!])).toEqual(['probable'])
    expect(protocolOf(sent)).toBe(protocol)
  })

  test('that was under way is confirmed where it goes both ways', () => {
    const later = { initiator, responder, exchange: IKE_AUTH, message: 1 }
    const sent = [up(ikeMessage(later)), down(ikeMessage({ ...later, response: true }))]
    expect(opinions(ike, sent)).toEqual(['probable', 'confirmed'])
    const quick = ikeMessage({ version: 1, exchange: IKE_QUICK_MODE, initiator, responder, message: 7 })
    expect(opinions(ike, [up(quick), down(quick)])).toEqual(['probable', 'confirmed'])
  })

  test('is not confirmed by a responder without an SPI or with that of another initiator', () => {
    const asks = ikeMessage({ initiator, response: true })
    expect(opinions(ike, [up(request), down(asks)])).toEqual(['probable', 'probable'])
    const other = ikeMessage({ initiator: filler(8, 3), responder, response: true })
    expect(opinions(ike, [up(request), down(other)])).toEqual(['probable', 'probable'])
  })

  test('is confirmed by ESP both ways where only one side of it was seen', () => {
    const marked = ikeMessage({ initiator, responder, exchange: IKE_AUTH, message: 2, marked: true })
    const sent = [up(marked), ...[1, 2].flatMap((n) => [up(espPacket(0xc0ffee01, n)), down(espPacket(0xc0ffee02, n))])]
    expect(opinions(ike, sent)).toEqual(['probable', 'probable', 'probable', 'probable', 'confirmed'])
  })

  test('goes on over ESP and what keeps its ports open', () => {
    const marked = ikeMessage({ initiator, marked: true })
    const back = ikeMessage({ initiator, responder, response: true, marked: true })
    const sent = [
      up(marked),
      down(back),
      up(NAT_KEEPALIVE),
      up(espPacket(0xc0ffee01, 1)),
      down(espPacket(0xbadcab1e, 1)),
    ]
    expect(opinions(ike, sent)).toEqual(['probable', ...Array(4).fill('confirmed')])
  })

  test('ends where something else is sent', () => {
    expect(opinions(ike, [up(request), up(filler(100, 1))])).toEqual(['probable', 'no'])
    expect(opinions(ike, [up(request), up(espPacket(0xc0ffee01, 1))])).toEqual(['probable', 'no'])
  })

  test('of which the end was not captured is read as far as it goes', () => {
    const cut = (bytes: Uint8Array) => ({ bytes: bytes.subarray(0, 60), cut: true })
    expect(opinions(ike, [cut(request), { ...cut(answer), up: false }])).toEqual(['probable', 'confirmed'])
  })

  test.each<[string, Uint8Array]>([
    ['a length that is not its own', altered(request, 24, ...uint32(request.length + 1))],
    ['more behind it', concat(request, [0])],
    ['less of it', request.subarray(0, -1)],
    ['another version', altered(request, 17, 0x30)],
    ['a minor version', altered(request, 17, 0x21)],
    ['an exchange that there is not', altered(request, 18, 33)],
    ['flags that must be clear', altered(request, 19, 0x48)],
    ['a payload that there is not', altered(request, 16, 7)],
    ['a number where the first has none', altered(request, 20, 0, 0, 0, 1)],
    ['no SPI', altered(request, 0, ...new Uint8Array(8))],
    ['a later exchange without the SPI of the responder', ikeMessage({ initiator, exchange: IKE_AUTH, message: 1 })],
    ['no payload', concat(initiator, new Uint8Array(8), [0, 0x20, 34, 8], uint32(0), uint32(28))],
    ['only the header', request.subarray(0, 27)],
  ])('is none with %s', (_, bytes) => {
    expect(opinions(ike, [up(bytes)])).toEqual(['none'])
  })

  test.each<[string, Uint8Array]>([
    ['too short', altered(request, 28 + 2, 0, 3)],
    ['that ends behind the message', altered(request, 28 + 2, 4, 0)],
    ['whose reserved bits are set', altered(request, 28 + 1, 1)],
    ['that is not followed', altered(request, 28, 0)],
  ])('is none with a payload %s', (_, bytes) => {
    expect(opinions(ike, [up(bytes)])).toEqual(['no'])
  })

  test('is none on its port where WARP speaks there', () => {
    const warp = concat([4, 0xa1, 0xb2, 0xc3], filler(92, 4))
    expect(opinions(ike, [up(warp), down(warp)], { serverPort: 500 })).toEqual(['none', 'none'])
  })
})

describe('IKE in TCP', () => {
  const marked = { initiator, marked: true }
  const first = ikeStream([ikeMessage(marked)], { prefix: true })
  const back = ikeStream([ikeMessage({ ...marked, responder, response: true })])

  test('is probable by how it begins, and confirmed by the answer', () => {
    expect(opinions(ikeOverTcp, [up(first), down(back)])).toEqual(['probable', 'confirmed'])
    const sent = [up(first.subarray(0, 6)), up(first.subarray(6)), down(back)]
    expect(opinions(ikeOverTcp, sent)).toEqual(['indicative', 'probable', 'confirmed'])
  })

  test('is indicative where nothing of it follows, and none without its beginning', () => {
    expect(opinions(ikeOverTcp, [up(ascii('IKETCP')), down(filler(80, 1))])).toEqual(['indicative', 'indicative'])
    expect(opinions(ikeOverTcp, [up(first.subarray(6)), down(back)])).toEqual(['none', 'none'])
  })

  test('is not confirmed by an answer to another', () => {
    const other = ikeStream([ikeMessage({ initiator: filler(8, 3), responder, response: true, marked: true })])
    expect(opinions(ikeOverTcp, [up(first), down(other)])).toEqual(['probable', 'probable'])
  })

  test('may have messages that go on in other segments', () => {
    expect(opinions(ikeOverTcp, [up(first.subarray(0, 60)), down(back.subarray(0, 60))])).toEqual([
      'probable',
      'confirmed',
    ])
  })
})
