import { NetworkTable, networkOf } from './cidr.ts'

/**
 * Addresses that are nobody's on the internet, so that they repeat from one site to the next
 * (https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry).
 */
const INTERNAL = new NetworkTable(
  [
    ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
    ...['::/96', 'fc00::/7', 'fe80::/10'],
  ].map((text, value) => ({ network: networkOf(text), value })),
)

/** Whether the address, four words from an index, means another host at another site. */
export function isInternal(words: Uint32Array, at: number): boolean {
  return INTERNAL.find(words, at) >= 0
}
