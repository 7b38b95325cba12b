import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule } from '../mapping/mapping.ts'

const REQUEST: Omit<RecordRule, 'when'> = {
  time: { from: 'start_time', as: 'iso' },
  duration: { from: 'duration', unit: 'ms' },
  client: ['client', 'forwarded'],
  server: [{ from: 'upstream', after: '://' }, 'upstream'],
  transport: { value: 'tcp' },
  name: 'authority',
  method: ['method', { from: 'request', before: ' ' }],
  bytesUp: 'received',
  bytesDown: 'sent',
}

/** Where Envoy's sidecars let everything out that they know no service for, or nothing. */
const BY_CLUSTER = { from: 'cluster', blocked: ['BlackHoleCluster'], allowed: ['PassthroughCluster', 'outbound*'] }

/** Without the address in front of the proxy only who says for whom it asked is known. */
const KNOWN = { forwarded: { set: true } } as const

/** Istio's names of the same. */
const NAMED = {
  client: ['downstream_remote_address', 'x_forwarded_for'],
  server: 'upstream_host',
  bytesUp: 'bytes_received',
  bytesDown: 'bytes_sent',
  action: { ...BY_CLUSTER, from: 'upstream_cluster' },
} as const

/**
 * Envoy's access log: its default format, in which the client is only in X-Forwarded-For; Istio's, which adds the client's
 * address and the server name of TLS; and Istio's names in JSON. Whatever else is configured takes a mapping of one's own.
 */
export const envoy = mappedFormat({
  name: 'envoy',
  title: 'Envoy and Istio access log, default formats',
  documentation: 'https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage',
  verified: true,
  attributes: { url: true, server: true, user: false, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    {
      fields: {
        kind: 'columns',
        columns: [
          ...['start_time', 'request', 'status', 'flags', 'received', 'sent', 'duration', '', 'forwarded', '', ''],
          ...['authority', 'upstream'],
        ],
      },
      unset: ['-'],
      detect: [{ is: { start_time: { like: 'time' }, received: { like: 'number' }, duration: { like: 'number' } } }],
      records: [{ ...REQUEST, when: KNOWN, action: { from: 'flags', blocked: ['UAEX*'] } }],
    },
    {
      fields: {
        kind: 'columns',
        columns: [
          ...['start_time', 'request', 'status', 'flags', '', '', '', 'received', 'sent', 'duration', ''],
          ...['forwarded', '', '', 'authority', 'upstream', 'cluster', '', '', 'client', 'sni', ''],
        ],
      },
      unset: ['-'],
      detect: [{ is: { start_time: { like: 'time' }, received: { like: 'number' }, duration: { like: 'number' } } }],
      records: [
        { ...REQUEST, when: { authority: { set: true } }, action: BY_CLUSTER },
        { ...REQUEST, when: { sni: { set: true } }, name: 'sni', means: 'tls-sni', action: BY_CLUSTER },
        { ...REQUEST, when: { client: { set: true } }, action: BY_CLUSTER },
      ],
    },
    {
      fields: 'json',
      unset: ['-'],
      detect: [{ has: ['start_time', 'authority', 'downstream_remote_address', 'response_flags'] }],
      records: [
        { ...REQUEST, ...NAMED, when: { authority: { set: true } } },
        {
          ...REQUEST,
          ...NAMED,
          when: { requested_server_name: { set: true } },
          name: 'requested_server_name',
          means: 'tls-sni',
        },
        { ...REQUEST, ...NAMED },
      ],
    },
  ],
})
