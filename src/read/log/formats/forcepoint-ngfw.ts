import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule } from '../mapping/mapping.ts'

const VENDOR = ['forcepoint', 'stonesoft', 'mcafee'] as const
const PRODUCT = ['firewall', 'ips', 'alert', 'layer 2 firewall'] as const
const BLOCKED = ['discard*', 'refuse*', 'terminate*', 'block*', '*_discarded', '*_refused', '*_terminated', '*_blocked']
const ALLOWED = ['allow*', 'permit*', 'continue*', '*_allowed', '*_closed', '*_established']

const CEF: RecordRule = {
  when: { src: { set: true } },
  time: [
    { from: 'rt', as: 'unix' },
    { from: 'rt', as: 'syslog' },
    { from: 'syslog.time', as: 'syslog' },
  ],
  client: 'src',
  clientPort: 'spt',
  server: 'dst',
  serverPort: 'dpt',
  transport: 'proto',
  name: 'dhost',
  url: 'request',
  user: ['suser', 'duser'],
  bytesUp: 'out',
  bytesDown: 'in',
  action: { from: ['act', 'name'], blocked: BLOCKED, allowed: ALLOWED },
}

const LEEF: RecordRule = {
  when: { src: { set: true } },
  time: [
    { from: 'devTime', as: 'unix' },
    { from: 'devTime', as: 'syslog' },
    { from: 'syslog.time', as: 'syslog' },
  ],
  client: 'src',
  clientPort: 'srcPort',
  server: 'dst',
  serverPort: 'dstPort',
  transport: 'proto',
  url: 'url',
  user: 'usrName',
  bytesUp: 'srcBytes',
  bytesDown: 'dstBytes',
  action: { from: ['action', 'eventId'], blocked: BLOCKED, allowed: ALLOWED },
}

/**
 * Forcepoint's Next Generation Firewall (before, Stonesoft's and McAfee's), as its log server forwards it in CEF and LEEF
 * (https://help.forcepoint.com/ngfw/en-us/7.1.0/index.html).
 */
export const forcepointNgfw = mappedFormat({
  name: 'forcepoint-ngfw',
  title: 'Forcepoint NGFW log, CEF and LEEF',
  documentation: 'https://help.forcepoint.com/ngfw/en-us/7.1.0/index.html',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    {
      fields: 'cef',
      syslog: true,
      detect: [{ is: { deviceVendor: VENDOR, deviceProduct: PRODUCT } }],
      records: [CEF],
    },
    { fields: 'leef', syslog: true, detect: [{ is: { vendor: VENDOR, product: PRODUCT } }], records: [LEEF] },
  ],
})
