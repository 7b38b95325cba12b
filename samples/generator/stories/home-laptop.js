// @ts-check
/**
 * A home worker's laptop, captured on itself: Signal goes outside the tunnel while the tunnel is up; after it ended, an
 * hour later, WhatsApp in the browser.
 */
import { pcap } from '../capture/pcap.js'
import { ipsecTunnel, merge } from '../conversation.js'
import { at, visit } from '../scenario.js'
import { ethernet, LINKTYPE_ETHERNET } from '../wire/link.js'
import { EXTENSION_KEY_SHARE } from '../wire/tls.js'

const client = '192.168.1.37'
const resolver = '192.168.1.1'
const gateway = '203.0.113.10'

/** The server's name stands behind a key share of 1216 bytes, in the second segment. */
const nameLast = { order: [EXTENSION_KEY_SHARE] }

export function homeLaptop() {
  const packets = merge(
    ipsecTunnel({ client, gateway, start: at('09:00:04'), end: at('10:10:00'), interval: 56e6 }),
    visit({ client, resolver, name: 'www.example.org', time: at('09:12:30'), hello: { postQuantum: false } }),
    signal('chat.signal.org', '09:18:05', 'reversed'),
    signal('storage.signal.org', '09:18:07', 'twice'),
    signal('chat.signal.org', '09:41:26', 'in-order'),
    visit({
      client,
      resolver,
      name: 'web.whatsapp.com',
      time: at('11:12:15'),
      exchanges: [
        { after: 2e6, up: 260, down: 420 },
        { after: 71e6, up: 6_400, down: 90 },
      ],
    }),
  )
  const frames = packets.map(({ time, bytes }) => ({ time, bytes: ethernet(bytes) }))
  return pcap(frames, { linkType: LINKTYPE_ETHERNET, nanoseconds: true })
}

/**
 * @param {string} name
 * @param {string} clock
 * @param {'in-order' | 'reversed' | 'twice'} delivery
 */
function signal(name, clock, delivery) {
  const exchanges = [{ after: 40_000, up: 210, down: 160 }]
  return visit({ client, resolver, name, time: at(clock), hello: nameLast, delivery, exchanges })
}
