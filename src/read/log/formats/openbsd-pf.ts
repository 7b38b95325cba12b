import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule } from '../mapping/mapping.ts'

/** What comes from such a port is an answer. */
const SERVER_PORTS = ['53', '80', '443', '853', '5222', '5223', '5228'].map((port) => `*.${port}`)

/** Printed to a file, or through `logger -t pf`. */
const TEMPLATES = ['{} pf: {time} rule', '{time} rule'].flatMap((begin) =>
  ['in', 'out'].map((way) => `${begin} {}(match){}ACTION ${way} on {}: {from} > {to}: {what} {rest}`),
)

function templates(action: string): readonly string[] {
  return TEMPLATES.map((text) => text.replace('ACTION', action))
}

/** What has no ports, or is about another packet. */
const OTHERS = ['icmp*', 'igmp*', 'carp*', 'gre*', 'esp*', 'ah*', 'ip-proto*', 'pfsync*', 'ospf*', 'frag*', '(frag*']

const PACKET: Omit<RecordRule, 'when'> = {
  time: [
    { from: 'time', as: 'syslog' },
    { from: 'time', as: 'iso' },
  ],
  client: 'from',
  server: 'to',
  // Of TCP the flags are printed, and of what tcpdump knows better its own words.
  transport: 'what',
  action: { from: 'text.kind', blocked: ['block'], allowed: ['pass'] },
}
const BACK = { client: 'to', server: 'from' } as const
const FLAGS = ['S', 'SE', 'SWE', 'P', 'F', 'FP', 'R', '.', 'Flags']

function records(rule: Omit<RecordRule, 'when'>, what: readonly string[] | { readonly not: readonly string[] }) {
  return [
    { ...rule, ...BACK, when: { what, from: SERVER_PORTS, to: { not: SERVER_PORTS } } },
    { ...rule, when: { what } },
  ]
}

/** OpenBSD's packet filter: `tcpdump -n -e -ttt -r /var/log/pflog`, one line for each packet that a rule logged. */
export const openbsdPf = mappedFormat({
  name: 'openbsd-pf',
  title: 'OpenBSD and FreeBSD packet filter, as tcpdump prints it',
  documentation: 'https://www.openbsd.org/faq/pf/logging.html',
  verified: false,
  attributes: { url: false, server: true, user: false, client: true, bytes: false, bytesUp: false, action: true },
  fields: { kind: 'text', templates: { pass: templates('pass'), block: templates('block') } },
  detect: [{ is: { 'text.kind': ['pass', 'block'], from: { like: 'name' }, to: { like: 'name' } } }],
  records: [
    { ...PACKET, ...BACK, transport: { value: 'tcp' }, when: { what: ['S', 'SE'], rest: '* ack *' } },
    { ...PACKET, ...BACK, transport: { value: 'tcp' }, when: { what: 'Flags', rest: '[S.]*' } },
    ...records({ ...PACKET, transport: { value: 'tcp' } }, FLAGS),
    ...records(PACKET, { not: OTHERS }),
  ],
})
