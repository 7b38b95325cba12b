import { backward, bothWays } from '../flow-sides.ts'
import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule } from '../mapping/mapping.ts'

/** The fields of version 2, which are written where nothing else is asked for. */
const DEFAULT_COLUMNS = [
  ...[
    'version',
    'account-id',
    'interface-id',
    'srcaddr',
    'dstaddr',
    'srcport',
    'dstport',
    'protocol',
    'packets',
    'bytes',
  ],
  ...['start', 'end', 'action', 'log-status'],
]

const STATES = ['OK', 'NODATA', 'SKIPDATA']

/** Flags of a TCP segment that answers: SYN and ACK, with FIN or RST of later segments. */
const ANSWERS = ['18', '19', '22', '23']

/** `-` joins words in the text format, `_` in JSON. */
function records(joint: '-' | '_'): readonly RecordRule[] {
  const field = (name: string) => name.replaceAll('-', joint)
  const rule: RecordRule = {
    when: { srcaddr: { set: true }, dstaddr: { set: true } },
    time: { from: 'start', as: 'unix' },
    end: { from: 'end', as: 'unix' },
    transport: { from: 'protocol', before: '.' },
    action: { from: 'action', blocked: ['REJECT'], allowed: ['ACCEPT'] },
  }
  const flow = {
    from: [field('pkt-srcaddr'), 'srcaddr'],
    fromPort: 'srcport',
    to: [field('pkt-dstaddr'), 'dstaddr'],
    toPort: 'dstport',
    bytes: 'bytes',
  }
  const answer = { ...rule, when: { ...rule.when, [field('tcp-flags')]: ANSWERS } }
  return [backward(answer, flow), ...bothWays(rule, flow)]
}

/**
 * Flow logs of AWS VPC: the default fields, any others behind their header, and JSON, also what CloudWatch wraps. One
 * record counts one direction of a flow in some minutes.
 */
export const awsVpcFlow = mappedFormat({
  name: 'aws-vpc-flow',
  title: 'AWS VPC flow log',
  documentation: 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html',
  verified: true,
  attributes: { url: false, server: true, user: false, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    {
      fields: { kind: 'columns', columns: DEFAULT_COLUMNS },
      unset: ['-'],
      detect: [{ is: { 'interface-id': 'eni-*', start: { like: 'number' }, 'log-status': STATES } }],
      records: records('-'),
    },
    {
      fields: { kind: 'csv', header: true, delimiter: ' ' },
      unset: ['-'],
      detect: [
        { has: ['srcaddr', 'dstaddr'], is: { start: { like: 'number' }, 'log-status': STATES } },
        { has: ['srcaddr', 'dstaddr'], is: { start: { like: 'number' }, 'interface-id': 'eni-*' } },
      ],
      records: records('-'),
    },
    {
      fields: { kind: 'json', under: ['logEvents'] },
      unset: ['-'],
      detect: [
        { has: ['srcaddr', 'dstaddr', 'interface_id'], is: { start: { like: 'number' } } },
        { has: ['srcaddr', 'dstaddr', 'start'], is: { log_status: STATES } },
        { has: ['interface_id', 'account_id'], is: { log_status: STATES } },
      ],
      records: records('_'),
    },
    {
      fields: { kind: 'columns', columns: DEFAULT_COLUMNS },
      inside: 'message',
      unset: ['-'],
      detect: [{ is: { 'interface-id': 'eni-*', start: { like: 'number' }, 'log-status': STATES } }],
      records: records('-'),
    },
  ],
})
