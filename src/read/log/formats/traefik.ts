import { mappedFormat } from '../mapping/format.ts'

/** Traefik's access log in JSON. Its default, the common log format, does not say which host was asked for. */
export const traefik = mappedFormat({
  name: 'traefik',
  title: 'Traefik access log, JSON',
  documentation: 'https://doc.traefik.io/traefik/observability/access-logs/',
  verified: false,
  attributes: { url: true, server: false, user: true, client: true, bytes: true, bytesUp: true, action: false },
  fields: 'json',
  unset: ['-'],
  detect: [
    { has: ['ClientHost', 'RequestHost', 'DownstreamStatus'] },
    { has: ['ClientAddr', 'RequestHost', 'StartUTC'] },
  ],
  records: [
    {
      time: [
        { from: 'StartUTC', as: 'iso', utc: true },
        { from: 'time', as: 'iso' },
      ],
      duration: { from: 'Duration', unit: 'ns' },
      client: ['ClientAddr', 'ClientHost'],
      clientPort: 'ClientPort',
      name: ['RequestHost', 'RequestAddr'],
      serverPort: 'RequestPort',
      url: 'RequestPath',
      method: 'RequestMethod',
      transport: { value: 'tcp' },
      user: 'ClientUsername',
      bytesUp: 'RequestContentSize',
      bytesDown: 'DownstreamContentSize',
    },
  ],
})
