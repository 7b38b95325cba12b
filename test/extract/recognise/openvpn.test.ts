import { describe, expect, test } from 'vitest'
import { openvpn, openvpnOverTcp } from '../../../src/extract/recognise/openvpn.ts'
import {
  concat,
  filler,
  OPENVPN_ACKNOWLEDGEMENT,
  OPENVPN_CLIENT_RESET,
  OPENVPN_CLIENT_RESET_3,
  OPENVPN_CONTROL,
  OPENVPN_DATA,
  OPENVPN_SERVER_RESET,
  openvpnControl,
  openvpnEncryptedControl,
  openvpnStream,
} from '../../build/index.ts'
import { down, opinions, type Sent, up } from './candidates.ts'

const client = filler(8, 1)
const server = filler(8, 2)
const NOW = 1_778_572_800

const reset = openvpnControl({ type: OPENVPN_CLIENT_RESET, session: client })
const answer = openvpnControl({ type: OPENVPN_SERVER_RESET, session: server, acknowledged: [0], remote: client })
const silent = openvpnControl({ type: OPENVPN_SERVER_RESET, session: server })
const data = concat([OPENVPN_DATA << 3], filler(80, 3))

describe('OpenVPN in UDP', () => {
  test('is confirmed where the server names the session of the client', () => {
    expect(opinions(openvpn, [up(reset), down(answer)])).toEqual(['unknown', 'confirmed'])
  })

  test('is confirmed where the client names that of the server, among data', () => {
    const names = { type: OPENVPN_ACKNOWLEDGEMENT, session: client, acknowledged: [0, 1, 2], remote: server }
    const sent = [up(reset), down(silent), up(data), up(openvpnControl(names))]
    expect(opinions(openvpn, sent)).toEqual(['unknown', 'unknown', 'unknown', 'confirmed'])
  })

  test('is confirmed where its keys are made anew', () => {
    const soft = openvpnControl({ type: 3, session: client })
    const back = openvpnControl({ type: OPENVPN_CONTROL, session: server, acknowledged: [0], remote: client })
    expect(opinions(openvpn, [up(soft), down(back)])).toEqual(['unknown', 'confirmed'])
  })

  test.each([16, 20, 28, 32, 48, 64])('is confirmed behind a code of %i bytes (tls-auth)', (hash) => {
    const authenticated = { hash, number: 1, time: NOW }
    const there = openvpnControl({ type: OPENVPN_CLIENT_RESET, session: client, authenticated })
    const fields = { type: OPENVPN_SERVER_RESET, session: server, acknowledged: [0], remote: client, authenticated }
    expect(opinions(openvpn, [up(there), down(openvpnControl(fields))])).toEqual(['unknown', 'confirmed'])
  })

  test.each<[string, readonly Sent[]]>([
    ['one side alone', [up(reset), up(openvpnControl({ type: OPENVPN_CONTROL, session: client, message: 1 }))]],
    ['a server that names another', [up(reset), down(openvpnControl({ ...fieldsOf(filler(8, 9)) }))]],
    ['a client that names itself', [up(reset), up(openvpnControl({ ...fieldsOf(client), session: client }))]],
    ['a server that names nobody', [up(reset), down(silent)]],
    ['data', [up(reset), ...Array<Sent>(20).fill(down(data))]],
    ['sessions that are no random bytes', [up(openvpnControl({ type: 7, session: new Uint8Array(8) })), down(answer)]],
  ])('is not told by %s', (_, sent) => {
    for (const opinion of opinions(openvpn, sent)) expect(['none', 'unknown', 'no']).toContain(opinion)
  })

  function fieldsOf(remote: Uint8Array) {
    return { type: OPENVPN_SERVER_RESET, session: server, acknowledged: [0], remote }
  }

  test('ends where a side has another session, or something else is sent', () => {
    const other = openvpnControl({ type: OPENVPN_CONTROL, session: filler(8, 5) })
    expect(opinions(openvpn, [up(reset), up(other)])).toEqual(['unknown', 'no'])
    expect(opinions(openvpn, [up(reset), down(concat([0xf8], filler(40, 1)))])).toEqual(['unknown', 'no'])
  })

  test('that begins anew has new sessions', () => {
    const anew = openvpnControl({ type: OPENVPN_CLIENT_RESET, session: filler(8, 7) })
    const named = openvpnControl({ ...fieldsOf(filler(8, 7)), session: filler(8, 8) })
    expect(opinions(openvpn, [up(reset), down(silent), up(anew), down(named)]).at(-1)).toBe('confirmed')
  })
})

describe('OpenVPN with tls-crypt', () => {
  function encrypted(session: Uint8Array, type: number, number: number, time = NOW): Uint8Array {
    return openvpnEncryptedControl({ type, session, number, time }, 40)
  }
  const resets = [up(encrypted(client, OPENVPN_CLIENT_RESET, 1)), down(encrypted(server, OPENVPN_SERVER_RESET, 1))]

  test('is probable where after both resets each side goes on with its own', () => {
    const goesOn = [up(encrypted(client, OPENVPN_CONTROL, 2)), down(encrypted(server, OPENVPN_CONTROL, 2))]
    expect(opinions(openvpn, [...resets, ...goesOn])).toEqual(['unknown', 'unknown', 'unknown', 'probable'])
  })

  test('of version 2 begins with another reset, another number and a key', () => {
    const first = openvpnEncryptedControl(
      { type: OPENVPN_CLIENT_RESET_3, session: client, number: 0x0f000001, time: NOW },
      300,
    )
    const sent = [
      up(first),
      down(encrypted(server, OPENVPN_SERVER_RESET, 1, NOW + 30)),
      up(encrypted(client, 11, 0x0f000002)),
      down(encrypted(server, OPENVPN_CONTROL, 3, NOW + 30)),
    ]
    expect(opinions(openvpn, sent).at(-1)).toBe('probable')
  })

  test.each<[string, readonly Sent[]]>([
    ['resets alone', resets],
    ['one side that goes on', [...resets, up(encrypted(client, OPENVPN_CONTROL, 2)), up(encrypted(client, 5, 3))]],
    ['numbers that jump', [...resets, up(encrypted(client, 4, 99)), down(encrypted(server, 4, 99))]],
    ['numbers that stay', [...resets, up(encrypted(client, 4, 1)), down(encrypted(server, 4, 1))]],
    ['times that change', [...resets, up(encrypted(client, 4, 2, NOW + 1)), down(encrypted(server, 4, 2, NOW + 1))]],
    [
      'two clients',
      [resets[0]!, down(encrypted(server, 7, 1)), up(encrypted(client, 4, 2)), down(encrypted(server, 4, 2))],
    ],
    ['no resets', [1, 2].flatMap((n) => [up(encrypted(client, 4, n)), down(encrypted(server, 4, n))])],
    ['clocks that differ', [NOW, 1_100_000_000].flatMap((time, i) => session(i === 0, time))],
    ['times before there were any', [true, false].flatMap((first) => session(first, 7))],
  ])('is not told by %s', (_, sent) => {
    for (const opinion of opinions(openvpn, sent)) expect(['unknown', 'no']).toContain(opinion)
  })

  function session(first: boolean, time: number): Sent[] {
    const types = [first ? OPENVPN_CLIENT_RESET : OPENVPN_SERVER_RESET, OPENVPN_CONTROL]
    return types.map((type, i) => ({ up: first, bytes: encrypted(first ? client : server, type, i + 1, time) }))
  }
})

describe('OpenVPN in TCP', () => {
  test('is confirmed where the server names the session of the client', () => {
    const sent = [up(openvpnStream([reset])), down(openvpnStream([answer]))]
    expect(opinions(openvpnOverTcp, sent)).toEqual(['unknown', 'confirmed'])
  })

  test('is found in any message of a segment, and behind one that ends in another', () => {
    const hello = openvpnControl({ type: OPENVPN_CONTROL, session: server, message: 1, payload: filler(300, 1) })
    const stream = openvpnStream([silent, hello, openvpnControl({ ...named, message: 2 })])
    expect(opinions(openvpnOverTcp, [up(openvpnStream([reset])), down(stream)]).at(-1)).toBe('confirmed')
    const parts = [stream.subarray(0, 200), stream.subarray(200, 320), stream.subarray(320)].map(down)
    expect(opinions(openvpnOverTcp, [up(openvpnStream([reset])), ...parts]).at(-1)).toBe('confirmed')
  })
  const named = { type: OPENVPN_CONTROL, session: server, acknowledged: [0, 1], remote: client }

  test('is not looked for behind a segment that is missing, or behind half a length', () => {
    const stream = openvpnStream([silent, openvpnControl(named)])
    const gap = { bytes: stream.subarray(20), up: false, sequence: 9000 }
    const sent = [up(openvpnStream([reset])), down(stream.subarray(0, 16)), gap]
    expect(opinions(openvpnOverTcp, sent)).toEqual(['unknown', 'unknown', 'unknown'])
    const halved = [up(openvpnStream([reset])), down(stream.subarray(0, 17)), down(stream.subarray(17))]
    expect(opinions(openvpnOverTcp, halved)).toEqual(['unknown', 'unknown', 'unknown'])
  })

  test('ends where something else is sent', () => {
    expect(opinions(openvpnOverTcp, [up(openvpnStream([reset])), down(new Uint8Array(40))])).toEqual(['unknown', 'no'])
    expect(opinions(openvpnOverTcp, [up(openvpnStream([reset])), down(filler(60, 4))]).at(-1)).not.toBe('confirmed')
  })

  test('begins with a whole message', () => {
    expect(opinions(openvpnOverTcp, [up(openvpnStream([reset]).subarray(0, 15))])).toEqual(['none'])
    expect(opinions(openvpnOverTcp, [up(openvpnStream([data]))])).toEqual(['none'])
  })
})
