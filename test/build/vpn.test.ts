import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Ends,
  espPacket,
  filler,
  IKE_AUTH,
  IKE_QUICK_MODE,
  ikeMessage,
  L2TP_START_REPLY,
  L2TP_START_REQUEST,
  LINKTYPE_RAW,
  l2tpControl,
  NAT_KEEPALIVE,
  OPENVPN_CLIENT_RESET,
  OPENVPN_SERVER_RESET,
  openvpnControl,
  openvpnStream,
  PPTP_START_REPLY,
  PPTP_START_REQUEST,
  pcap,
  pptpStart,
  reversed,
  tcpPacket,
  udpPacket,
  wireguardCookie,
  wireguardData,
  wireguardInitiation,
  wireguardResponse,
} from './index.ts'
import { tshark, tsharkInstalled } from './tshark.ts'

const initiator = filler(8, 1)
const responder = filler(8, 2)
/** As tshark prints a session. */
const client = String(Buffer.from(initiator).readBigUInt64BE())
const reset = openvpnControl({ type: OPENVPN_CLIENT_RESET, session: initiator })
const answer = openvpnControl({ type: OPENVPN_SERVER_RESET, session: responder, acknowledged: [0], remote: initiator })

function ends(destinationPort: number): Ends {
  return { source: '10.0.0.5', destination: '198.51.100.7', sourcePort: 40_000, destinationPort }
}

/** What goes there, and what comes back. */
function datagrams(port: number, there: readonly Uint8Array[], back: readonly Uint8Array[] = []): Uint8Array[] {
  return [
    ...there.map((bytes) => udpPacket(ends(port), bytes)),
    ...back.map((bytes) => udpPacket(reversed(ends(port)), bytes)),
  ]
}

function segments(port: number, there: Uint8Array, back: Uint8Array): Uint8Array[] {
  return [
    tcpPacket(ends(port), { sequence: 1, payload: there }),
    tcpPacket(reversed(ends(port)), { sequence: 1, payload: back }),
  ]
}

const wireguard = datagrams(
  51_820,
  [wireguardInitiation(77), wireguardData(88, 5, 64)],
  [wireguardResponse(88, 77), wireguardCookie(77)],
)
const ike = [
  ...datagrams(500, [ikeMessage({ initiator })], [ikeMessage({ initiator, responder, response: true })]),
  ...datagrams(4500, [ikeMessage({ initiator, responder, exchange: IKE_AUTH, message: 1, marked: true })]),
  ...datagrams(500, [
    ikeMessage({ version: 1, initiator }),
    ikeMessage({ version: 1, initiator, responder, exchange: IKE_QUICK_MODE, message: 7 }),
  ]),
]
const esp = datagrams(4500, [espPacket(0xc0ffee01, 9), NAT_KEEPALIVE])
const openvpn = [
  ...datagrams(1194, [reset], [answer]),
  ...segments(1194, openvpnStream([reset]), openvpnStream([answer])),
]
const l2tp = [
  ...datagrams(
    1701,
    [l2tpControl({ type: L2TP_START_REQUEST }), l2tpControl({ connection: 9 })],
    [l2tpControl({ type: L2TP_START_REPLY, connection: 5 })],
  ),
  ...datagrams(1701, [l2tpControl({ type: L2TP_START_REQUEST, version: 3 })]),
]
const pptp = segments(1723, pptpStart(PPTP_START_REQUEST), pptpStart(PPTP_START_REPLY))

describe.skipIf(!tsharkInstalled)('tshark reads without complaint', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'offchannel-vpn-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each<[string, readonly Uint8Array[], string, readonly string[]]>([
    ['what WireGuard answers', wireguard, 'wg.receiver', ['0x00000058', '0x0000004d', '0x0000004d']],
    ['exchanges of IKE', ike, 'isakmp.exchangetype', ['34', '34', '35', '2', '32']],
    ['proposals of IKE', ike, 'isakmp.tf.id.encr', ['20', '20']],
    ['numbers of ESP', esp, 'esp.sequence', ['9']],
    ['what OpenVPN acknowledges', openvpn, 'openvpn.rsessionid', [client, client]],
    ['types of L2TP', l2tp, 'l2tp.avp.message_type', ['1', '2', '1']],
    ['types of PPTP', pptp, 'pptp.control_message_type', ['1', '2']],
  ])('%s', (_, packets, field, values) => {
    const path = join(folder, 'built')
    const timed = packets.map((bytes, i) => ({ time: 1_778_572_800_000_000 + i, bytes }))
    writeFileSync(path, pcap(timed, { linkType: LINKTYPE_RAW }))
    expect(tshark(path, field)).toEqual({ values, complaints: [] })
  })
})
