import { mappedFormat } from '../mapping/format.ts'
import type { DetectRule, RecordRule } from '../mapping/mapping.ts'

const BLOCKED = ['block*', 'den*']
const ALLOWED = ['permit*', 'allow*']
const ACTION = { blocked: BLOCKED, allowed: ALLOWED } as const

const VENDOR = ['Forcepoint', 'Websense'] as const

const CEF: RecordRule = {
  when: { act: { set: true } },
  time: [
    { from: 'rt', as: 'unix' },
    { from: 'rt', as: 'iso' },
    { from: 'syslog.time', as: 'syslog' },
  ],
  client: 'src',
  clientPort: 'spt',
  server: 'dst',
  serverPort: 'dpt',
  transport: { value: 'tcp' },
  name: 'dhost',
  url: 'request',
  method: 'requestMethod',
  user: ['loginID', 'suser'],
  bytesUp: 'out',
  bytesDown: 'in',
  action: { from: ['act', 'name'], ...ACTION },
}

const LEEF: RecordRule = {
  time: [
    { from: 'devTime', as: 'unix' },
    { from: 'devTime', as: 'syslog' },
    { from: 'syslog.time', as: 'syslog' },
  ],
  duration: { from: 'duration', unit: 'ms' },
  logged: 'end',
  client: 'src',
  clientPort: 'srcPort',
  server: 'dst',
  serverPort: 'dstPort',
  transport: { value: 'tcp' },
  url: 'url',
  method: 'method',
  user: ['loginID', 'usrName'],
  bytesUp: 'srcBytes',
  bytesDown: 'dstBytes',
  action: { from: { from: 'eventId', after: ':' }, ...ACTION },
}

const PAIRS: RecordRule = {
  time: [
    { from: 'time', as: 'unix' },
    { from: 'syslog.time', as: 'syslog' },
  ],
  duration: { from: 'duration', unit: 'ms' },
  logged: 'end',
  client: ['src_ip', 'src_host'],
  clientPort: 'src_port',
  server: 'dst_ip',
  serverPort: 'dst_port',
  transport: { value: 'tcp' },
  name: 'dst_host',
  url: 'url',
  method: 'http_method',
  user: ['loginID', 'user'],
  bytesUp: 'bytes_out',
  bytesDown: 'bytes_in',
  action: { from: 'action', ...ACTION },
}

const SECURITY = 'Security'
const CEF_DETECT: readonly DetectRule[] = [{ is: { deviceVendor: VENDOR, deviceProduct: SECURITY } }]

/**
 * What Forcepoint's (Websense's) web protection sends to a SIEM in its three formats: CEF, LEEF and key=value
 * (https://help.forcepoint.com/websec/en-us/on-prem/85/siem/B180CA52-DB55-4DCD-A393-2F3DE855CFC8.html). In CEF `out` is
 * what the client sent.
 */
export const forcepoint = mappedFormat({
  name: 'forcepoint',
  title: 'Forcepoint (Websense) Web Security, CEF, LEEF and key=value',
  documentation: 'https://help.forcepoint.com/websec/en-us/on-prem/85/siem/B180CA52-DB55-4DCD-A393-2F3DE855CFC8.html',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    { fields: 'cef', syslog: true, unset: ['-'], detect: CEF_DETECT, records: [CEF] },
    {
      fields: 'leef',
      syslog: true,
      unset: ['-'],
      detect: [{ is: { vendor: VENDOR, product: SECURITY, eventId: 'transaction:*' } }],
      records: [LEEF],
    },
    {
      fields: 'key-value',
      syslog: true,
      unset: ['-'],
      detect: [{ has: ['action', 'disposition'], is: { vendor: VENDOR, product: SECURITY } }],
      records: [PAIRS],
    },
  ],
})
