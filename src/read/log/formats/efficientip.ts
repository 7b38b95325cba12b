import { mappedFormat } from '../mapping/format.ts'
import {
  DHCPD_RECORDS,
  DHCPD_TEMPLATES,
  NAMED_RECORDS,
  NAMED_TEMPLATES,
  NAMED_TIMES,
  namedSentences,
  OLD_QUERY,
} from '../named.ts'

const ANSWER = { query: 'query', type: 'type', rcode: 'answers', answers: 'answers', separator: ' ' } as const

/**
 * The DNS and DHCP log of EfficientIP SOLIDserver: named's and dhcpd's messages, and the answers, which only this product
 * writes. What DNS Guardian lists with its clients is read; its triggers name no host.
 */
export const efficientip = mappedFormat({
  name: 'efficientip',
  title: 'EfficientIP SOLIDserver DDI, DNS answers and DHCP',
  documentation: 'https://www.efficientip.com/products/solidserver-ddi/',
  verified: true,
  attributes: { url: false, server: true, user: false, client: true, bytes: false, bytesUp: false, action: true },
  fields: {
    kind: 'text',
    templates: {
      answer: namedSentences(
        '{client}: answer: {query} {class} {type} {flags} ({server}) -> {answers}',
        '{client}: answer: {query} {class} {type} ({server}) -> {answers}',
      ),
      list: ['List Matched {client}: query: {query} {class} {type} ({server}) {}'],
      ...NAMED_TEMPLATES,
      guardian: namedSentences('{client}: query: {query} {class} {type} ({server})'),
      ...DHCPD_TEMPLATES,
      old: OLD_QUERY,
    },
  },
  syslog: true,
  detect: [{ is: { 'text.kind': ['answer', 'list', 'guardian'] } }],
  records: [
    {
      when: { 'text.kind': 'answer' },
      time: NAMED_TIMES,
      client: 'client',
      server: 'server',
      means: 'dns-answer',
      dns: ANSWER,
    },
    {
      when: { 'text.kind': ['guardian', 'list'] },
      time: NAMED_TIMES,
      client: 'client',
      server: 'server',
      means: 'dns-query',
      dns: { query: 'query', type: 'type' },
    },
    ...NAMED_RECORDS,
    ...DHCPD_RECORDS,
  ],
})
