import { mappedFormat } from '../mapping/format.ts'
import type { DetectRule, FieldsRule, Layout, RecordRule, Sources, TimeRule } from '../mapping/mapping.ts'

const ACTION = {
  blocked: ['drop*', 'reject*', 'block*', 'prevent*', 'deny*'],
  allowed: ['accept', 'allow*', 'encrypt', 'decrypt', 'detect*', '*bypass', '*inspect', 'inform*', 'monitor*'],
} as const

/** A ping and the like say nothing of what was used. */
const NOT_READ = ['1', '58', 'icmp', 'ipv6-icmp', 'icmp6']

/** What the exports of one style call their fields; a prefix is for those of structured data. */
interface Names {
  readonly time: readonly TimeRule[]
  readonly action: string
  readonly clientPort: string
  readonly serverPort: string
  readonly user: readonly string[]
  readonly device: string
  readonly url: string
  readonly method: string
  readonly bytesUp: string
  readonly bytesDown: string
  readonly translated: NonNullable<RecordRule['translated']>
  /** Before names that no style changes. */
  readonly prefix: string
}

function native(prefix: string): Names {
  const time = `${prefix}time`
  return {
    time: [
      { from: time, as: 'unix' },
      { from: time, as: 'iso' },
      { from: time, as: 'ddMMMyyyy HH:mm:ss' },
      { from: 'syslog.time', as: 'syslog' },
    ],
    action: `${prefix}action`,
    clientPort: `${prefix}s_port`,
    serverPort: `${prefix}service`,
    user: [`${prefix}src_user_name`, `${prefix}user`],
    device: `${prefix}src_machine_name`,
    url: `${prefix}resource`,
    method: `${prefix}method`,
    bytesUp: `${prefix}sent_bytes`,
    bytesDown: `${prefix}received_bytes`,
    translated: {
      client: `${prefix}xlatesrc`,
      clientPort: `${prefix}xlatesport`,
      server: `${prefix}xlatedst`,
      serverPort: `${prefix}xlatedport`,
    },
    prefix,
  }
}

const NATIVE = native('')

/** https://community.checkpoint.com/docs/DOC-3371-log-exporter-cef-field-mappings */
const CEF: Names = {
  ...NATIVE,
  time: [
    { from: 'rt', as: 'unix' },
    { from: 'syslog.time', as: 'syslog' },
  ],
  action: 'act',
  clientPort: 'spt',
  serverPort: 'dpt',
  user: ['suser', 'duser'],
  device: 'shost',
  url: 'request',
  method: 'requestMethod',
  bytesUp: 'out',
  bytesDown: 'in',
  translated: {
    client: 'sourceTranslatedAddress',
    clientPort: 'sourceTranslatedPort',
    server: 'destinationTranslatedAddress',
    serverPort: 'destinationTranslatedPort',
  },
}

const LEEF: Names = {
  ...NATIVE,
  time: [
    { from: 'devTime', as: 'unix' },
    { from: 'syslog.time', as: 'syslog' },
  ],
  clientPort: 'srcPort',
  user: ['usrName'],
}

/** `Surname Name (login)` is the login. */
function userOf(names: readonly string[]): Sources {
  return names.flatMap((from) => [{ from, after: '(', before: ')' }, from])
}

function records(names: Names): readonly RecordRule[] {
  const { prefix, time, action } = names
  const own = (name: string) => prefix + name
  const user = userOf(names.user)
  const tunnel = {
    kind: 'tunnel' as const,
    outer: own('src'),
    inner: own('office_mode_ip'),
    user,
    gateway: [own('origin'), own('orig')],
    protocol: own('tunnel_protocol'),
  }
  const connection: RecordRule = {
    time,
    end: { from: own('lastupdatetime'), as: 'unix' },
    client: [own('proxy_src_ip'), own('src')],
    clientPort: names.clientPort,
    server: own('dst'),
    transport: own('proto'),
    name: [own('http_host'), own('tls_server_host_name')],
    url: names.url,
    method: names.method,
    user,
    device: { from: names.device, before: '@' },
    bytesUp: names.bytesUp,
    bytesDown: names.bytesDown,
    bytesTotal: own('bytes'),
    translated: names.translated,
    action: { from: action, ...ACTION },
  }
  const isConnection = { [own('src')]: { set: true }, [own('proto')]: { not: NOT_READ } } as const
  const isTunnel = { [own('office_mode_ip')]: { set: true } } as const
  return [
    { when: { ...isTunnel, [action]: 'log in' }, time, mark: { ...tunnel, event: 'start' } },
    { when: { ...isTunnel, [action]: 'log out' }, time, mark: { ...tunnel, event: 'end' } },
    // Some exports give a service's name for its port.
    {
      ...connection,
      when: { ...isConnection, [names.serverPort]: { like: 'number' } },
      serverPort: names.serverPort,
    },
    { ...connection, when: isConnection },
  ]
}

function layout(fields: FieldsRule, names: Names, detect: readonly DetectRule[]): Layout {
  return { fields, syslog: true, unset: ['', '-', '0.0.0.0'], detect, records: records(names) }
}

const EXPORTED: readonly DetectRule[] = [
  { has: ['action', 'loguid', 'origin'] },
  { has: ['action', 'ifdir', 'origin'] },
  { has: ['action', 'orig', 'i/f_dir'] },
  { has: ['action'], is: { 'syslog.program': 'CheckPoint' } },
]

/**
 * Check Point's firewall, application control, URL filtering, HTTPS inspection and remote access, in every style of Log
 * Exporter: syslog (`[action:"Accept"; …]`), generic, Splunk's and the older loggrabber's (bars), JSON, structured data,
 * CEF, LEEF.
 */
export const checkPoint = mappedFormat({
  name: 'check-point',
  title: 'Check Point, every style of Log Exporter (also tunnels)',
  documentation: 'https://sc1.checkpoint.com/documents/Log_Exporter/EN/Content/Topics/Appendix.htm',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    layout({ kind: 'key-value', separator: ';', assign: ':' }, NATIVE, EXPORTED),
    layout({ kind: 'key-value', separator: '|' }, NATIVE, EXPORTED),
    layout({ kind: 'key-value', separator: ';' }, NATIVE, EXPORTED),
    layout('cef', CEF, [{ is: { deviceVendor: 'Check Point' } }]),
    layout('leef', LEEF, [{ is: { vendor: 'Check Point' } }]),
    layout('syslog', native('sd.'), [{ has: ['sd.action', 'sd.loguid', 'sd.origin'] }]),
    layout('json', NATIVE, [{ has: ['action', 'loguid', 'origin', 'ifdir'] }]),
  ],
})
