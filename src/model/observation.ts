import type { Micros } from '../base/time.ts'

/** How a name, an address or an app was seen. Their order is stored: append, never reorder. */
export const MEANS = [
  'dns-query',
  'dns-answer',
  'tls-sni',
  'quic-sni',
  'dtls-sni',
  'http-host',
  'http-connect',
  'http-url',
  'tls-certificate',
  'address',
  'payload',
  'call',
  'vpn',
] as const

export type Means = (typeof MEANS)[number]

/** '' where the input does not say. */
export type Transport = '' | 'tcp' | 'udp'
export type Action = '' | 'allowed' | 'blocked'

/**
 * How sure the bytes of a flow make its protocol. confirmed: nothing else looks so (an echoed identifier, both sides of
 * a handshake). probable: one side of it. indicative: form and lengths alone. '' where the means is a name.
 */
export type Certainty = '' | 'indicative' | 'probable' | 'confirmed'

/** What flows are recognised to speak by their bytes; tunnels first, then calls, encrypted DNS, others. */
export const PROTOCOLS = [
  'wireguard',
  'openvpn',
  'ikev1',
  'ikev2',
  'esp',
  'ah',
  'l2tp',
  'pptp',
  'softether',
  'anyconnect-dtls',
  'tor',
  'stun',
  'turn',
  'rtp',
  'dns-over-tls',
  'dns-over-quic',
  'dnscrypt',
  'ssh',
  'xmpp',
  'whatsapp',
  'mtproto',
  'telegram-call',
  'discord-voice',
  'zoom',
  'oicq',
  'mmtls',
  'loco',
  'dropbox-lan-sync',
  'tailscale',
] as const
export type ProtocolName = (typeof PROTOCOLS)[number]

/** What a ClientHello says beside its server name; read only while the sink has the observation, and only if asked. */
export interface HelloDetails {
  /** RFC 7301, in the client's order. */
  readonly alpn: readonly string[]
  /** https://github.com/FoxIO-LLC/ja4: the TLS client fingerprint, its hashed form. */
  readonly ja4: string
}

/** A DNS answer with more addresses or aliases than these keeps the first and says nothing of the others. */
export const ANSWER_ADDRESS_LIMIT = 64
export const ANSWER_ALIAS_LIMIT = 16

const NO_TEXTS: readonly string[] = []

/**
 * From `time` to `end` a client used `means` to reach `name` and/or a server. One shape for all inputs, and one object
 * for all observations of an input: a sink copies what it keeps before it returns. `reset()` comes first.
 */
export class Observation {
  time: Micros = 0
  /** Equal to `time` where the input does not tell. */
  end: Micros = 0
  means: Means = 'dns-query'
  /** As `base/name.ts` writes names; '' where none. */
  name = ''
  /** Client in words 0 to 3, server in 4 to 7, each valid only where its flag says so. */
  readonly addresses = new Uint32Array(8)
  hasClient = false
  hasServer = false
  /** 0 where unknown. */
  clientPort = 0
  serverPort = 0
  transport: Transport = ''
  action: Action = ''
  /** -1 where the input does not tell. */
  bytesUp = -1
  bytesDown = -1
  /** Of both directions together, where the input does not part them. */
  bytesTotal = -1
  /**
   * What address translation made of client and server (words 0 to 3 and 4 to 7, ports 0 where unknown), each valid only
   * where its flag says so.
   */
  readonly translated = new Uint32Array(8)
  hasTranslatedClient = false
  hasTranslatedServer = false
  translatedClientPort = 0
  translatedServerPort = 0
  /** As the input wrote it; '' where it named none. */
  user = ''
  device = ''
  /** The program that asked, where a log of endpoints names it. */
  application = ''
  /**
   * Of a DNS answer: four words an address, the smallest TTL in seconds (-1 without), the names its chain went over; of
   * a call the addresses of the peers; of a certificate the further names that it is for.
   */
  readonly answerAddresses = new Uint32Array(4 * ANSWER_ADDRESS_LIMIT)
  answerCount = 0
  timeToLive = -1
  aliases: string[] = []
  /** What the flow speaks, where it was told by its bytes; '' elsewhere. */
  protocol: ProtocolName | '' = ''
  certainty: Certainty = ''
  /** Of a certificate: its issuer's common name, else organization, as it stands there. */
  issuer = ''
  /** Of STUN and TURN (RFC 8489 §14): whom the server works for, and what it or the client is made with. */
  realm = ''
  software = ''
  /** Of STUN: attributes of no standard, which an application made for itself, as `0x4001`. */
  stunAttributes: readonly string[] = NO_TEXTS
  /**
   * A ClientHello that offered Encrypted Client Hello (RFC 9849), real or GREASE: the name may be a cover. Of a DNS
   * answer: it told the client how to offer it (RFC 9848).
   */
  encryptedHello = false
  /** The name is a cover: this client was told so by the HTTPS record whose configuration it used. */
  coverName = false
  hello: HelloDetails | undefined = undefined
  /** The flow of an earlier observation has ended: this says until when it went on, and how many bytes it carried. */
  continued = false
  /** Frame or line where it was complete, and where it began: equal where one held it all. */
  position = 0
  firstPosition = 0

  reset(): void {
    this.time = 0
    this.end = 0
    this.means = 'dns-query'
    this.name = ''
    this.hasClient = false
    this.hasServer = false
    this.clientPort = 0
    this.serverPort = 0
    this.transport = ''
    this.action = ''
    this.bytesUp = -1
    this.bytesDown = -1
    this.bytesTotal = -1
    this.hasTranslatedClient = false
    this.hasTranslatedServer = false
    this.translatedClientPort = 0
    this.translatedServerPort = 0
    this.user = ''
    this.device = ''
    this.application = ''
    this.answerCount = 0
    this.timeToLive = -1
    if (this.aliases.length > 0) this.aliases = []
    this.protocol = ''
    this.certainty = ''
    this.issuer = ''
    this.realm = ''
    this.software = ''
    this.stunAttributes = NO_TEXTS
    this.encryptedHello = false
    this.coverName = false
    this.hello = undefined
    this.continued = false
    this.position = 0
    this.firstPosition = 0
  }
}

/**
 * Takes an observation. Where it answers `follow`, it is also told how the flow that was observed ended (`continued`),
 * where the input shows that; any other answer is left aside.
 */
export type ObservationSink = (observation: Observation) => unknown
