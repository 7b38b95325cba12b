import { mappedFormat } from '../mapping/format.ts'

/**
 * nginx's access log in JSON, by the names of its variables, whichever of them the configuration writes; also of its stream
 * module, which passes TLS on by the name that the client sent (`$ssl_preread_server_name`).
 */
export const nginx = mappedFormat({
  name: 'nginx',
  title: 'nginx access log, JSON',
  documentation: 'https://nginx.org/en/docs/varindex.html',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: false },
  fields: 'json',
  syslog: true,
  // `_` is the usual name of a server for whatever no other is for.
  unset: ['-', '_'],
  detect: [
    { has: ['remote_addr', 'request', 'body_bytes_sent'] },
    { has: ['remote_addr', 'request_uri', 'request_method'] },
    { has: ['remote_addr', 'ssl_preread_server_name'] },
  ],
  records: [
    {
      when: { ssl_preread_server_name: { set: true } },
      time: [
        { from: 'time_iso8601', as: 'iso' },
        { from: 'time_local', as: 'httpd' },
        { from: 'msec', as: 'unix' },
      ],
      duration: { from: 'session_time', unit: 's' },
      logged: 'end',
      client: 'remote_addr',
      clientPort: 'remote_port',
      server: 'upstream_addr',
      transport: 'protocol',
      name: 'ssl_preread_server_name',
      bytesUp: 'bytes_received',
      bytesDown: 'bytes_sent',
      means: 'tls-sni',
    },
    {
      time: [
        { from: 'time_iso8601', as: 'iso' },
        { from: 'time_local', as: 'httpd' },
        { from: 'timestamp', as: 'iso' },
        { from: 'msec', as: 'unix' },
      ],
      duration: { from: 'request_time', unit: 's' },
      logged: 'end',
      client: 'remote_addr',
      clientPort: 'remote_port',
      name: ['host', 'http_host', 'server_name'],
      url: [{ from: 'request', after: ' ', before: ' ' }, 'request_uri'],
      method: ['request_method', { from: 'request', before: ' ' }],
      server: 'server_addr',
      serverPort: 'server_port',
      transport: { value: 'tcp' },
      user: 'remote_user',
      bytesUp: 'request_length',
      bytesDown: ['bytes_sent', 'body_bytes_sent'],
    },
  ],
})
