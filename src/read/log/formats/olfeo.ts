import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule } from '../mapping/mapping.ts'

const ACTION = { from: 'action', blocked: ['block*', 'deny', 'refuse*'], allowed: ['allow*', 'pass*'] } as const

const CLOUD: RecordRule = {
  time: { from: 'timestamp', as: 'unix' },
  client: 'src_ip',
  clientPort: 'src_port',
  user: ['display_name', 'external_id'],
  action: ACTION,
}

/** One line of an answer as a zone file writes it: `name TTL IN A address`, tabs between. */
function answer(type: string): RecordRule {
  return {
    ...CLOUD,
    when: { type: 'dns', dns_answer: `*\tIN\t${type}\t*` },
    dns: { query: 'domain', answers: { from: 'dns_answer', after: `\tIN\t${type}\t` } },
  }
}

const MONTHS = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'].map((month) => `*/${month}/*`)

/** Olfeo's live log of the cloud service (JSON, web and DNS), and the network log of the appliance. */
export const olfeo = mappedFormat({
  name: 'olfeo',
  title: 'Olfeo Secure Web Gateway, appliance and SaaS',
  documentation: 'https://docs.sekoia.io/integration/categories/network_security/olfeo_secure_web_gateway/',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    {
      fields: 'json',
      syslog: true,
      unset: ['-'],
      detect: [{ has: ['category_label', 'theme_label', 'domain'], is: { type: ['proxy', 'dns'] } }],
      records: [
        answer('A'),
        answer('AAAA'),
        { ...CLOUD, when: { type: 'dns' }, means: 'dns-query', dns: { query: 'domain' } },
        {
          ...CLOUD,
          duration: { from: 'user_response_time_ms', unit: 'ms' },
          logged: 'end',
          server: 'dest_ip',
          transport: { value: 'tcp' },
          name: 'domain',
          url: 'url',
          method: 'http_method',
          bytesUp: 'user_sent_bytes',
          bytesDown: 'user_received_bytes',
        },
      ],
    },
    {
      fields: {
        kind: 'columns',
        columns: ['client', '', 'user', 'time', 'request', 'status', '', '', 'category', 'label'],
      },
      syslog: true,
      unset: ['-'],
      detect: [
        {
          has: ['label'],
          is: { client: { like: 'address' }, time: MONTHS, request: '* HTTP/*', category: { like: 'number' } },
        },
      ],
      records: [
        {
          time: { from: 'time', as: 'dd/MM/yyyy HH:mm:ss' },
          client: 'client',
          transport: { value: 'tcp' },
          url: { from: 'request', after: ' ', before: ' ' },
          method: { from: 'request', before: ' ' },
          user: 'user',
        },
      ],
    },
  ],
})
