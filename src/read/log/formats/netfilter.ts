import { mappedFormat } from '../mapping/format.ts'
import type { Conditions } from '../mapping/mapping.ts'

const TIME = { from: 'syslog.time', as: 'syslog' } as const

const FORWARD = {
  time: TIME,
  client: 'SRC',
  clientPort: 'SPT',
  server: 'DST',
  serverPort: 'DPT',
  transport: 'PROTO',
} as const

const BACKWARD = {
  time: TIME,
  client: 'DST',
  clientPort: 'DPT',
  server: 'SRC',
  serverPort: 'SPT',
  transport: 'PROTO',
} as const

/**
 * A rule's prefix is the operator's, so only usual words in it say what became of the packet; the last letter in brackets
 * is how Ubiquiti writes it.
 */
const ACTION = {
  from: [{ from: 'syslog.message', before: 'IN=' }, 'syslog.program'],
  blocked: ['*drop*', '*deny*', '*denied*', '*reject*', '*block*', '*-D]*', '*-R]*'],
  allowed: ['*accept*', '*allow*', '*permit*', '*-A]*'],
} as const

/** Of an ICMP error the packet that it is about stands in the same line: these are no connections. */
const PACKET: Conditions = { PROTO: ['TCP', 'UDP'], TYPE: { set: false }, SPT: { set: true } }
/** What comes from such a port is an answer. */
const SERVER_PORTS = ['53', '80', '443', '853', '5222', '5223', '5228']

/** Packets that a rule of iptables or nftables logged, in the kernel's log: firewalls of Linux, UFW, Ubiquiti and others. */
export const netfilter = mappedFormat({
  name: 'netfilter',
  title: 'Linux firewall log: iptables, nftables, UFW, Ubiquiti',
  documentation: 'https://wiki.nftables.org/wiki-nftables/index.php/Logging_traffic',
  verified: true,
  attributes: { url: false, server: true, user: false, client: true, bytes: false, bytesUp: false, action: true },
  fields: { kind: 'key-value', others: 'skip' },
  syslog: true,
  detect: [
    { has: ['LEN', 'TOS', 'TTL', 'PROTO'], is: { SRC: { like: 'address' }, DST: { like: 'address' } } },
    { has: ['LEN', 'HOPLIMIT', 'PROTO'], is: { SRC: { like: 'address' }, DST: { like: 'address' } } },
  ],
  records: [
    { ...BACKWARD, when: { ...PACKET, 'syslog.message': '* ACK SYN *' }, action: ACTION },
    { ...BACKWARD, when: { ...PACKET, SPT: SERVER_PORTS, DPT: { not: SERVER_PORTS } }, action: ACTION },
    { ...FORWARD, when: PACKET, action: ACTION },
  ],
})
