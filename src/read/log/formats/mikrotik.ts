import { mappedFormat } from '../mapping/format.ts'
import type { TimeRule } from '../mapping/mapping.ts'

const TIMES: readonly TimeRule[] = [{ from: 'syslog.time', as: 'syslog' }]

/** What a rule did is told only by the prefix that the operator gave it. */
const PACKET = {
  time: TIMES,
  transport: 'proto',
  action: { from: 'head', blocked: ['*drop*', '*reject*', '*deny*', '*block*'], allowed: ['*accept*', '*allow*'] },
} as const

/** MikroTik RouterOS: packets that a firewall rule logged, users' tunnels, DHCP leases, DNS queries. */
export const mikrotik = mappedFormat({
  name: 'mikrotik',
  title: 'MikroTik RouterOS log',
  documentation: 'https://help.mikrotik.com/docs/display/ROS/Common+Firewall+Matchers+and+Actions',
  verified: false,
  attributes: { url: false, server: true, user: true, client: true, bytes: false, bytesUp: false, action: true },
  fields: {
    kind: 'text',
    templates: {
      packet: '{head}in:{} out:{}proto {proto}, {client}->{server}, {}len {}',
      opened: '{topics}ppp,info,account {user} logged in, {inner} from {outer}',
      closed: '{topics}ppp,info,account {user} logged out, {seconds} {} {} {} {} from {outer}',
      lease: [
        '{topics}dhcp,info {gateway} assigned {inner} to {device}',
        '{topics}dhcp,info {gateway} assigned {inner} for {device}',
      ],
      released: '{topics}dhcp,info {gateway} deassigned {inner} from {device}',
    },
  },
  syslog: true,
  detect: [{ is: { 'text.kind': ['packet', 'opened', 'closed', 'lease', 'released'] } }],
  records: [
    { ...PACKET, when: { 'text.kind': 'packet', proto: '*(SYN,ACK*' }, client: 'server', server: 'client' },
    { ...PACKET, when: { 'text.kind': 'packet', proto: ['tcp*', 'udp*'] }, client: 'client', server: 'server' },
    ...(['opened', 'closed'] as const).map((kind) => ({
      when: { 'text.kind': kind },
      time: TIMES,
      mark: {
        kind: 'tunnel' as const,
        event: kind === 'opened' ? ('start' as const) : ('end' as const),
        outer: 'outer',
        inner: 'inner',
        user: 'user',
        gateway: 'syslog.host',
        protocol: { from: 'topics', before: ',' },
        duration: { from: 'seconds', unit: 's' as const },
      },
    })),
    ...(['lease', 'released'] as const).map((kind) => ({
      when: { 'text.kind': kind },
      time: TIMES,
      mark: {
        kind: 'lease' as const,
        event: kind === 'lease' ? ('start' as const) : ('end' as const),
        inner: 'inner',
        device: { from: 'device', before: ' ' },
        gateway: 'syslog.host',
      },
    })),
  ],
})
