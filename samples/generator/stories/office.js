// @ts-check
/**
 * The office network, captured at a tagged port: ordinary work, and two names that look like an app's use and are not.
 */
import { pcap } from '../capture/pcap.js'
import { merge } from '../conversation.js'
import { at, visit } from '../scenario.js'
import { ethernet, LINKTYPE_ETHERNET } from '../wire/link.js'

const resolver = '10.1.0.53'
const OFFICE_VLAN = 110

export function office() {
  const packets = merge(
    visit({ client: '10.1.4.31', resolver, name: 'www.example.com', time: at('13:20:11') }),
    visit({ client: '10.1.4.31', resolver, name: 'www.whatsapp.com', time: at('13:21:40') }),
    visit({ client: '10.1.4.32', resolver, name: 'g.whatsapp.net.example.com', time: at('13:24:02') }),
    visit({
      client: '10.1.4.32',
      resolver,
      name: 'maps.example.org',
      time: at('13:26:55'),
      hello: { encryptedHello: true },
    }),
  )
  const frames = packets.map(({ time, bytes }) => ({ time, bytes: ethernet(bytes, { vlans: [{ id: OFFICE_VLAN }] }) }))
  return pcap(frames, { linkType: LINKTYPE_ETHERNET, bigEndian: true })
}
