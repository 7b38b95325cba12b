import { mappedFormat } from '../mapping/format.ts'
import type { Layout, RecordRule, TimeRule } from '../mapping/mapping.ts'

/** In W3C files the times are UTC. */
const TIME: TimeRule = { from: ['date', 'time'], as: 'iso', utc: true }

const PROXY: RecordRule = {
  when: { 's-operation': { set: true } },
  time: TIME,
  duration: { from: 'time-taken', unit: 'ms' },
  logged: 'end',
  client: 'c-ip',
  transport: { value: 'tcp' },
  name: 'r-host',
  url: 'cs-uri',
  method: 's-operation',
  user: 'cs-username',
  bytesUp: 'cs-bytes',
  bytesDown: 'sc-bytes',
}

/** What goes on inside TLS has no operation. */
const TUNNEL: RecordRule = { ...PROXY, method: { value: 'CONNECT' }, name: ['r-host', 'cs-uri'], url: undefined }
const SSL = { 's-operation': { set: false }, 'cs-protocol': 'ssl-tunnel' } as const

/** Where the object came from the origin itself, its address is the server's; else it may be that of a proxy behind. */
const FROM_ORIGIN = { 's-operation': { set: true }, 's-object-source': ['inet', 'vfinet'] } as const
const ACTION = { from: 'action', blocked: ['denied'], allowed: ['allowed'] } as const

/** How ISA Server 2000, whose log has no action, says that it denied. */
const DENIED = {
  's-operation': { set: true },
  action: { set: false },
  'sc-status': ['12202', '12209', '12210'],
} as const

/** The firewall's log. */
function firewall(fields: Layout['fields']): Layout {
  return {
    fields,
    unset: ['-', 'anonymous', 'Anonymous'],
    detect: [
      {
        has: ['source', 'destination', 'rule'],
        is: { action: ['Denied', 'Establish', 'Terminate', 'Initiate', 'Intermediate', 'Failed'], status: '0x*' },
      },
      {
        has: ['source', 'destination', 'source network', 'destination network'],
        is: { action: ['Denied', 'Establish', 'Terminate', 'Initiate', 'Intermediate', 'Failed'], status: '0x*' },
      },
    ],
    records: [
      {
        when: { action: ['Denied', 'Terminate', 'Intermediate', 'Establish', 'Initiate'] },
        time: TIME,
        duration: { from: 'connection time', unit: 'ms' },
        logged: 'end',
        client: 'source',
        server: 'destination',
        transport: 'IP protocol',
        name: 'destination name',
        user: 'username',
        bytesUp: 'bytes sent',
        bytesDown: 'bytes received',
        action: { from: 'action', blocked: ['Denied'], allowed: ['*'] },
      },
    ],
  }
}

/**
 * The logs of Microsoft's Forefront Threat Management Gateway and of ISA Server before it, as W3C files: of the Web proxy
 * (https://learn.microsoft.com/previous-versions/windows/desktop/ff827532(v=vs.85)) and of the firewall.
 */
export const microsoftTmg = mappedFormat({
  name: 'microsoft-tmg',
  title: 'Microsoft Forefront TMG and ISA Server log, W3C',
  documentation: 'https://learn.microsoft.com/previous-versions/windows/desktop/ff827532(v=vs.85)',
  verified: false,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    {
      fields: 'w3c',
      unset: ['-', 'anonymous', 'Anonymous'],
      detect: [
        { has: ['c-ip', 's-operation', 'r-host'] },
        { has: ['c-ip', 's-operation', 's-object-source'] },
        { has: ['c-ip', 's-operation', 'cs-protocol'] },
      ],
      records: [
        { ...PROXY, when: DENIED, action: { from: 'sc-status', blocked: ['*'] } },
        { ...PROXY, when: FROM_ORIGIN, server: 'r-ip', serverPort: 'r-port', action: ACTION },
        { ...PROXY, action: ACTION },
        {
          ...TUNNEL,
          when: { ...SSL, 's-object-source': FROM_ORIGIN['s-object-source'] },
          server: 'r-ip',
          serverPort: 'r-port',
          action: ACTION,
        },
        { ...TUNNEL, when: SSL, action: ACTION },
      ],
    },
    firewall('w3c'),
    firewall(
      // Without tabs between its names, which hold spaces, only the order tells.
      {
        kind: 'csv',
        delimiter: '\t',
        header: [
          ...['computer', 'date', 'time', 'IP protocol', 'source', 'destination', 'original client IP'],
          ...[
            'source network',
            'destination network',
            'action',
            'status',
            'rule',
            'application protocol',
            'bytes sent',
          ],
          ...['bytes sent intermediate', 'bytes received', 'bytes received intermediate', 'connection time'],
          ...['connection time intermediate', 'source name', 'destination name', 'username', 'agent'],
        ],
      },
    ),
  ],
})
