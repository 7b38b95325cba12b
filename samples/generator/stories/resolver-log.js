// @ts-check
/**
 * The office resolver's log (Zeek's dns.log as TSV): one client looks up a messenger's names, and that is all we know.
 */
import { at, serverOf } from '../scenario.js'
import { random } from '../wire/bytes.js'

/** Field and type, in the order of Zeek 7. */
const FIELDS = [
  ['ts', 'time'],
  ['uid', 'string'],
  ['id.orig_h', 'addr'],
  ['id.orig_p', 'port'],
  ['id.resp_h', 'addr'],
  ['id.resp_p', 'port'],
  ['proto', 'enum'],
  ['trans_id', 'count'],
  ['rtt', 'interval'],
  ['query', 'string'],
  ['qclass', 'count'],
  ['qclass_name', 'string'],
  ['qtype', 'count'],
  ['qtype_name', 'string'],
  ['rcode', 'count'],
  ['rcode_name', 'string'],
  ['AA', 'bool'],
  ['TC', 'bool'],
  ['RD', 'bool'],
  ['RA', 'bool'],
  ['Z', 'count'],
  ['answers', 'vector[string]'],
  ['TTLs', 'vector[interval]'],
  ['rejected', 'bool'],
]

const NO_SUCH_HOST = 'no-such-host.example.com'

/** Time, client, name. */
const LOOKUPS = [
  ['08:41:12.118', '10.1.4.31', 'www.example.com'],
  ['09:02:45.902', '10.1.4.40', 'intranet.example.org'],
  ['09:15:30.044', '10.1.4.52', 'cdn.example.net'],
  ['10:01:07.310', '10.1.4.77', 'discord.com'],
  ['10:01:08.127', '10.1.4.77', 'gateway.discord.gg'],
  ['10:01:09.655', '10.1.4.77', 'cdn.discordapp.com'],
  ['10:18:22.480', '10.1.4.77', 'gateway.discord.gg'],
  ['10:33:51.206', '10.1.4.77', 'gateway.discord.gg'],
  ['10:40:00.771', '10.1.4.40', NO_SUCH_HOST],
  ['13:21:40.003', '10.1.4.31', 'www.whatsapp.com'],
  ['14:05:19.390', '10.1.4.52', 'maps.example.org'],
]

/** The log as Zeek writes it, header and closing line included. */
export function resolverLog() {
  const lines = LOOKUPS.map((lookup, i) => record(lookup, i).join('\t'))
  const header = [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    '#path\tdns',
    '#open\t2026-05-12-00-00-00',
    `#fields\t${FIELDS.map(([name]) => name).join('\t')}`,
    `#types\t${FIELDS.map(([, type]) => type).join('\t')}`,
  ]
  return `${[...header, ...lines, '#close\t2026-05-13-00-00-00'].join('\n')}\n`
}

/**
 * @param {readonly string[]} lookup
 * @param {number} index
 */
function record([clock = '', client = '', name = ''], index) {
  const next = random(index)
  const [port, id] = [49152 + (next() % 16384), next() & 0xffff]
  const uid = `C${next().toString(36)}${next().toString(36)}`
  const found = name !== NO_SUCH_HOST
  const time = (at(clock) / 1e6).toFixed(6)
  return [
    ...[time, uid, client, port, '10.1.0.53', 53, 'udp', id, '0.004121', name, 1, 'C_INTERNET', 1, 'A'],
    ...(found ? [0, 'NOERROR'] : [3, 'NXDOMAIN']),
    ...['F', 'F', 'T', 'T', 0],
    ...(found ? [serverOf(name), '300.000000'] : ['-', '-']),
    'F',
  ]
}
