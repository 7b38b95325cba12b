import { mappedFormat } from '../mapping/format.ts'
import type { Layout, MarkRule, RecordRule, TimeRule } from '../mapping/mapping.ts'

const TIMES: readonly TimeRule[] = [
  { from: 'syslog.time', as: 'syslog' },
  { from: ['date', 'clock'], as: 'iso' },
]

const TUNNEL = {
  kind: 'tunnel',
  outer: 'outer',
  user: 'user',
  gateway: ['syslog.host', 'gateway'],
  protocol: { value: 'esp' },
} as const satisfies Partial<MarkRule>

const RECORDS: readonly RecordRule[] = [
  { when: { 'text.kind': 'start' }, time: TIMES, mark: { ...TUNNEL, event: 'start' } },
  {
    when: { 'text.kind': 'address' },
    time: TIMES,
    mark: { ...TUNNEL, outer: undefined, inner: 'inner', gateway: 'syslog.host', event: 'alive' },
  },
  { when: { 'text.kind': 'end' }, time: TIMES, mark: { ...TUNNEL, event: 'end' } },
]

/** `12[IKE] …`, in a file also with the connection: `12[IKE] <rw|3> …`. */
function layout(before: string): Layout {
  return {
    fields: {
      kind: 'text',
      templates: {
        start: `${before}[IKE] {}IKE_SA {} established between {gateway}[{}]...{outer}[{user}]`,
        address: `${before}[IKE] {}assigning virtual IP {inner} to peer '{user}'`,
        end: `${before}[IKE] {}deleting IKE_SA {} between {gateway}[{}]...{outer}[{user}]`,
      },
    },
    syslog: true,
    detect: [{ has: ['thread', 'user'], is: { 'text.kind': ['start', 'address', 'end'], thread: { like: 'number' } } }],
    records: RECORDS,
  }
}

/**
 * strongSwan's charon, in syslog or a file: an IKE security association that was established, the address that it gave,
 * and its end. Who the peer is, is what it calls itself.
 */
export const strongswan = mappedFormat({
  name: 'strongswan',
  title: 'strongSwan (charon) log',
  documentation: 'https://docs.strongswan.org/docs/latest/config/logging.html',
  verified: false,
  attributes: { url: false, server: false, user: true, client: false, bytes: false, bytesUp: false, action: false },
  layouts: [layout('{thread}'), layout('{date} {clock} {thread}')],
})
