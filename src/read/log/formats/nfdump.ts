import { bothWays } from '../flow-sides.ts'
import { mappedFormat } from '../mapping/format.ts'

const CLASSIC = { from: 'sa', fromPort: 'sp', to: 'da', toPort: 'dp', bytes: 'ibyt' } as const
const SHORT = { from: 'srcAddr', fromPort: 'srcPort', to: 'dstAddr', toPort: 'dstPort', bytes: 'bytes' } as const
const JSON_4 = {
  from: 'src4_addr',
  fromPort: 'src_port',
  to: 'dst4_addr',
  toPort: 'dst_port',
  bytes: 'in_bytes',
} as const
const JSON_6 = { ...JSON_4, from: 'src6_addr', to: 'dst6_addr' } as const

const JSON_RULE = {
  time: { from: 'first', as: 'iso' },
  end: { from: 'last', as: 'iso' },
  transport: 'proto',
} as const

/**
 * Flows (NetFlow, IPFIX, sFlow) as nfdump prints them: `-o csv` of version 1.6 and of 1.7, and `-o json`. Each counts one
 * direction, unless nfdump was asked to join them (`-B`).
 */
export const nfdump = mappedFormat({
  name: 'nfdump',
  title: 'nfdump flows, CSV and JSON',
  documentation: 'https://manpages.ubuntu.com/manpages/kinetic/man1/nfdump.1.html',
  verified: false,
  attributes: { url: false, server: true, user: false, client: true, bytes: true, bytesUp: true, action: false },
  layouts: [
    {
      fields: { kind: 'csv', header: true, delimiter: ',' },
      detect: [{ has: ['ts', 'te', 'ibyt'], is: { sa: { like: 'address' }, da: { like: 'address' } } }],
      records: [
        {
          when: { obyt: { not: ['0', ''] } },
          time: { from: 'ts', as: 'iso' },
          end: { from: 'te', as: 'iso' },
          client: 'sa',
          clientPort: 'sp',
          server: 'da',
          serverPort: 'dp',
          transport: 'pr',
          bytesUp: 'ibyt',
          bytesDown: 'obyt',
        },
        ...bothWays({ time: { from: 'ts', as: 'iso' }, end: { from: 'te', as: 'iso' }, transport: 'pr' }, CLASSIC),
      ],
    },
    {
      fields: { kind: 'csv', header: true, delimiter: ',' },
      detect: [
        { has: ['firstSeen', 'duration', 'bytes'], is: { srcAddr: { like: 'address' }, dstAddr: { like: 'address' } } },
      ],
      records: bothWays(
        { time: { from: 'firstSeen', as: 'iso' }, duration: { from: 'duration', unit: 's' }, transport: 'proto' },
        SHORT,
      ),
    },
    {
      fields: 'json',
      detect: [{ has: ['first', 'last', 'in_bytes', 'export_sysid'], is: { type: 'FLOW' } }],
      records: [
        ...bothWays({ ...JSON_RULE, when: { src4_addr: { set: true } } }, JSON_4),
        ...bothWays({ ...JSON_RULE, when: { src6_addr: { set: true } } }, JSON_6),
      ],
    },
  ],
})
