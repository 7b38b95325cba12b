import { mappedFormat } from '../mapping/format.ts'
import type { FieldsRule, Layout, MarkRule, RecordRule, TimeRule } from '../mapping/mapping.ts'

const TIMES: readonly TimeRule[] = [
  { from: 'syslog.time', as: 'syslog' },
  { from: ['date', 'clock'], as: 'iso' },
  { from: ['day', 'month', 'date', 'clock', 'year'], as: 'EEE MMM d HH:mm:ss yyyy' },
]

const TUNNEL = {
  kind: 'tunnel',
  outer: 'outer',
  inner: 'inner',
  user: 'user',
  gateway: 'syslog.host',
  protocol: { value: 'openvpn' },
} as const satisfies Partial<MarkRule>

/** What the server says of a client, behind the time. */
const SENTENCES = {
  start: '{} [{user}] Peer Connection Initiated with {}[AF_INET]{outer}',
  start6: '{} [{user}] Peer Connection Initiated with {}[AF_INET6]{outer}',
  address: '{} MULTI: primary virtual IP for {user}/{outer}: {inner}',
  address6: '{} MULTI: primary virtual IPv6 for {user}/{outer}: {inner}',
  learn: '{} MULTI: Learn: {inner} -> {user}/{outer}',
  end: [
    '{user}/{outer} SIGTERM[{}] received, client-instance exiting',
    '{user}/{outer} SIGUSR1[{}] received, client-instance restarting',
  ],
}

/** With what a version writes before each sentence. */
function templates(...before: readonly string[]): FieldsRule {
  const entries = Object.entries(SENTENCES).map(([kind, texts]) => {
    return [kind, [texts].flat().flatMap((text) => before.map((each) => each + text))] as const
  })
  return { kind: 'text', templates: Object.fromEntries(entries) }
}

const EVENTS: readonly RecordRule[] = [
  { when: { 'text.kind': ['start', 'start6'] }, time: TIMES, mark: { ...TUNNEL, event: 'start', inner: undefined } },
  { when: { 'text.kind': ['address', 'address6', 'learn'] }, time: TIMES, mark: { ...TUNNEL, event: 'alive' } },
  { when: { 'text.kind': 'end' }, time: TIMES, mark: { ...TUNNEL, event: 'end', inner: undefined } },
]

const KNOWN = [{ is: { 'text.kind': ['start*', 'address*', 'learn', 'end'], outer: { like: 'name' } } }] as const

const STATUS_TIMES: readonly TimeRule[] = [
  { from: 'seconds', as: 'unix' },
  { from: 'time', as: 'iso' },
  { from: 'time', as: 'EEE MMM d HH:mm:ss yyyy' },
]

/** Rows of the status file in versions 2 (commas) and 3 (tabs). */
const ROWS = {
  client: 'CLIENT_LIST,{name},{outer},{inner},{inner6},{},{},{time},{seconds},{user},{}',
  route: 'ROUTING_TABLE,{inner},{name},{outer},{time},{seconds}',
}

const STATUS: Layout = {
  fields: {
    kind: 'text',
    templates: {
      client: [ROWS.client, ROWS.client.replaceAll(',', '\t')],
      route: [ROWS.route, ROWS.route.replaceAll(',', '\t')],
    },
  },
  unset: ['UNDEF'],
  detect: [{ is: { 'text.kind': ['client', 'route'], outer: { like: 'name' } } }],
  records: [
    {
      when: { 'text.kind': 'client' },
      time: STATUS_TIMES,
      mark: { ...TUNNEL, inner: ['inner', 'inner6'], user: ['user', 'name'], gateway: undefined, event: 'start' },
    },
    {
      when: { 'text.kind': 'route' },
      time: STATUS_TIMES,
      mark: { ...TUNNEL, user: 'name', gateway: undefined, event: 'alive' },
    },
  ],
}

/**
 * OpenVPN's server log, to a file or syslog, and its status file: who came from where, which address was given, when it
 * ended.
 */
export const openvpn = mappedFormat({
  name: 'openvpn',
  title: 'OpenVPN server log and status file',
  documentation: 'https://openvpn.net/community-resources/reference-manual-for-openvpn-2-6/',
  verified: true,
  attributes: { url: false, server: false, user: true, client: false, bytes: false, bytesUp: false, action: false },
  layouts: [
    {
      fields: templates('{date} {clock} '),
      detect: KNOWN.map(({ is }) => ({ is: { ...is, date: '20*' } })),
      records: EVENTS,
    },
    {
      fields: templates('{day} {month} {date} {clock} {year} us={} ', '{day} {month} {date} {clock} {year} '),
      detect: KNOWN.map(({ is }) => ({ is: { ...is, year: '20*' } })),
      records: EVENTS,
    },
    {
      fields: templates(''),
      syslog: true,
      detect: KNOWN.map(({ is }) => ({ is: { ...is, 'syslog.time': { set: true } } })),
      records: EVENTS,
    },
    STATUS,
  ],
})
