import type { RecordRule, Sources } from './mapping/mapping.ts'

/**
 * Ports on which servers wait and from which nothing is begun: of a flow from one of these to any other port the server
 * is the sender.
 */
const SERVER_PORTS = [
  ...[
    '22',
    '25',
    '53',
    '80',
    '110',
    '143',
    '389',
    '443',
    '445',
    '465',
    '587',
    '636',
    '853',
    '993',
    '995',
    '1194',
    '1723',
  ],
  ...[
    '1935',
    '3128',
    '3389',
    '3478',
    '3479',
    '4244',
    '5060',
    '5061',
    '5222',
    '5223',
    '5228',
    '5242',
    '5269',
    '5349',
    '8080',
  ],
  ...['8443', '9001', '51820'],
]

/** A flow record that counts one direction alone, by the names of its fields. */
interface OneWay {
  readonly from: Sources
  readonly fromPort: string
  readonly to: Sources
  readonly toPort: string
  readonly bytes: Sources
  /** What names the machine at either end, where something does. */
  readonly fromDevice?: Sources
  readonly toDevice?: Sources
}

/**
 * Rules for a log that writes a record for each direction of a flow: by the ports the answers are told from what was
 * asked, so that the client is who began. Where the ports do not tell, the sender is taken for the client.
 */
export function bothWays(rule: RecordRule, flow: OneWay): readonly RecordRule[] {
  const { fromPort, toPort } = flow
  return [
    {
      ...backward(rule, flow),
      when: { ...rule.when, [fromPort]: SERVER_PORTS, [toPort]: { not: SERVER_PORTS } },
    },
    {
      ...rule,
      client: flow.from,
      clientPort: { from: fromPort, before: '.' },
      server: flow.to,
      serverPort: { from: toPort, before: '.' },
      device: flow.fromDevice,
      bytesUp: flow.bytes,
    },
  ]
}

/** A rule for a flow from the server to the client. */
export function backward(rule: RecordRule, flow: OneWay): RecordRule {
  return {
    ...rule,
    client: flow.to,
    clientPort: { from: flow.toPort, before: '.' },
    server: flow.from,
    serverPort: { from: flow.fromPort, before: '.' },
    device: flow.toDevice,
    bytesDown: flow.bytes,
  }
}
