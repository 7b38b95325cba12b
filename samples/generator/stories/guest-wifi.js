// @ts-check
/**
 * The guest Wi-Fi, captured at its access network: an enrolled phone uses WhatsApp there with no tunnel; beside it a
 * visitor's phone does as visitors do.
 */
import { pcap } from '../capture/pcap.js'
import { merge, tcpConversation } from '../conversation.js'
import { at, lookup, portAt, serverOf, visit } from '../scenario.js'
import { concat, filler } from '../wire/bytes.js'
import { ethernet, LINKTYPE_ETHERNET } from '../wire/link.js'

/** @import { Turn } from '../conversation.js' */

const resolver = '172.16.20.1'
const enrolled = '172.16.20.70'
const visitor = '172.16.20.14'

/** The app's TLS has no post-quantum share: its hello fits one segment. */
const hello = { postQuantum: false }

export function guestWifi() {
  const packets = merge(
    visit({ client: enrolled, resolver, name: 'www.example.org', time: at('12:02:20'), hello }),
    whatsappChat(enrolled, '12:06:03', [35e6, 50e6]),
    media(enrolled, '12:09:17', 28_000, 60),
    whatsappChat(enrolled, '12:24:40', [61e6]),
    whatsappChat(enrolled, '12:51:12', [30e6]),
    media(enrolled, '12:52:48', 60, 300),
    whatsappChat(visitor, '12:10:30', [3e6]),
    media(visitor, '12:11:09', 60, 200),
    visit({ client: visitor, resolver, name: 'web.telegram.org', time: at('12:33:00'), hello }),
  )
  const frames = packets.map(({ time, bytes }) => ({ time, bytes: ethernet(bytes) }))
  return pcap(frames, { linkType: LINKTYPE_ETHERNET })
}

/**
 * A picture or a voice message: media goes over TLS.
 * @param {string} client
 * @param {string} clock
 * @param {number} up bytes
 * @param {number} down bytes
 */
function media(client, clock, up, down) {
  const exchanges = [{ after: 20_000, up, down }]
  return visit({ client, resolver, name: 'mmg.whatsapp.net', time: at(clock), hello, exchanges })
}

/**
 * The chat connection: the app's own protocol on port 443, so only the look-up names it.
 * @param {string} client
 * @param {string} clock
 * @param {readonly number[]} pauses microseconds before each message
 */
function whatsappChat(client, clock, pauses) {
  const name = 'g.whatsapp.net'
  const time = at(clock)
  const ends = { source: client, destination: serverOf(name), sourcePort: portAt(time), destinationPort: 443 }
  /** @type {Turn[]} */
  const turns = [
    { from: 'client', bytes: concat([0x57, 0x41, 6, 3], filler(43, 11)) },
    { from: 'server', bytes: filler(120, 12) },
    ...pauses.flatMap((after, i) => [
      { from: /** @type {const} */ ('client'), bytes: filler(140 + 31 * i, 20 + i), after },
      { from: /** @type {const} */ ('server'), bytes: filler(60, 40 + i) },
    ]),
  ]
  return [
    ...lookup({ client, resolver, name, time, alias: 'chat.cdn.whatsapp.net' }),
    ...tcpConversation({ ends, time: time + 12_000, turns }),
  ]
}
