// @ts-check
/**
 * Writes the samples: `node samples/generator/generate.js [FOLDER]`, into `samples/` if no folder is given. The same
 * bytes every time.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { guestWifi } from './stories/guest-wifi.js'
import { homeLaptop } from './stories/home-laptop.js'
import { office } from './stories/office.js'
import { proxyLog } from './stories/proxy-log.js'
import { resolverLog } from './stories/resolver-log.js'
import { vpnEgress } from './stories/vpn-egress.js'

const files = {
  'captures/guest-wifi.pcap': guestWifi(),
  'captures/home-laptop.pcap': homeLaptop(),
  'captures/office.pcap': office(),
  'captures/vpn-egress.pcapng': vpnEgress(),
  'logs/day/proxy-access.log': proxyLog(),
  'logs/day/resolver-dns.log': resolverLog(),
}

const folder = process.argv[2] ?? join(import.meta.dirname, '..')
for (const [name, content] of Object.entries(files)) {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
