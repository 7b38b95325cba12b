import { bothWays } from '../flow-sides.ts'
import { mappedFormat } from '../mapping/format.ts'

const FLOW = {
  from: 'jsonPayload.connection.src_ip',
  fromPort: 'jsonPayload.connection.src_port',
  to: 'jsonPayload.connection.dest_ip',
  toPort: 'jsonPayload.connection.dest_port',
} as const

const TRANSPORT = 'jsonPayload.connection.protocol'

/**
 * Google Cloud's VPC flow logs and firewall rules logs, JSON as exported from Cloud Logging. A flow record counts one
 * direction; the machines at both ends may each write it.
 */
export const gcpVpcFlow = mappedFormat({
  name: 'gcp-vpc-flow',
  title: 'Google Cloud VPC flow and firewall log, JSON',
  documentation: 'https://cloud.google.com/vpc/docs/about-flow-logs-records',
  verified: true,
  attributes: { url: false, server: true, user: false, client: true, bytes: true, bytesUp: true, action: true },
  fields: 'json',
  detect: [
    { has: [FLOW.from, FLOW.to], is: { logName: ['*vpc_flows', '*%2Ffirewall'] } },
    { has: [FLOW.from, FLOW.to, 'jsonPayload.reporter'] },
    { has: [FLOW.from, FLOW.to, 'jsonPayload.disposition'] },
  ],
  records: [
    {
      when: { [FLOW.from]: { set: true }, 'jsonPayload.disposition': { set: true } },
      time: { from: 'timestamp', as: 'iso' },
      client: FLOW.from,
      clientPort: FLOW.fromPort,
      server: FLOW.to,
      serverPort: FLOW.toPort,
      transport: TRANSPORT,
      action: { from: 'jsonPayload.disposition', blocked: ['DENIED'], allowed: ['ALLOWED'] },
    },
    ...bothWays(
      {
        when: { [FLOW.from]: { set: true } },
        time: [
          { from: 'jsonPayload.start_time', as: 'iso' },
          { from: 'timestamp', as: 'iso' },
        ],
        end: { from: 'jsonPayload.end_time', as: 'iso' },
        transport: TRANSPORT,
      },
      {
        ...FLOW,
        bytes: 'jsonPayload.bytes_sent',
        fromDevice: 'jsonPayload.src_instance.vm_name',
        toDevice: 'jsonPayload.dest_instance.vm_name',
      },
    ),
  ],
})
