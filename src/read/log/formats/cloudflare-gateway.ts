import { mappedFormat } from '../mapping/format.ts'
import type { TimeRule } from '../mapping/mapping.ts'

/** Text or a number, as the job that pushes the logs was set. */
const TIMES: readonly TimeRule[] = [
  { from: 'Datetime', as: 'iso' },
  { from: 'Datetime', as: 'unix' },
]

const WHO = { user: 'Email', device: 'DeviceName' } as const
const FLOW = {
  ...WHO,
  time: TIMES,
  client: ['SourceInternalIP', 'SourceIP'],
  clientPort: 'SourcePort',
  server: 'DestinationIP',
  serverPort: 'DestinationPort',
  action: { from: 'Action', blocked: ['block*'], allowed: ['allow*', 'bypass', 'isolate*', 'noisolate', 'none'] },
} as const

/**
 * The DNS, HTTP and network logs of Cloudflare's Zero Trust gateway, JSON
 * (https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/gateway_dns/ and its neighbours).
 */
export const cloudflareGateway = mappedFormat({
  name: 'cloudflare-gateway',
  title: 'Cloudflare Gateway DNS, HTTP and network logs, JSON',
  documentation: 'https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/gateway_dns/',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: false, bytesUp: false, action: true },
  fields: 'json',
  detect: [
    { has: ['QueryName', 'ResolverDecision'] },
    { has: ['HTTPHost', 'HTTPMethod', 'SourceIP', 'Datetime'] },
    { has: ['SourceIP', 'DestinationIP', 'Transport', 'Action', 'SessionID'] },
  ],
  records: [
    {
      ...WHO,
      when: { ResolverDecision: { set: true } },
      time: TIMES,
      client: ['SrcIP', 'SourceIP'],
      clientPort: 'SrcPort',
      server: 'DstIP',
      serverPort: 'DstPort',
      transport: 'Protocol',
      action: { from: 'ResolverDecision', blocked: ['block*'], allowed: ['allow*', 'override*'] },
      dns: { query: 'QueryName', type: 'QueryType', answers: 'ResolvedIPs', rcode: 'RCode' },
    },
    {
      ...FLOW,
      when: { HTTPHost: { set: true } },
      transport: { value: 'tcp' },
      name: 'HTTPHost',
      url: 'URL',
      method: 'HTTPMethod',
    },
    { ...FLOW, when: { Transport: { set: true } }, transport: 'Transport', name: 'SNI', means: 'tls-sni' },
  ],
})
