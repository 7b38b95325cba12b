import {
  channelData,
  dnscryptQuery,
  dnscryptResponse,
  espPacket,
  filler,
  IKE_AUTH,
  ikeMessage,
  l2tpControl,
  OPENVPN_CLIENT_RESET,
  OPENVPN_CONTROL,
  OPENVPN_SERVER_RESET,
  openvpnControl,
  openvpnStream,
  pptpStart,
  rtpPacket,
  STUN_REALM,
  STUN_SOFTWARE,
  softetherPack,
  sshIdentification,
  stunAddress,
  stunMessage,
  stunText,
  wireguardData,
  wireguardInitiation,
  wireguardResponse,
  XOR_PEER_ADDRESS,
} from '../build/index.ts'
import {
  discordDiscovery,
  discordPing,
  locoKey,
  mmtlsRecord,
  mtprotoRequest,
  oldWhatsappHello,
  reflectorAnswer,
  reflectorQuestion,
  tailscaleDisco,
  whatsappHello,
  zoomPeerMessage,
} from '../extract/recognise/app-messages.ts'

/** What flows say to and fro that name nothing: the messages in turn, the client's first. */
export type Conversation = readonly Uint8Array[]

const client = filler(8, 1)
const server = filler(8, 2)
const openvpn = [
  openvpnControl({ type: OPENVPN_CLIENT_RESET, session: client }),
  openvpnControl({ type: OPENVPN_SERVER_RESET, session: server, acknowledged: [0], remote: client }),
  openvpnControl({ type: OPENVPN_CONTROL, session: client, acknowledged: [0], remote: server, message: 1 }),
  openvpnControl({ type: OPENVPN_CONTROL, session: server, acknowledged: [1], remote: client, message: 1 }),
]
const media = Array.from({ length: 12 }, (_, i) =>
  rtpPacket({ sequence: 500 + (i >> 1), timestamp: 960 * (i >> 1), source: i % 2 === 0 ? 7 : 9 }),
)

export const datagramConversations: readonly Conversation[] = [
  [wireguardInitiation(7), wireguardResponse(9, 7), wireguardData(9, 0, 64), wireguardData(7, 0, 64)],
  Array.from({ length: 12 }, (_, i) => wireguardData(i % 2, i >> 1, 32)),
  openvpn,
  [
    ikeMessage({ initiator: client }),
    ikeMessage({ initiator: client, responder: server, response: true }),
    ikeMessage({ initiator: client, responder: server, exchange: IKE_AUTH, message: 1, marked: true }),
    ...Array.from({ length: 6 }, (_, i) => espPacket(0xc0ffee00 + (i % 2), 1 + (i >> 1))),
  ],
  [l2tpControl({ type: 1 }), l2tpControl({ type: 2, connection: 5 }), l2tpControl({ type: 3, connection: 6 })],
  [
    softetherPack({ opcode: 'nat_t_connect_request', tran_id: 5 }),
    softetherPack({ ok: 1, opcode: 'nat_t_connect_request', tran_id: 5 }),
  ],
  [
    stunMessage(0x0001, [stunText(STUN_SOFTWARE, 'a client')], { fingerprint: true }),
    stunMessage(0x0113, [stunText(STUN_REALM, 'relay.example')]),
    stunMessage(0x0016, [stunAddress(XOR_PEER_ADDRESS, '192.0.2.7', 5000)]),
    ...media,
  ],
  [stunMessage(0x0003), ...media.map((packet) => channelData(0x4001, packet))],
  [dnscryptQuery(3), dnscryptResponse(dnscryptQuery(3))],
  [discordDiscovery(7), discordDiscovery(7, '203.0.113.7'), discordPing(1), discordPing(1), ...media],
  [reflectorQuestion(filler(16, 9)), reflectorAnswer(filler(16, 9))],
  [zoomPeerMessage('192.0.2.17'), zoomPeerMessage('192.0.2.18')],
  [tailscaleDisco(), tailscaleDisco(), wireguardInitiation(7), wireguardResponse(9, 7)],
]

export const streamConversations: readonly Conversation[] = [
  openvpn.map((message) => openvpnStream([message])),
  [pptpStart(1), pptpStart(2)],
  [sshIdentification('client_1.0'), sshIdentification('server_2.0')],
  [stunMessage(0x0003), stunMessage(0x0113, [stunText(STUN_REALM, 'relay.example')])],
  [whatsappHello({ routed: true }), filler(60, 1)],
  [oldWhatsappHello(), filler(60, 2)],
  [mtprotoRequest('padded'), filler(60, 3)],
  [mmtlsRecord(0x16, 208), mmtlsRecord(0x16, 90), mmtlsRecord(0x17, 40), mmtlsRecord(0x17, 900)],
  [locoKey(), filler(60, 4)],
]
