import { grouped, harmless } from '../base/text.ts'
import { isFlowOutcome } from './flows-text.ts'
import type { Style } from './style.ts'
import { type Cell, renderTable } from './table.ts'

/** What an input could or could not show, with the inputs that it was met in. */
export interface CoverageLine {
  readonly reason: string
  readonly count: number
  readonly inputs: number
}

/** Reasons that are amounts, not gaps. */
const AMOUNTS = new Set(['packets', 'records', 'bytes', 'records_skipped', 'log_marks'])

/** What a reason means to a reader; one without an entry is shown by its name. */
const WORDS: Readonly<Record<string, string>> = {
  certificate_damaged: "servers' certificates that are none, or whose fields do not fit into each other",
  certificate_incomplete: "servers' certificates of which a part is missing",
  certificate_without_name: "servers' certificates that are for no host",
  client_hello_damaged: 'TLS greetings whose fields do not fit into each other',
  client_hello_encrypted:
    'TLS greetings offering Encrypted Client Hello: the name that was read may be a cover, or a GREASE',
  client_hello_encrypted_name: 'TLS greetings that encrypt the server name, as drafts of Encrypted Client Hello did',
  client_hello_incomplete: 'TLS greetings of which a part is missing',
  client_hello_name_too_long: 'TLS greetings whose server name is longer than any can be',
  client_hello_resumed_without_name:
    'TLS, QUIC and DTLS connections that go on with an earlier session and name no server',
  client_hello_without_name: 'TLS, QUIC and DTLS connections that name no server: an app on them cannot be told',
  csv_quote_unbalanced: 'CSV records with a quote that nothing closes: it was taken for a character',
  dns_message_too_short: 'packets on the DNS port too short to be DNS',
  cover_names_dropped: 'covers of Encrypted Client Hello that were forgotten, for want of room',
  dns_service_binding_damaged: 'DNS answers with a damaged service binding',
  dns_question_damaged: 'DNS messages with a damaged question',
  dns_stream_damaged: 'TCP connections of DNS that lost a part, or are not DNS',
  dns_stream_incomplete: 'DNS messages over TCP of which a part is missing',
  dtls_dropped: 'DTLS greetings in fragments given up before they were whole, for want of room',
  duration_too_long: 'records that claim to last over seven days: only their first and last minute count',
  excluded_log_marks: 'tunnels and leases of excluded networks and users: nothing of whom they name was kept',
  excluded_observations: 'observations of excluded networks and users: left out before anything was kept',
  flow_tuple_bad: "flows of a cloud's log that could not be read",
  flow_tuple_dropped: "flows of a cloud's log beyond what one record may hold",
  flows_ended_early: 'flows given up while they went on, because too many were open at once: they count twice',
  flows_not_asked: 'flows that were not asked for tunnels and calls, because too many were in question at once',
  fragment_overlap: 'fragments of IP packets that contradict others: what came first counts',
  fragments_cut: 'fragments of IP packets that the snap length cut: they cannot be put together',
  fragments_dropped: 'fragments of IP packets that are impossible, or too many at once',
  fragments_incomplete: 'IP packets in fragments of which a part is missing',
  frame_cut: 'the last frame of a log, which is cut',
  http_header_damaged: 'HTTP requests whose header is over 16 KiB or damaged',
  http_header_incomplete: 'HTTP requests of which a part is missing',
  http_request_without_host: 'HTTP requests that name no host',
  interrupted: 'streams that were broken off: what came before it counts',
  json_cut: 'the last JSON record of a log, which is cut',
  json_damaged: 'places where JSON was damaged: it goes on at the next record',
  last_line_without_end: 'the last line of a log without its end: what is missing may change what it says',
  line_cut: 'the last line of a log that broke off',
  line_too_long: 'lines over the limit of 256 KiB',
  link_type_not_supported: 'packets of a link layer that is not read',
  link_type_without_ip: 'packets of a link layer that carries no IP',
  local_time_in_gap: 'local times that the clock left out when summer time began',
  local_time_twice: 'local times that came twice when summer time ended: the first was taken',
  leases_without_address: 'records of leases that name no address: they tell nothing of whose it was',
  log_of_several_formats: 'logs that change their format half-way or mix two: part them by format',
  macsec_encrypted: 'frames encrypted by MACsec',
  name_is_no_host: "names in logs that are no host's",
  nested_too_deep: 'packets in too many tunnels, one in the other',
  not_ip: 'frames that carry no IP',
  observations_indicative: 'flows whose form alone looks like a tunnel or a call: too little for a sighting',
  observations_without_client: 'observations that match but name neither address nor user',
  packet_of_unknown_interface: 'packets of an interface that the capture does not describe',
  packet_too_long: 'packets longer than any network carries',
  packet_time_out_of_range: 'packets with an impossible time',
  packet_without_time: 'packets without a time of their own: they take the one of the packet before',
  ppp_compressed: 'PPP frames that are compressed or encrypted',
  quic_cut: 'QUIC greetings that the snap length cut: they can be opened only whole',
  quic_dropped: 'QUIC greetings given up before they were whole, for want of room',
  quic_not_decrypted:
    'QUIC connections whose first packets could not be opened: damaged, or picked up after their beginning',
  quic_version_unknown: 'QUIC greetings in versions that are not known',
  record_cut: 'records of a log of which the end is missing',
  record_names_nothing: 'records of logs that name neither host nor address',
  record_too_long: 'records longer than any product writes',
  streams_dropped: 'TCP connections given up before their greeting was whole',
  time_without_year: 'times without a year, and no year to take them for: give --year',
  transport_not_read: 'IP packets that are neither TCP nor UDP nor a tunnel',
  url_without_host: 'requests whose URL names no host',
  wlan_fragment: 'fragments of Wi-Fi frames: they are not put together',
  wlan_protected: 'Wi-Fi frames under encryption',
  zeros_before_log: 'zeros that a log began with: a logger went on in a file that was cut',
  zone_unknown: 'times in a zone that is not known',
}

/** What could not be read or seen, the most frequent first: neither amounts nor what became of flows. */
export function gapsOf(lines: readonly CoverageLine[]): CoverageLine[] {
  return lines
    .filter(({ reason }) => !AMOUNTS.has(reason) && !isFlowOutcome(reason))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
}

/** The same as a table; '' where nothing was met. */
export function coverageTable(lines: readonly CoverageLine[], width: number, style: Style): string {
  const gaps = gapsOf(lines)
  if (gaps.length === 0) return ''
  const rows = gaps.map(({ reason, count, inputs }): Cell[] => [[grouped(count)], [wordsFor(reason)], [String(inputs)]])
  return renderTable(['Count', 'What could not be read or seen', 'Inputs'], rows, width, style, { wrap: 1 })
}

/** A reason in words. */
export function wordsFor(reason: string): string {
  const known = WORDS[reason]
  if (known !== undefined) return known
  if (reason.startsWith('bad_record_')) return `log records not read: ${spaced(reason.slice('bad_record_'.length))}`
  if (reason.startsWith('damage_')) return `inputs that break off: ${spaced(reason.slice('damage_'.length))}`
  return spaced(reason)
}

function spaced(name: string): string {
  return harmless(name.replaceAll('_', ' '))
}
