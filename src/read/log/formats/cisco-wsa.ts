import { mappedFormat } from '../mapping/format.ts'
import type { Layout, RecordRule } from '../mapping/mapping.ts'

const RECORD: RecordRule = {
  time: { from: 'time', as: 'unix' },
  duration: { from: 'elapsed', unit: 'ms' },
  logged: 'end',
  client: 'client',
  transport: { value: 'tcp' },
  url: 'url',
  method: 'method',
  user: 'user',
  bytesDown: 'bytes',
}

/** The decision tag names the rule that blocked, behind columns that the operator may have added. */
const BLOCKED = ['* BLOCK_*', '* DROP_*']
const SAME_AS_RESULT = { from: 'result', blocked: ['*denied*'], allowed: ['tcp_*', 'none*'] } as const

const RECORDS: readonly RecordRule[] = [
  { ...RECORD, when: { 'syslog.message': BLOCKED }, action: { from: { value: 'blocked' }, blocked: ['*'] } },
  {
    ...RECORD,
    when: { hierarchy: 'DIRECT/*' },
    server: { from: 'hierarchy', after: '/' },
    // What was asked for counts before what was gone to.
    name: { from: 'url', after: '://', before: '/' },
    action: SAME_AS_RESULT,
  },
  { ...RECORD, action: SAME_AS_RESULT },
]

/** Scanning verdicts in angle brackets stand behind Squid's columns, and begin with the category of the URL. */
const VERDICTS = ['* <"*', '* <IW_*', '* <C_*', '* <-,*', '* <nc,*', '* <ns,*', '* <err,*']

function layout(prefix: readonly string[]): Layout {
  return {
    fields: {
      kind: 'columns',
      columns: [
        ...prefix,
        ...['time', 'elapsed', 'client', 'result', 'bytes', 'method', 'url', 'user', 'hierarchy', 'type', 'tag'],
      ],
    },
    syslog: true,
    unset: ['-'],
    detect: [{ has: ['tag'], is: { result: '*/*', elapsed: { like: 'number' }, 'syslog.message': VERDICTS } }],
    records: RECORDS,
  }
}

const W3C_RECORD: RecordRule = {
  time: { from: 'timestamp', as: 'unix' },
  duration: { from: 'x-elapsed-time', unit: 'ms' },
  logged: 'end',
  client: 'c-ip',
  server: 's-ip',
  transport: { value: 'tcp' },
  url: 'cs-url',
  method: 'cs-method',
  user: 'cs-username',
  bytesUp: 'cs-bytes',
  bytesDown: 'sc-bytes',
}

/** The same with the fields that the operator chose, named by a header. */
const W3C: Layout = {
  fields: 'w3c',
  unset: ['-'],
  detect: [
    { has: ['timestamp', 'c-ip', 'cs-url', 'x-acltag'] },
    { has: ['timestamp', 'c-ip', 'cs-url', 'sc-result-code'] },
    { has: ['timestamp', 'c-ip', 'cs-url', 'x-resultcode-httpstatus'] },
  ],
  records: [
    { ...W3C_RECORD, when: { 'x-acltag': ['block_*', 'drop_*'] }, action: { from: 'x-acltag', blocked: ['*'] } },
    {
      ...W3C_RECORD,
      action: {
        from: ['sc-result-code', 'x-resultcode-httpstatus'],
        blocked: ['*denied*'],
        allowed: ['tcp_*', 'none*'],
      },
    },
  ],
}

/**
 * The access log of Cisco's Secure Web Appliance (IronPort WSA): Squid's columns, then the decision tag and the scanning
 * verdicts in angle brackets, `Info:` before them where it came over syslog; and its W3C log with any fields.
 */
export const ciscoWsa = mappedFormat({
  name: 'cisco-wsa',
  title: 'Cisco Secure Web Appliance (IronPort WSA) access log',
  documentation: 'https://www.cisco.com/c/en/us/support/security/web-security-appliance/products-user-guide-list.html',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: false, action: true },
  layouts: [W3C, layout([]), layout(['level'])],
})
