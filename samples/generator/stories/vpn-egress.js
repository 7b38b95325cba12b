// @ts-check
/** A managed laptop in the VPN's pool, captured where the VPN's traffic leaves for the Internet: a permitted app. */
import { pcapng } from '../capture/pcapng.js'
import { merge, tcpConversation } from '../conversation.js'
import { at, lookup, portAt, serverOf, visit } from '../scenario.js'
import { ascii, filler } from '../wire/bytes.js'
import { ethernet, LINKTYPE_ETHERNET } from '../wire/link.js'

/** @import { Turn } from '../conversation.js' */

const client = '10.8.0.21'
const from6 = 'fd00:8::15'
const resolver = '198.51.100.53'

export function vpnEgress() {
  const packets = merge(
    visit({ client, resolver, name: 'www.example.com', time: at('08:31:10') }),
    threemaChat('08:32:04'),
    visit({ client, resolver, name: 'apip-work.threema.ch', time: at('08:32:06'), hello: { postQuantum: false } }),
    visit({
      client,
      resolver,
      from: from6,
      name: 'www.example.net',
      time: at('09:05:40'),
      hello: { postQuantum: false },
    }),
    visit({ client, resolver, name: 'apip-work.threema.ch', time: at('09:47:31'), hello: { postQuantum: false } }),
    visit({ client, resolver, name: 'maps.example.org', time: at('09:48:12'), hello: { encryptedHello: true } }),
  )
  return pcapng({
    options: [{ code: 4, value: ascii('offchannel samples') }],
    blocks: [
      {
        kind: 'interface',
        linkType: LINKTYPE_ETHERNET,
        resolution: { base: 10, exponent: 9 },
        options: [{ code: 2, value: ascii('egress0') }],
      },
      ...packets.map(({ time, bytes }) => ({ kind: /** @type {const} */ ('enhanced'), time, bytes: ethernet(bytes) })),
      { kind: 'statistics', time: at('10:00:00') },
    ],
  })
}

/**
 * The app's own protocol: not TLS, so only the look-up names it.
 * @param {string} clock
 */
function threemaChat(clock) {
  const name = 'w-0a.0.threema.ch'
  const time = at(clock)
  /** @type {Turn[]} */
  const turns = [
    { from: 'client', bytes: filler(48, 1) },
    { from: 'server', bytes: filler(80, 2) },
    { from: 'client', bytes: filler(310, 3), after: 9e6 },
    { from: 'server', bytes: filler(60, 4) },
  ]
  const ends = { source: client, destination: serverOf(name), sourcePort: portAt(time), destinationPort: 5222 }
  return [...lookup({ client, resolver, name, time }), ...tcpConversation({ ends, time: time + 12_000, turns })]
}
