import { mappedFormat } from '../mapping/format.ts'
import type { MarkRule, TimeRule } from '../mapping/mapping.ts'

const TIME: TimeRule = { from: 'syslog.time', as: 'syslog' }

const TUNNEL = { kind: 'tunnel', protocol: { value: 'wireguard' } } as const satisfies Partial<MarkRule>

/** What the kernel says of a peer, which it numbers. */
const SENTENCES = {
  alive: [
    'Receiving handshake initiation from peer {peer} ({outer})',
    'Receiving handshake response from peer {peer} ({outer})',
    'Receiving keepalive packet from peer {peer} ({outer})',
  ],
}

const HANDSHAKE: TimeRule = { from: 'handshake', as: 'unix' }

const PEER = { ...TUNNEL, event: 'alive', outer: 'endpoint', device: 'key', gateway: 'interface' } as const

/**
 * WireGuard: the kernel's log (with dynamic debugging on), and the table of `wg show all dump`. A peer is known by its
 * public key in the table alone; that it was there is all that is told, as WireGuard has no sessions.
 */
export const wireguard = mappedFormat({
  name: 'wireguard',
  title: 'WireGuard kernel log and `wg show all dump`',
  documentation: 'https://www.wireguard.com/quickstart/#debug-info',
  verified: false,
  attributes: { url: false, server: false, user: false, client: true, bytes: false, bytesUp: false, action: false },
  layouts: [
    {
      fields: {
        kind: 'text',
        templates: Object.fromEntries(
          Object.entries(SENTENCES).map(([kind, texts]) => [
            kind,
            texts.map((text) => `{}wireguard: {interface}: ${text}`),
          ]),
        ),
      },
      syslog: true,
      detect: [{ has: ['peer', 'outer'], is: { 'text.kind': 'alive' } }],
      records: [
        {
          time: TIME,
          mark: { ...TUNNEL, event: 'alive', outer: 'outer', gateway: ['syslog.host', 'interface'] },
        },
      ],
    },
    {
      fields: { kind: 'text', templates: { alive: SENTENCES.alive.map((text) => `wireguard: {interface}: ${text}`) } },
      syslog: true,
      detect: [{ has: ['peer', 'outer'], is: { 'text.kind': 'alive' } }],
      records: [
        {
          time: TIME,
          mark: { ...TUNNEL, event: 'alive', outer: 'outer', gateway: ['syslog.host', 'interface'] },
        },
      ],
    },
    {
      fields: {
        kind: 'columns',
        columns: ['interface', 'key', 'secret', 'endpoint', 'allowed', 'handshake', 'received', 'sent', 'keepalive'],
        atLeast: 5,
      },
      unset: ['(none)'],
      // A key is 32 bytes in Base64, which end so.
      detect: [{ has: ['keepalive'], is: { key: '*=', handshake: { like: 'number' }, sent: { like: 'number' } } }],
      records: [
        {
          when: { handshake: { not: ['0', ''] }, allowed: ['*/32', '*/128'], keepalive: { set: true } },
          time: HANDSHAKE,
          mark: { ...PEER, inner: { from: 'allowed', before: '/' } },
        },
        { when: { handshake: { not: ['0', ''] }, keepalive: { set: true } }, time: HANDSHAKE, mark: PEER },
      ],
    },
  ],
})
