import { describe, expect, test } from 'vitest'
import {
  ascii,
  channelData,
  concat,
  filler,
  framed,
  MAPPED_ADDRESS,
  MS_TURN_REALM,
  MS_TURN_REMOTE_ADDRESS,
  msTurnCookie,
  random,
  STUN_BINDING,
  STUN_BINDING_SUCCESS,
  STUN_REALM,
  STUN_SOFTWARE,
  stunAddress,
  stunMessage,
  stunText,
  stunXorAddress,
  TURN_ALLOCATE,
  TURN_ALLOCATE_ERROR,
  TURN_ALLOCATE_SUCCESS,
  TURN_CREATE_PERMISSION,
  TURN_DATA,
  TURN_SEND,
  uint16,
  uint32,
  XOR_MAPPED_ADDRESS,
  XOR_PEER_ADDRESS,
  XOR_RELAYED_ADDRESS,
} from '../../build/index.ts'
import { mutated } from '../../robustness/mutate.ts'
import { MediaTraffic } from './media.ts'

const transaction = filler(12, 1)
const oldTransaction = filler(16, 2)
const request = stunMessage(STUN_BINDING, [stunText(6, 'abcd:efgh')], { transaction })
const response = stunMessage(STUN_BINDING_SUCCESS, [stunXorAddress(XOR_MAPPED_ADDRESS, '192.0.2.9', 5)], {
  transaction,
})
const oldRequest = stunMessage(STUN_BINDING, [{ type: 3, value: uint32(0) }], {
  cookie: false,
  transaction: oldTransaction,
})
const oldResponse = stunMessage(STUN_BINDING_SUCCESS, [stunAddress(MAPPED_ADDRESS, '192.0.2.9', 5)], {
  cookie: false,
  transaction: oldTransaction,
})

function said(...messages: readonly Uint8Array[]): string {
  const traffic = new MediaTraffic()
  for (const message of messages) traffic.send(message)
  return traffic.said
}

describe('STUN', () => {
  test('is probable by its cookie, its length and its attributes', () => {
    expect(said(request)).toBe('payload/stun/probable')
    expect(said(stunMessage(STUN_BINDING))).toBe('payload/stun/probable')
  })

  test('is confirmed by its checksum, and not by a wrong one', () => {
    const message = stunMessage(STUN_BINDING, [stunText(6, 'abcd:efgh')], { fingerprint: true })
    expect(said(message)).toBe('payload/stun/confirmed')
    for (let at = 0; at < message.length; at++) {
      const wrong = message.slice()
      wrong[at]! ^= 1
      expect(new MediaTraffic().send(wrong).last).not.toBe('confirmed')
    }
  })

  test('is confirmed by an answer the other way that has its transaction id', () => {
    expect(new MediaTraffic().send(request).back(response).said).toBe('payload/stun/confirmed')
    expect(new MediaTraffic().send(request).send(response).last).toBe('probable')
    expect(new MediaTraffic().send(request).back(request).last).toBe('probable')
    expect(new MediaTraffic().send(request).back(stunMessage(STUN_BINDING_SUCCESS)).last).toBe('probable')
  })

  test('is confirmed where several transactions are awaited', () => {
    const traffic = new MediaTraffic().send(request)
    for (let i = 0; i < 3; i++) traffic.send(stunMessage(STUN_BINDING, [], { transaction: filler(12, 50 + i) }))
    expect(traffic.back(response).last).toBe('confirmed')
  })

  test('without cookie is nothing until it is answered', () => {
    expect(new MediaTraffic().send(oldRequest).back(oldResponse).opinions).toEqual(['unknown', 'confirmed'])
    expect(new MediaTraffic().send(oldRequest).send(oldResponse).last).toBe('unknown')
    expect(new MediaTraffic().send(oldRequest).back(oldRequest).last).toBe('unknown')
    const other = stunMessage(STUN_BINDING_SUCCESS, [], { cookie: false, transaction: filler(16, 9) })
    expect(new MediaTraffic().send(oldRequest).back(other).last).toBe('unknown')
  })

  test.each([
    ['of another type', stunMessage(0x0005, [], { cookie: false })],
    ['with zeros for its transaction id', stunMessage(STUN_BINDING, [], { cookie: false, transaction: Array(16) })],
    ['with an attribute too long', concat(uint16(1), uint16(8), oldTransaction, uint16(3), uint16(8), uint32(0))],
    ['shorter than it says', oldRequest.subarray(0, oldRequest.length - 1)],
    ['longer than it says', concat(oldRequest, [0])],
  ])('without cookie is none %s', (_, message) => {
    expect(new MediaTraffic().send(message).last).toBe('none')
  })

  test('is none with another length, or with attributes that do not fill it', () => {
    expect(new MediaTraffic().send(concat(request, [0])).last).toBe('none')
    expect(new MediaTraffic().send(request.subarray(0, request.length - 1)).last).toBe('none')
    const overlong = concat(uint16(1), uint16(4), uint32(0x2112a442), transaction, uint16(6), uint16(1))
    expect(new MediaTraffic().send(overlong).last).toBe('none')
  })

  test('has attributes that end anywhere, the last at least', () => {
    const text = stunText(6, 'abcde')
    expect(said(stunMessage(STUN_BINDING, [text], { padded: false }))).toBe('payload/stun/probable')
    expect(said(stunMessage(STUN_BINDING, [text, text], { padded: false }))).toBe('payload/stun/probable')
  })

  test('is read as far as it was captured', () => {
    const message = stunMessage(TURN_ALLOCATE, [stunText(STUN_REALM, 'a.example'), stunText(6, 'a'.repeat(90))])
    const traffic = new MediaTraffic().send(message.subarray(0, 60), { cut: true })
    expect(traffic.said).toBe('payload/turn/probable')
    expect(traffic.observation.realm).toBe('a.example')
    for (let size = 20; size < message.length; size++) {
      expect(new MediaTraffic().send(message.subarray(0, size), { cut: true }).last).toBe('probable')
    }
  })

  test('is read later only where its length fits', () => {
    const refused = stunMessage(TURN_ALLOCATE_ERROR, [stunText(STUN_REALM, 'turn.example')])
    const traffic = new MediaTraffic().send(request).back(concat(refused, [0]))
    expect(traffic.said).toBe('payload/stun/probable')
    expect(traffic.observation.realm).toBe('')
  })

  test('stays what it is among other datagrams', () => {
    const traffic = new MediaTraffic().send(request).back(response)
    for (let i = 0; i < 40; i++) traffic.send(ascii('keepalive'))
    expect(traffic.said).toBe('payload/stun/confirmed')
  })
})

describe('TURN', () => {
  test('is told by its methods', () => {
    expect(said(request, stunMessage(TURN_ALLOCATE))).toBe('payload/turn/probable')
    expect(said(stunMessage(TURN_SEND))).toBe('payload/turn/probable')
    expect(said(request, response)).toBe('payload/stun/probable')
  })

  test('tells realm and software', () => {
    const software = stunText(STUN_SOFTWARE, "Relay-4.5 'a name'")
    const refused = stunMessage(TURN_ALLOCATE_ERROR, [stunText(STUN_REALM, 'turn.example'), software], { transaction })
    const traffic = new MediaTraffic().send(stunMessage(TURN_ALLOCATE, [], { transaction })).back(refused)
    expect(traffic.said).toBe('payload/turn/confirmed')
    expect(traffic.observation).toMatchObject({ realm: 'turn.example', software: "Relay-4.5 'a name'" })
  })

  test('has the first realm that it was told, without quotes and harmless', () => {
    const traffic = new MediaTraffic()
    for (const realm of ['', '"a\n\\é"', 'b.example']) {
      traffic.send(stunMessage(TURN_ALLOCATE_ERROR, [stunText(STUN_REALM, realm)]))
    }
    expect(traffic.observation.realm).toBe('a\\010\\092\\233')
  })

  test.each([
    ['a', 'a'],
    ['\0', '\\000'],
  ])('cuts text of %j that is too long', (character, shown) => {
    const text = stunText(STUN_SOFTWARE, character.repeat(700))
    const { software } = new MediaTraffic().send(stunMessage(TURN_ALLOCATE_ERROR, [text])).observation
    expect(software).toBe(shown.repeat(128 / shown.length))
  })

  test('tells the peers, each once', () => {
    const peers = ['192.0.2.9', '198.51.100.1', '192.0.2.9'].map((host) => stunXorAddress(XOR_PEER_ADDRESS, host, 5))
    const six = stunXorAddress(XOR_PEER_ADDRESS, '2001:db8::7', 5, transaction)
    const traffic = new MediaTraffic()
      .send(stunMessage(TURN_CREATE_PERMISSION, peers))
      .send(stunMessage(TURN_SEND, [six], { transaction }))
      .back(stunMessage(TURN_DATA, [stunXorAddress(XOR_PEER_ADDRESS, '198.51.100.1', 7)]))
    expect(traffic.peers).toEqual(['192.0.2.9', '198.51.100.1', '2001:db8::7'])
  })

  test('tells 16 peers at most', () => {
    const traffic = new MediaTraffic()
    for (let i = 0; i < 100; i++) {
      const peers = Array.from({ length: 12 }, (_, j) => stunXorAddress(XOR_PEER_ADDRESS, `192.0.${i}.${j}`, 5))
      traffic.send(stunMessage(TURN_CREATE_PERMISSION, peers))
    }
    expect(traffic.peers.length).toBe(16)
    expect(traffic.peers.slice(7, 9)).toEqual(['192.0.0.7', '192.0.1.0'])
  })

  test('does not tell the outside address of the client, nor what was relayed to it', () => {
    const addresses = [
      stunXorAddress(XOR_MAPPED_ADDRESS, '192.0.2.9', 5),
      stunXorAddress(XOR_RELAYED_ADDRESS, '198.51.100.7', 5),
      stunAddress(MAPPED_ADDRESS, '192.0.2.9', 5),
    ]
    const traffic = new MediaTraffic().back(stunMessage(TURN_ALLOCATE_SUCCESS, addresses))
    expect(traffic.said).toBe('payload/turn/probable')
    expect(traffic.peers).toEqual([])
    const checked = new MediaTraffic().send(
      stunMessage(STUN_BINDING, [stunXorAddress(XOR_PEER_ADDRESS, '192.0.2.9', 5)]),
    )
    expect(checked.peers).toEqual([])
  })

  test('passes over addresses of other lengths or families', () => {
    const good = stunXorAddress(XOR_PEER_ADDRESS, '192.0.2.9', 5)
    const value = concat(good.value)
    const bad = [
      { type: XOR_PEER_ADDRESS, value: [] },
      { type: XOR_PEER_ADDRESS, value: value.slice(0, 7) },
      { type: XOR_PEER_ADDRESS, value: concat([0, 2], value.slice(2)) },
      { type: XOR_PEER_ADDRESS, value: concat([0, 3], value.slice(2)) },
    ]
    expect(new MediaTraffic().send(stunMessage(TURN_CREATE_PERMISSION, [...bad, good])).peers).toEqual(['192.0.2.9'])
  })

  test("of Microsoft's has another cookie, no padding and addresses as they are", () => {
    const attributes = [
      msTurnCookie(),
      stunText(STUN_SOFTWARE, 'abc'),
      stunText(MS_TURN_REALM, '"media"'),
      stunText(STUN_REALM, 'a nonce'),
      stunAddress(MS_TURN_REMOTE_ADDRESS, '192.0.2.9', 5),
    ]
    for (const cookie of [false, true]) {
      const traffic = new MediaTraffic().send(stunMessage(0x0115, attributes, { cookie, padded: false }))
      expect(traffic.said).toBe('payload/turn/probable')
      expect(traffic.observation).toMatchObject({ realm: 'media', software: 'abc' })
      expect(traffic.peers).toEqual(['192.0.2.9'])
    }
  })
})

describe('in a stream', () => {
  const allocate = stunMessage(TURN_ALLOCATE, [stunText(6, 'a'.repeat(300))], { transaction })
  const refused = stunMessage(TURN_ALLOCATE_ERROR, [stunText(STUN_REALM, 'turn.example')], { transaction })
  const channel = channelData(0x4001, filler(33, 1), { padded: true })

  test('TURN stands as it is', () => {
    const traffic = new MediaTraffic({ tcp: true }).send(allocate).back(refused)
    expect(traffic.opinions).toEqual(['probable', 'confirmed'])
    expect(traffic.observation.realm).toBe('turn.example')
  })

  test.each([
    ['as they are', [allocate, channel, channel, request, refused]],
    ['behind lengths', [allocate, filler(5, 1), request, new Uint8Array(0), refused].map((part) => framed(part))],
  ])('messages are found however segments part them: %s', (_, parts) => {
    const stream = concat(...parts)
    for (let size = 100; size < 700; size++) {
      const traffic = new MediaTraffic({ tcp: true })
      const last = stream.length - parts.at(-1)!.length
      for (let at = 0; at < last; at += size) traffic.send(stream.subarray(at, Math.min(at + size, last)))
      expect(traffic.said, `${size}`).toBe('payload/turn/probable')
      // A header that two segments share is lost, and found again with the next.
      expect(traffic.send(stream.subarray(last)).observation.realm, `${size}`).toBe('turn.example')
    }
  })

  test('what was lost is got over', () => {
    const traffic = new MediaTraffic({ tcp: true }).send(allocate.subarray(0, 200)).send(channel).back(refused)
    expect(traffic.said).toBe('payload/turn/confirmed')
    expect(traffic.observation.realm).toBe('turn.example')
  })

  test('it must begin with a message that has the cookie', () => {
    for (const bytes of [oldRequest, channel, framed(oldRequest), concat([0], request), framed(concat(request, [0]))]) {
      expect(new MediaTraffic({ tcp: true }).send(bytes).last).toBe('none')
    }
  })
})

describe('whatever is sent', () => {
  const messages = [
    stunMessage(TURN_CREATE_PERMISSION, [
      stunXorAddress(XOR_PEER_ADDRESS, '192.0.2.9', 5),
      stunText(STUN_REALM, 'turn.example'),
      stunText(STUN_SOFTWARE, 'abc'),
      { type: 0x0013, value: filler(40, 1) },
    ]),
    stunMessage(0x0115, [msTurnCookie(), stunText(MS_TURN_REALM, 'media')], { padded: false }),
    oldRequest,
    channelData(0x4000, request),
  ]

  test('a message with very many attributes is none', () => {
    const attributes = Array.from({ length: 65 }, () => stunText(6, ''))
    expect(new MediaTraffic().send(stunMessage(STUN_BINDING, attributes)).last).toBe('none')
    expect(new MediaTraffic().send(stunMessage(STUN_BINDING, attributes.slice(1))).last).toBe('probable')
    const endless = concat(uint16(1), uint16(65_512), uint32(0x2112a442), transaction, new Uint8Array(65_512))
    expect(new MediaTraffic().send(endless).last).toBe('none')
  })

  test('every length of every attribute is borne', () => {
    for (const message of messages) {
      for (let at = 2; at + 1 < message.length; at++) {
        for (const length of [0, 1, 3, 4, 0x7fff, 0xfffc, 0xffff]) {
          const wrong = message.slice()
          wrong.set(uint16(length), at)
          const traffic = new MediaTraffic().send(wrong).send(wrong, { cut: true })
          expect(traffic.observation.realm.length).toBeLessThanOrEqual(128)
        }
      }
    }
  })

  test('what stands around a message is not read', () => {
    for (let number = 0; number < 5000; number++) {
      const next = random(number)
      const message = mutated(messages[next() % messages.length]!, next)
      const tcp = next() % 2 === 0
      const cut = next() % 4 === 0
      const [one, other] = [0, 255].map((around) => {
        const traffic = new MediaTraffic({ tcp, around })
        for (let i = 0; i < 3 && message.length > 0; i++) traffic.send(message, { cut, up: i % 2 === 0 })
        return [traffic.opinions, traffic.peers, traffic.observation.realm, traffic.observation.software]
      })
      expect(one).toEqual(other)
    }
  })

  test('100,000 random datagrams are nothing', () => {
    const next = random(3)
    const bytes = filler(4096, 4)
    for (let flow = 0; flow < 2500; flow++) {
      const traffic = new MediaTraffic({ tcp: flow % 4 === 0 })
      for (let i = 0; i < 40; i++) {
        const from = next() % 4000
        const datagram = bytes.slice(from, from + 1 + (next() % 90))
        // As what is looked at begins: types, lengths and channels.
        if (flow % 3 > 0) datagram[0] = [0, 1, 8, 0x16, 0x40, 0x4f, 0x80, 0x90, 0xff][next() % 9]!
        if (flow % 3 > 1 && datagram.length > 4) datagram.set(uint16(datagram.length - (i % 2 === 0 ? 20 : 4)), 2)
        datagram[datagram.length - 1] = next() & 255
        traffic.send(datagram, { up: next() % 2 === 0, cut: next() % 16 === 0 })
      }
      for (const opinion of traffic.opinions) expect(['none', 'no', 'unknown']).toContain(opinion)
    }
  })
})
