import { mappedFormat } from '../mapping/format.ts'
import type { MarkRule, TimeRule } from '../mapping/mapping.ts'

const TIMES: readonly TimeRule[] = [
  { from: ['date', 'clock'], as: 'iso' },
  { from: 'syslog.time', as: 'syslog' },
]

const LEASE = {
  kind: 'lease',
  protocol: { value: 'dhcp' },
  inner: 'address',
  device: [{ from: 'hardware', before: ',' }, 'duid'],
  gateway: 'syslog.host',
} as const satisfies Partial<MarkRule>

/**
 * Kea's log, the forensic log of its `legal_log` hook, and its lease file. A lease file says until when a lease is or
 * was given: each row stands for the time before that.
 */
export const kea = mappedFormat({
  name: 'kea',
  title: 'Kea DHCP server log, forensic log and lease file',
  documentation: 'https://kea.readthedocs.io/en/latest/kea-messages.html',
  verified: true,
  attributes: { url: false, server: false, user: false, client: true, bytes: false, bytesUp: false, action: false },
  layouts: [
    {
      fields: {
        kind: 'text',
        templates: {
          given: [
            '{date} {clock} {}DHCP4_LEASE_ALLOC [hwtype={} {hardware}]{}: lease {address} has been allocated for {lifetime} seconds',
            // Before 1.5.
            '{date} {clock} {}DHCP4_LEASE_ALLOC [hwtype={} {hardware}]{}: lease {address} has been allocated',
            '{date} {clock} {}DHCP6_LEASE_ALLOC duid=[{duid}]{}: lease for address {address} and iaid={} has been allocated for {lifetime} seconds',
            '{date} {clock} {}DHCP6_LEASE_ALLOC duid=[{duid}]{}: lease for address {address} and iaid={} has been allocated',
            '{date} {clock} {}Address: {address} has been assigned for {} to a device with hardware address: hwtype={} {hardware}',
            '{date} {clock} {}Address: {address} has been renewed for {} to a device with hardware address: hwtype={} {hardware}',
            '{date} {clock} {}Address: {address} has been assigned for {} to a device with DUID: {duid} and',
            '{date} {clock} {}Address: {address} has been renewed for {} to a device with DUID: {duid} and',
          ],
          released: [
            '{date} {clock} {}DHCP4_RELEASE [hwtype={} {hardware}]{}: address {address} was released properly',
            '{date} {clock} {}DHCP6_RELEASE_NA duid=[{duid}]{}: binding for address {address} and iaid={} was released properly',
            '{date} {clock} {}Address: {address} has been released from a device with hardware address: hwtype={} {hardware}',
            '{date} {clock} {}Address: {address} has been released from a device with DUID: {duid} and',
          ],
        },
      },
      syslog: true,
      detect: [{ is: { 'text.kind': ['given', 'released'], address: { like: 'address' } } }],
      records: [
        {
          when: { 'text.kind': 'given' },
          time: TIMES,
          mark: { ...LEASE, event: 'start', lifetime: { from: 'lifetime', unit: 's' } },
        },
        { when: { 'text.kind': 'released' }, time: TIMES, mark: { ...LEASE, event: 'end' } },
      ],
    },
    {
      fields: { kind: 'csv', header: true, delimiter: ',' },
      detect: [{ has: ['address', 'valid_lifetime', 'expire', 'subnet_id'], is: { address: { like: 'address' } } }],
      records: [
        {
          // 1 is declined: it is in use by somebody else.
          when: { state: { not: '1' }, lease_type: ['0', ''] },
          time: { from: 'expire', as: 'unix' },
          mark: {
            ...LEASE,
            event: 'end',
            device: ['hostname', 'hwaddr', 'duid'],
            gateway: undefined,
            duration: { from: 'valid_lifetime', unit: 's' },
          },
        },
      ],
    },
  ],
})
