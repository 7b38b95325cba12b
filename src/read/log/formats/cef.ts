import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule, TimeRule } from '../mapping/mapping.ts'

const TIMES: readonly TimeRule[] = ['start', 'rt', 'deviceReceiptTime', 'end', 'startTime'].flatMap((from) => [
  { from, as: 'unix' },
  { from, as: 'iso' },
  { from, as: 'MMM dd yyyy HH:mm:ss.SSS Z' },
  { from, as: 'syslog' },
])

const BLOCKED = ['block*', 'den*', 'drop*', 'reject*', 'reset*', 'prevent*', 'quarantine*', 'refuse*']
const ALLOWED = ['allow*', 'accept*', 'permit*', 'pass*', 'forward*']

function body(client: string, clientPort: string, server: string, serverPort: string): RecordRule {
  return {
    time: [...TIMES, { from: 'syslog.time', as: 'syslog' }],
    client,
    clientPort,
    server,
    serverPort,
    transport: ['proto', 'transportProtocol'],
    name: ['dhost', 'destinationHostName', 'destinationDnsDomain'],
    url: ['request', 'requestUrl'],
    method: ['requestMethod'],
    user: ['suser', 'sourceUserName', 'duser'],
    bytesUp: ['out', 'bytesOut'],
    bytesDown: ['in', 'bytesIn'],
    translated: {
      client: 'sourceTranslatedAddress',
      clientPort: 'sourceTranslatedPort',
      server: 'destinationTranslatedAddress',
      serverPort: 'destinationTranslatedPort',
    },
    action: { from: ['act', 'deviceAction', 'outcome'], blocked: BLOCKED, allowed: ALLOWED },
  }
}

/**
 * The Common Event Format of any product, by the names of its dictionary. What products put into custom
 * fields is not known here.
 */
export const cef = mappedFormat({
  name: 'cef',
  title: 'Any product that writes CEF',
  documentation:
    'https://www.microfocus.com/documentation/arcsight/arcsight-smartconnectors-8.4/cef-implementation-standard/',
  verified: true,
  general: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  fields: 'cef',
  syslog: true,
  unset: ['-', 'N/A', 'None', 'null'],
  detect: [{ has: ['deviceVendor', 'deviceProduct'] }],
  records: [
    {
      // Without one of these the record is of nobody's connection.
      when: { src: { set: true } },
      ...body('src', 'spt', 'dst', 'dpt'),
    },
    {
      when: { sourceAddress: { set: true } },
      ...body('sourceAddress', 'sourcePort', 'destinationAddress', 'destinationPort'),
    },
    { when: { shost: { set: true } }, ...body('shost', 'spt', 'dst', 'dpt') },
    { when: { suser: { set: true } }, ...body('shost', 'spt', 'dst', 'dpt') },
  ],
})
