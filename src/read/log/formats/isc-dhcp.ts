import { mappedFormat } from '../mapping/format.ts'
import { DHCPD_RECORDS, DHCPD_TEMPLATES } from '../named.ts'

/**
 * ISC's DHCP server, as it writes to syslog, also within other products: an address was given (or given again), or given
 * back. Who is named by a host's name where the client told one, else by its hardware address or DUID.
 */
export const iscDhcp = mappedFormat({
  name: 'isc-dhcp',
  title: 'ISC DHCP server log',
  documentation: 'https://kb.isc.org/docs/isc-dhcp-44-manual-pages-dhcpd',
  verified: true,
  general: true,
  attributes: { url: false, server: false, user: false, client: true, bytes: false, bytesUp: false, action: false },
  fields: {
    kind: 'text',
    templates: {
      ack: [
        ...DHCPD_TEMPLATES.ack,
        'Reply NA: address {address} to client with duid {mac} iaid = {} valid for {lifetime} seconds',
      ],
      release: DHCPD_TEMPLATES.release,
    },
  },
  syslog: true,
  detect: [{ is: { 'text.kind': ['ack', 'release'], address: { like: 'address' } } }],
  records: DHCPD_RECORDS,
})
