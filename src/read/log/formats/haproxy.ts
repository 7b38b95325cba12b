import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule } from '../mapping/mapping.ts'

/** `option httplog` up to what was captured of headers. */
const HTTP =
  '{client} [{time}] {frontend} {backend}/{} {}/{}/{}/{}/{total} {status} {bytes} {} {} {state} {}/{}/{}/{}/{} {}/{} '
const REQUEST = '{}"{method} {url} {}'

/** A port always follows, also behind an IPv6 address without brackets. */
const CLIENT = { client: { from: 'client', beforeLast: ':' }, clientPort: { from: 'client', afterLast: ':' } } as const

const REQUESTED: Omit<RecordRule, 'when'> = {
  time: { from: 'time', as: 'dd/MMM/yyyy:HH:mm:ss.SSS' },
  duration: { from: 'total', unit: 'ms' },
  ...CLIENT,
  transport: { value: 'tcp' },
  url: 'url',
  method: 'method',
  bytesDown: 'bytes',
  // Refused by the proxy itself; what ended while data went through had been let through.
  action: { from: 'state', blocked: ['PR*'], allowed: ['--*', 'CD*', 'cD*', 'SD*', 'sD*', 'LR*'] },
}

/**
 * HAProxy's HTTP log and its log of connections. A host is named where the request has a whole URL (a forward proxy,
 * HTTP/2), or where the configuration captures the Host header first; a TCP log names none.
 */
export const haproxy = mappedFormat({
  name: 'haproxy',
  title: 'HAProxy HTTP log',
  documentation: 'https://docs.haproxy.org/3.0/configuration.html#8.2',
  verified: true,
  attributes: { url: true, server: true, user: false, client: true, bytes: true, bytesUp: false, action: true },
  fields: {
    kind: 'text',
    templates: {
      captured: `${HTTP}{{headers}} ${REQUEST}`,
      http: `${HTTP}${REQUEST}`,
      connect: 'Connect from {client} to {server} ({}/{})',
    },
  },
  syslog: true,
  detect: [
    { is: { 'text.kind': ['captured', 'http'], client: { like: 'name' }, status: { like: 'number' } } },
    { is: { 'text.kind': 'connect', client: { like: 'name' }, server: { like: 'name' } } },
  ],
  records: [
    { ...REQUESTED, when: { 'text.kind': 'captured' }, name: { from: 'headers', before: '|' } },
    { ...REQUESTED, when: { 'text.kind': 'http' } },
    {
      when: { 'text.kind': 'connect' },
      time: { from: 'syslog.time', as: 'syslog' },
      ...CLIENT,
      server: { from: 'server', beforeLast: ':' },
      serverPort: { from: 'server', afterLast: ':' },
      transport: { value: 'tcp' },
    },
  ],
})
