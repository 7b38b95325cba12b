import { describe, expect, test } from 'vitest'
import { softether } from '../../../src/extract/recognise/softether.ts'
import { ascii, concat, filler, softetherPack, uint32 } from '../../build/index.ts'
import { down, opinions, type Sent, up } from './candidates.ts'

const transaction = filler(8, 1)
const values = {
  opcode: 'nat_t_connect_request',
  tran_id: transaction,
  dest_ip: '192.0.2.9',
  cookie: new Uint8Array(8),
  svc_name: 'SoftEther_VPN',
  nat_traversal_version: 1,
}
const request = softetherPack(values)
const answered = { ok: 1, opcode: 'nat_t_connect_request', result_ip: '192.0.2.9', result_port: 11_335 }
const answer = softetherPack({ ...answered, tran_id: transaction })

describe('a way to a server of SoftEther', () => {
  test('is probable where a relay is asked for it, and confirmed by the answer', () => {
    expect(opinions(softether, [up(request), up(request), down(answer)])).toEqual(['probable', 'probable', 'confirmed'])
    expect(opinions(softether, [down(answer)])).toEqual(['probable'])
  })

  test.each(['get_token', 'nat_t_register', 'nat_t_connect_relay'])('is what %s is about', (opcode) => {
    expect(opinions(softether, [up(softetherPack({ opcode, tran_id: transaction }))])).toEqual(['probable'])
  })

  test('is not confirmed by the answer to another', () => {
    const other = softetherPack({ ...answered, tran_id: filler(8, 2) })
    expect(opinions(softether, [up(request), down(other)])).toEqual(['probable', 'probable'])
  })

  test.each<[string, Uint8Array]>([
    ['something else is asked', softetherPack({ ...values, opcode: 'nat_t_something' })],
    ['nothing is asked', softetherPack({ tran_id: transaction, svc_name: 'SoftEther_VPN' })],
    ['nothing is numbered', softetherPack({ opcode: 'get_token', token: 'a' })],
    ['more is behind it', concat(request, [0])],
    ['its end is missing', request.subarray(0, -1)],
    ['it has more elements than it says', concat(uint32(2), request.subarray(4))],
    ['it has fewer elements than it says', concat(uint32(7), request.subarray(4))],
    ['a name goes on behind it', concat(request.subarray(0, 4), uint32(64), request.subarray(8, 40))],
    ['a text goes on behind it', concat(request.subarray(0, 4 + 4 + 6 + 8), uint32(0xffffffff), request.subarray(26))],
  ])('is none where %s', (_, bytes) => {
    for (const opinion of opinions(softether, [up(bytes)])) expect(['none', 'no']).toContain(opinion)
  })
})

describe('the question of SoftEther for an own address', () => {
  const answer = ascii('IP=203.0.113.77,PORT=40211')

  test('is indicative by its answer, and probable with it', () => {
    const sent = [up(ascii('B')), down(answer), up(ascii('B')), down(answer)]
    expect(opinions(softether, sent)).toEqual(['none', 'indicative', 'probable', 'probable'])
  })

  test.each(['IP=2001:db8::7,PORT=40211', 'IP=203.0.113.77,PORT=40211#more', 'IP=203.0.113.77,PORT=1\0'])(
    'is told by %j',
    (text) => {
      expect(opinions(softether, [down(ascii(text))])).toEqual(['indicative'])
    },
  )

  test.each([
    'IP=,PORT=40211',
    'IP=203.0.113.77,PORT=',
    'IP=203.0.113.77,PORT=402110',
    'IP=203.0.113.77;PORT=40211',
    'IP=203.0.113.77,PORT=40211 and more',
    'IP=host.example,PORT=40211',
    'IPv4=203.0.113.77,PORT=40211',
    'IP=203.0.113.77',
    `IP=203.0.113.77,PORT=40211#${'-'.repeat(50)}`,
  ])('is not told by %j', (text) => {
    expect(opinions(softether, [down(ascii(text))])).toEqual(['none'])
  })

  test('ends where something else is sent', () => {
    const sent: Sent[] = [down(answer), up(filler(50, 1))]
    expect(opinions(softether, sent)).toEqual(['indicative', 'no'])
  })
})
