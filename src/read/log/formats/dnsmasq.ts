import { mappedFormat } from '../mapping/format.ts'

const TIME = { from: 'syslog.time', as: 'syslog' } as const

/** `log-queries=extra`: the number of the query, and who asked. */
const EXTRA = '{number} {client}/{port} '

const LEASE = {
  kind: 'lease',
  inner: 'address',
  device: ['host', 'mac'],
  gateway: 'syslog.host',
  protocol: { value: 'dhcp' },
} as const

/** How Pi-hole says why it did not ask any further. */
const BLOCKED = [
  'gravity blocked',
  'regex denied',
  'exactly denied',
  'regex blacklisted',
  'exactly blacklisted',
  'special domain',
]

/**
 * dnsmasq's log and Pi-hole's, which is the same with words for what was blocked. Only with `log-queries=extra` do
 * answers say whose they are; without, they are skipped.
 */
export const dnsmasq = mappedFormat({
  name: 'dnsmasq',
  title: 'dnsmasq and Pi-hole, DNS and DHCP',
  documentation: 'https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html',
  verified: false,
  attributes: { url: false, server: false, user: false, client: true, bytes: false, bytesUp: false, action: true },
  fields: {
    kind: 'text',
    templates: {
      query: ['query[{type}] {query} from {client}', `${EXTRA}query[{type}] {query} from {}`],
      answer: ['reply', 'cached', 'cached-stale', 'config'].map((word) => `${EXTRA}${word} {query} is {answer}`),
      blocked: BLOCKED.map((words) => `${EXTRA}${words} {query} is {answer}`),
      ack: [
        'DHCPACK({}) {address} {mac} {host}',
        'DHCPACK({}) {address} {mac}',
        '{number} DHCPACK({}) {address} {mac} {host}',
        '{number} DHCPACK({}) {address} {mac}',
      ],
      release: ['DHCPRELEASE({}) {address} {mac}', '{number} DHCPRELEASE({}) {address} {mac}'],
    },
  },
  syslog: true,
  detect: [
    { is: { 'text.kind': ['query', 'answer', 'blocked'] } },
    { has: ['mac'], is: { address: { like: 'address' } } },
  ],
  records: [
    {
      when: { 'text.kind': 'query' },
      time: TIME,
      client: 'client',
      clientPort: 'port',
      means: 'dns-query',
      dns: { query: 'query', type: 'type' },
    },
    {
      when: { 'text.kind': 'answer' },
      time: TIME,
      client: 'client',
      clientPort: 'port',
      means: 'dns-answer',
      dns: { query: 'query', answers: 'answer' },
    },
    {
      when: { 'text.kind': 'blocked' },
      time: TIME,
      client: 'client',
      clientPort: 'port',
      means: 'dns-answer',
      dns: { query: 'query' },
      action: { from: 'text.kind', blocked: ['blocked'] },
    },
    { when: { 'text.kind': 'ack' }, time: TIME, mark: { ...LEASE, event: 'start' } },
    { when: { 'text.kind': 'release' }, time: TIME, mark: { ...LEASE, event: 'end' } },
  ],
})
