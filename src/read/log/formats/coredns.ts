import { mappedFormat } from '../mapping/format.ts'

/**
 * The `log` plugin of CoreDNS in its common and combined formats. CoreDNS writes no time: it has to come from what keeps
 * its output, as an ISO time before the line.
 */
export const coredns = mappedFormat({
  name: 'coredns',
  title: 'CoreDNS log plugin',
  documentation: 'https://coredns.io/plugins/log/',
  verified: true,
  attributes: { url: false, server: false, user: false, client: true, bytes: false, bytesUp: false, action: false },
  fields: {
    kind: 'text',
    templates: {
      query:
        '{}[INFO] {client} - {id} "{type} {class} {query} {transport} {size} {do} {buffer}" {rcode} {flags} {bytes} {seconds}s',
    },
  },
  syslog: true,
  detect: [{ is: { transport: ['udp', 'tcp'], size: { like: 'number' }, class: ['IN', 'CH', 'ANY'] } }],
  records: [
    {
      time: { from: 'syslog.time', as: 'syslog' },
      duration: { from: 'seconds', unit: 's' },
      logged: 'end',
      client: 'client',
      transport: 'transport',
      dns: { query: 'query', type: 'type', rcode: 'rcode' },
    },
  ],
})
