import { mappedFormat } from '../mapping/format.ts'

/** The query log of Amazon's Route 53 Resolver: what machines of a VPC asked, the answers, and what DNS Firewall did. */
export const route53 = mappedFormat({
  name: 'route53',
  title: 'Amazon Route 53 Resolver query log, JSON',
  documentation: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html',
  verified: true,
  attributes: { url: false, server: false, user: false, client: true, bytes: false, bytesUp: false, action: true },
  fields: 'json',
  detect: [{ has: ['query_timestamp', 'query_name', 'srcaddr', 'vpc_id'] }],
  records: [
    {
      time: { from: 'query_timestamp', as: 'iso' },
      client: 'srcaddr',
      clientPort: 'srcport',
      device: 'srcids.instance',
      transport: 'transport',
      action: { from: 'firewall_rule_action', blocked: ['block'], allowed: ['allow', 'alert'] },
      dns: { query: 'query_name', type: 'query_type', rcode: 'rcode', answers: 'answers.*.Rdata' },
    },
  ],
})
