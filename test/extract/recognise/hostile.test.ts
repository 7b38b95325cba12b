import { describe, expect, test } from 'vitest'
import { amneziawg } from '../../../src/extract/recognise/amneziawg.ts'
import { discord } from '../../../src/extract/recognise/discord.ts'
import { esp } from '../../../src/extract/recognise/esp.ts'
import { ike } from '../../../src/extract/recognise/ike.ts'
import { ikeOverTcp } from '../../../src/extract/recognise/ike-over-tcp.ts'
import { l2tp } from '../../../src/extract/recognise/l2tp.ts'
import { loco } from '../../../src/extract/recognise/loco.ts'
import { mmtls } from '../../../src/extract/recognise/mmtls.ts'
import { mtproto } from '../../../src/extract/recognise/mtproto.ts'
import { oicq } from '../../../src/extract/recognise/oicq.ts'
import { openvpn, openvpnOverTcp } from '../../../src/extract/recognise/openvpn.ts'
import { pptp } from '../../../src/extract/recognise/pptp.ts'
import type { Protocol } from '../../../src/extract/recognise/protocol.ts'
import { softether } from '../../../src/extract/recognise/softether.ts'
import { tailscale } from '../../../src/extract/recognise/tailscale.ts'
import { telegramCall } from '../../../src/extract/recognise/telegram-call.ts'
import { whatsapp } from '../../../src/extract/recognise/whatsapp.ts'
import { wireguard } from '../../../src/extract/recognise/wireguard.ts'
import { zoom, zoomPeer } from '../../../src/extract/recognise/zoom.ts'
import {
  ascii,
  concat,
  espPacket,
  filler,
  ikeMessage,
  ikeStream,
  l2tpControl,
  openvpnControl,
  openvpnEncryptedControl,
  openvpnStream,
  pptpStart,
  random,
  softetherPack,
  wireguardData,
  wireguardInitiation,
  wireguardResponse,
} from '../../build/index.ts'
import { mutated } from '../../robustness/mutate.ts'
import {
  discordDiscovery,
  locoKey,
  mmtlsRecord,
  mtprotoRequest,
  oicqMessage,
  oldWhatsappHello,
  reflectorAnswer,
  reflectorQuestion,
  tailscaleDisco,
  whatsappHello,
  zoomBeginning,
  zoomPeerMessage,
} from './app-messages.ts'
import { down, Flow, type OpinionOrNone, opinions, type Sent, up } from './candidates.ts'
import { exchange, ordinary } from './ordinary.ts'

const protocols: readonly [string, Protocol][] = [
  ['wireguard', wireguard],
  ['amneziawg', amneziawg],
  ['ike', ike],
  ['ike over tcp', ikeOverTcp],
  ['esp', esp],
  ['openvpn', openvpn],
  ['openvpn over tcp', openvpnOverTcp],
  ['l2tp', l2tp],
  ['pptp', pptp],
  ['softether', softether],
  ['whatsapp', whatsapp],
  ['mtproto', mtproto],
  ['telegram call', telegramCall],
  ['discord', discord],
  ['zoom', zoom],
  ['zoom between participants', zoomPeer],
  ['oicq', oicq],
  ['mmtls', mmtls],
  ['loco', loco],
  ['tailscale', tailscale],
]
/** Ports on which something is looked for that is not on others. */
const PORTS = [443, 500, 4500, 4501]
const NOTHING: readonly OpinionOrNone[] = ['none', 'no', 'unknown']
const TOLD = /confirmed|probable/

/** What is said of a flow beyond that it cannot be told, on any of the ports. */
function told(protocol: Protocol, sent: readonly Sent[]): OpinionOrNone[] {
  return PORTS.flatMap((serverPort) => opinions(protocol, sent, { serverPort })).filter((one) => !NOTHING.includes(one))
}

const INITIATOR = filler(8, 1)
const RESPONDER = filler(8, 2)
const authenticated = { hash: 20, number: 1, time: 1_778_572_800 }
const named = { type: 8, session: RESPONDER, acknowledged: [0], remote: INITIATOR }

/** What each is told by. */
const conversations: readonly [string, Protocol, number, Sent[]][] = [
  [
    'WireGuard',
    wireguard,
    443,
    [up(wireguardInitiation(7)), down(wireguardResponse(8, 7)), up(wireguardData(8, 0, 64))],
  ],
  [
    'AmneziaWG',
    amneziawg,
    443,
    [up(wireguardInitiation(7, { padding: filler(9, 1) })), down(wireguardResponse(8, 7, { padding: filler(4, 1) }))],
  ],
  ...([1, 2] as const).map((version): [string, Protocol, number, Sent[]] => [
    `IKE of version ${version}`,
    ike,
    4500,
    [
      up(ikeMessage({ version, initiator: INITIATOR, marked: true })),
      down(ikeMessage({ version, initiator: INITIATOR, responder: RESPONDER, response: true, marked: true })),
      up(espPacket(0xc0ffee01, 1)),
    ],
  ]),
  [
    'IKE in TCP',
    ikeOverTcp,
    4500,
    [
      up(ikeStream([ikeMessage({ initiator: INITIATOR, marked: true })], { prefix: true })),
      down(ikeStream([ikeMessage({ initiator: INITIATOR, responder: RESPONDER, response: true, marked: true })])),
    ],
  ],
  ['ESP', esp, 4500, exchange(10, (i, first) => espPacket(first ? 0xc0ffee01 : 0xbadcab1e, 1 + (i >> 1)))],
  ['OpenVPN', openvpn, 1194, [up(openvpnControl({ type: 7, session: INITIATOR })), down(openvpnControl(named))]],
  [
    'OpenVPN with tls-auth',
    openvpn,
    1194,
    [
      up(openvpnControl({ type: 7, session: INITIATOR, authenticated })),
      down(openvpnControl({ ...named, authenticated })),
    ],
  ],
  [
    'OpenVPN with tls-crypt',
    openvpn,
    1194,
    exchange(4, (i, first) =>
      openvpnEncryptedControl({
        type: i > 1 ? 4 : first ? 7 : 8,
        session: first ? INITIATOR : RESPONDER,
        number: 1 + (i >> 1),
        time: 1_778_572_800,
      }),
    ),
  ],
  [
    'OpenVPN in TCP',
    openvpnOverTcp,
    1194,
    [
      up(openvpnStream([openvpnControl({ type: 7, session: INITIATOR })])),
      down(openvpnStream([openvpnControl({ ...named }), openvpnControl({ ...named, type: 4 })])),
    ],
  ],
  ['L2TP', l2tp, 1701, [up(l2tpControl({ type: 1 })), down(l2tpControl({ type: 2, connection: 5 }))]],
  ['PPTP', pptp, 1723, [up(pptpStart(1)), down(pptpStart(2))]],
  [
    'SoftEther',
    softether,
    5004,
    [
      up(softetherPack({ opcode: 'nat_t_connect_request', tran_id: INITIATOR, svc_name: 'SoftEther_VPN' })),
      down(softetherPack({ ok: 1, opcode: 'nat_t_connect_request', tran_id: INITIATOR })),
      down(ascii('IP=203.0.113.77,PORT=40211')),
    ],
  ],
  ['WhatsApp', whatsapp, 5222, [up(whatsappHello({ routed: true }))]],
  ['WhatsApp as it was', whatsapp, 443, [up(oldWhatsappHello())]],
  ['MTProto', mtproto, 443, [up(mtprotoRequest('intermediate'))]],
  [
    'a call of Telegram',
    telegramCall,
    1400,
    [up(reflectorQuestion(filler(16, 9))), down(reflectorAnswer(filler(16, 9)))],
  ],
  ['voice of Discord', discord, 50_004, [up(discordDiscovery(7)), down(discordDiscovery(7, '203.0.113.7'))]],
  ['Zoom', zoom, 8801, [up(zoomBeginning(1, 7)), down(zoomBeginning(2, 7))]],
  ['Zoom between participants', zoomPeer, 40_211, [up(zoomPeerMessage('192.0.2.17'))]],
  ['OICQ', oicq, 8000, [up(oicqMessage()), down(oicqMessage())]],
  ['mmtls', mmtls, 443, [up(mmtlsRecord(0x16, 208)), down(mmtlsRecord(0x16, 90))]],
  ['LOCO', loco, 995, [up(locoKey())]],
  ['Tailscale', tailscale, 41_641, [up(tailscaleDisco())]],
]

describe.each(protocols)('%s', (_, protocol) => {
  test.each(ordinary)('is not %s', (_, sent) => {
    expect(told(protocol, sent)).toEqual([])
  })

  test('is not confirmed by random datagrams that begin as its own do', () => {
    const next = random(9)
    const own = conversations.filter(([, other]) => other === protocol)
    for (let flows = 0; flows < 1000; flows++) {
      const [, , serverPort, sent] = own[flows % own.length]!
      const flow = new Flow(protocol, { serverPort })
      for (const { bytes, up } of [...sent, ...sent]) {
        const begins = bytes.subarray(0, Math.min(next() % 9, bytes.length))
        const rest = filler(bytes.length - begins.length, next())
        expect(flow.take({ bytes: concat(begins, rest), up: up ?? true })).not.toBe('confirmed')
      }
    }
  })
})

test('100,000 random datagrams tell nothing', () => {
  const next = random(7)
  const all = filler(1 << 16, 7)
  const said = new Set<OpinionOrNone>()
  for (let flow = 0; flow < 12_500; flow++) {
    const flows = protocols.map(([, protocol]) => new Flow(protocol, { serverPort: PORTS[flow % PORTS.length]! }))
    for (let i = 0; i < 8; i++) {
      const from = next() % (all.length - 256)
      const bytes = all.slice(from, from + 1 + (next() % 255))
      // A few that are not random: the bytes that candidates are looked for by.
      if (i % 2 === 0) bytes[0] = flow & 0x5f
      const up = next() % 2 === 0
      for (const one of flows) said.add(one.take({ bytes, up }))
    }
  }
  expect([...said].filter((one) => !NOTHING.includes(one))).toEqual([])
})

describe.each(conversations)('%s', (_, protocol, serverPort, sent) => {
  test('is told whole, and the same wherever it is cut, whatever stands around it', () => {
    expect(opinions(protocol, sent, { serverPort }).at(-1)).toMatch(TOLD)
    for (let which = 0; which < sent.length; which++) {
      for (let size = 0; size < sent[which]!.bytes.length; size++) {
        for (const cut of [false, true]) {
          const damaged = sent.map((one, i) =>
            i === which ? { ...one, bytes: one.bytes.subarray(0, size), cut } : one,
          )
          const one = opinions(protocol, damaged, { serverPort })
          expect(opinions(protocol, damaged, { serverPort, around: 0 })).toEqual(one)
        }
      }
    }
  })

  test('is told the same when it is damaged, whatever stands around it', () => {
    for (let number = 0; number < 2000; number++) {
      const next = random(number)
      const damaged = [...sent, ...sent].map(({ bytes, up }): Sent => {
        return { bytes: mutated(bytes, next).subarray(0, 1900), up: up ?? true, cut: next() % 4 === 0 }
      })
      const one = opinions(protocol, damaged, { serverPort })
      expect(opinions(protocol, damaged, { serverPort, around: 0xff })).toEqual(one)
    }
  })
})
