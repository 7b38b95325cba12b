import { mappedFormat } from '../mapping/format.ts'
import type { Layout, RecordRule } from '../mapping/mapping.ts'

/** `isolate`: the page was opened, in a browser of the service's own. */
const ACTION = {
  from: ['pe_action', 'act'],
  blocked: ['block*', 'deny', 'denied'],
  allowed: ['allow*', 'isolate*', 'direct', 'ssl_exception'],
} as const

const REQUEST: RecordRule = {
  time: [
    { from: 'event_time', as: 'iso', utc: true },
    { from: 'rt', as: 'unix' },
    { from: 'syslog.time', as: 'syslog' },
  ],
  client: ['x-client-ip', 'src', 'xff_ip'],
  clientPort: ['srcPort', 'spt'],
  server: ['origin_ip', 'dst'],
  transport: { value: 'tcp' },
  name: ['domain', 'dhost'],
  url: ['url', 'request'],
  method: ['request_type', 'requestMethod'],
  user: ['userid', 'suser'],
  action: ACTION,
}

function layout(fields: Layout['fields'], detect: Layout['detect']): Layout {
  return { fields, syslog: true, unset: ['NA', 'N/A', '-', 'None'], detect, records: [REQUEST] }
}

/** Menlo Security's web log, as its API gives it (JSON), and as CEF with the same names or those of CEF's dictionary. */
export const menlo = mappedFormat({
  name: 'menlo',
  title: 'Menlo Security web log, JSON and CEF',
  documentation: 'https://www.elastic.co/docs/reference/integrations/menlo',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: false, bytesUp: false, action: true },
  layouts: [
    layout({ kind: 'json', within: 'event' }, [{ has: ['pe_action', 'event_time'], is: { vendor: 'Menlo Security' } }]),
    layout('cef', [{ is: { deviceVendor: 'Menlo Security' } }]),
  ],
})
