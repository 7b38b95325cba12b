import { mappedFormat } from '../mapping/format.ts'
import type { Layout, RecordRule } from '../mapping/mapping.ts'

const CLOUD: RecordRule = {
  time: [
    { from: 'request_timestamp_epoch', as: 'unix' },
    { from: 'request_timestamp', as: 'iso', utc: true },
  ],
  client: ['client_ip', 'source_ip'],
  server: 'destination_ip',
  serverPort: 'destination_port',
  transport: { value: 'tcp' },
  name: 'requested_host',
  url: 'requested_path',
  method: 'http_action',
  user: 'username',
  device: 'client_system_name',
  application: 'process_name',
  bytesUp: 'client_to_server_bytes',
  bytesDown: 'server_to_client_bytes',
  action: { from: 'result', blocked: ['denied', 'block*'], allowed: ['observed', 'allow*'] },
}

const GATEWAY: RecordRule = {
  time: [
    { from: 'date', as: 'iso' },
    { from: 'syslog.time', as: 'syslog' },
  ],
  client: 'source_ip',
  server: 'destination_ip',
  transport: { value: 'tcp' },
  name: 'destination_host',
  url: { from: 'http_request_first_line', after: ' ', before: ' ' },
  method: { from: 'http_request_first_line', before: ' ' },
  user: 'username',
  bytesUp: 'source_bytes',
  bytesDown: 'destination_bytes',
}

/** What the appliance sends to McAfee's own SIEM. */
const NITRO: RecordRule = {
  time: [
    { from: 'time_stamp', after: '[', before: ']', as: 'httpd' },
    { from: 'syslog.time', as: 'syslog' },
  ],
  client: 'src_ip',
  server: 'server_ip',
  serverPort: 'url_port',
  transport: { value: 'tcp' },
  name: 'host',
  url: 'url',
  method: 'method',
  user: 'auth_user',
  application: 'application_name',
  bytesUp: 'bytes_from_client',
  bytesDown: 'bytes_to_client',
}

const ACCESS: RecordRule = {
  time: { from: 'time', as: 'httpd' },
  client: 'client',
  transport: { value: 'tcp' },
  url: { from: 'request', after: ' ', before: ' ' },
  method: { from: 'request', before: ' ' },
  user: 'user',
  bytesUp: 'sent',
  bytesDown: 'received',
}

/** A block id says which rule blocked; 0 that none did. */
function byBlock(field: string, rule: RecordRule): RecordRule[] {
  return [
    { ...rule, when: { [field]: ['', '0'] }, action: { from: { value: 'allowed' }, allowed: ['*'] } },
    { ...rule, action: { from: field, blocked: ['*'] } },
  ]
}

const BEHIND = ['agent', 'virus', 'block'] as const

function access(counts: readonly string[]): Layout {
  return {
    fields: {
      kind: 'columns',
      columns: ['time', 'user', 'client', 'status', 'request', '', '', '', ...counts, ...BEHIND],
      atLeast: 9 + counts.length,
    },
    syslog: true,
    unset: ['-'],
    detect: [
      {
        is: {
          time: '*/*',
          client: { like: 'address' },
          status: { like: 'number' },
          request: '* HTTP/*',
          ...Object.fromEntries(counts.map((name) => [name, { like: 'number' as const }])),
        },
      },
    ],
    records: byBlock('block', ACCESS),
  }
}

/**
 * Skyhigh Secure Web Gateway, before McAfee Web Gateway: the cloud service's log (CSV with a header, or key=value of a
 * collector), the appliance's `access.log` with or without the count of what the client sent, its key=value, and what it
 * sends to McAfee's own SIEM.
 */
export const skyhigh = mappedFormat({
  name: 'skyhigh',
  title: 'Skyhigh Secure Web Gateway (McAfee Web Gateway) access log',
  documentation:
    'https://success.skyhighsecurity.com/Skyhigh_Secure_Web_Gateway_(On_Prem)/Best_Practices/Logging_and_Monitoring/Understand_Customized_Logging_and_Log_File_Management',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    {
      fields: { kind: 'key-value', spaces: true },
      syslog: true,
      unset: ['-'],
      detect: [{ has: ['requested_host', 'http_action', 'server_to_client_bytes'] }],
      records: [CLOUD],
    },
    {
      fields: { kind: 'csv', header: true, delimiter: ',' },
      unset: ['-'],
      detect: [{ has: ['requested_host', 'http_action', 'server_to_client_bytes'] }],
      records: [CLOUD],
    },
    {
      fields: 'key-value',
      syslog: true,
      detect: [{ has: ['http_request_first_line', 'block_id', 'source_ip'] }],
      records: byBlock('block_id', GATEWAY),
    },
    {
      fields: { kind: 'key-value', separator: '|' },
      syslog: true,
      unset: ['-'],
      detect: [{ has: ['time_stamp', 'src_ip', 'bytes_from_client', 'block_res'] }],
      records: byBlock('block_res', NITRO),
    },
    access(['received', 'sent']),
    access(['received']),
  ],
})
