import { formatAddress } from '../../../base/address.ts'
import { isTime } from '../../../base/time.ts'
import { LogMark } from '../../../model/mark.ts'
import type { LogFormat, LogSink, RecordReader, RecordResult } from '../../../model/reader.ts'
import { decimalSeconds } from '../time.ts'
import { readAddress } from '../values.ts'
import { hasZeekLog, isZeekLog, type ZeekLog, zeekTime } from '../zeek.ts'
import { unescapeZeek, ZeekFields } from '../zeek-fields.ts'
import { ZeekJson } from '../zeek-json.ts'
import { ZeekTable } from '../zeek-table.ts'

const HASH = 0x23
const BRACE = 0x7b
const NAMES = ['ts', 'assigned_addr', 'client_addr', 'server_addr', 'mac', 'host_name', 'lease_time', 'msg_types']
const [TIME, ASSIGNED, CLIENT, SERVER, MAC, HOST, LIFETIME, MESSAGES] = [0, 1, 2, 3, 4, 5, 6, 7] as const
const DHCP: ZeekLog = { path: 'dhcp', always: ['mac', 'msg_types', 'assigned_addr'], fields: [] }
/** Of a host's name, longer ones are cut (RFC 2132 §3.14: its length is one byte). */
const NAME_LIMIT = 255

/** Zeek's dhcp.log since version 2.6: which address a device was given, until when, and that it gave it back. */
export const zeekDhcp: LogFormat = {
  kind: 'log',
  name: 'zeek-dhcp',
  title: 'Zeek dhcp.log, TSV and JSON',
  documentation: 'https://docs.zeek.org/en/master/logs/dhcp.html',
  framing: 'lines',
  verified: true,
  attributes: { url: false, server: false, user: false, client: true, bytes: false, bytesUp: false, action: false },
  claims: (sample) => hasZeekLog(DHCP, sample),
  open: () => new DhcpReader(),
}

class DhcpReader implements RecordReader {
  readonly #fields = new ZeekFields(NAMES.length)
  readonly #table = new ZeekTable(NAMES)
  readonly #json = new ZeekJson(NAMES)
  readonly #mark = new LogMark()
  readonly #words = new Uint32Array(4)
  #tableIsOurs = true

  record(bytes: Uint8Array, start: number, end: number, sink: LogSink): RecordResult {
    if (start === end) return 'skip'
    if (bytes[start] === HASH) {
      this.#table.header(bytes, start, end)
      const { path, names } = this.#table
      this.#tableIsOurs = names.length === 0 || isZeekLog(DHCP, path, (name) => names.includes(name))
      return 'skip'
    }
    if (bytes[start] === BRACE) {
      if (!this.#json.parse(bytes, start, end)) return { bad: 'bad_json' }
      if (!isZeekLog(DHCP, this.#json.path, (name) => this.#json.has(name))) return 'skip'
      this.#json.fill(this.#fields)
    } else {
      if (!this.#tableIsOurs) return 'skip'
      const result = this.#table.row(bytes, start, end, this.#fields)
      if (result !== 'ok') return result
    }
    return this.#tell(sink)
  }

  #tell(sink: LogSink): RecordResult {
    const { bytes, starts, ends } = this.#fields
    const messages = this.#text(MESSAGES)
    const isEnd = messages.includes('RELEASE')
    if (!isEnd && !/\bACK/.test(messages)) return 'skip'
    const mark = this.#mark
    mark.reset()
    mark.kind = 'lease'
    mark.event = isEnd ? 'end' : 'start'
    mark.protocol = 'dhcp'
    mark.time = zeekTime(bytes, starts[TIME]!, ends[TIME]!)
    if (mark.time < 0) return { bad: 'bad_time' }
    const address = this.#fields.isSet(ASSIGNED) ? ASSIGNED : CLIENT
    mark.hasInner = readAddress(bytes, starts[address]!, ends[address]!, mark.addresses, 4)
    if (!mark.hasInner) return this.#fields.isSet(address) ? { bad: 'bad_client' } : 'skip'
    mark.device = this.#text(HOST) || this.#text(MAC)
    if (readAddress(bytes, starts[SERVER]!, ends[SERVER]!, this.#words, 0)) mark.gateway = formatAddress(this.#words, 0)
    const lifetime = isEnd ? -1 : decimalSeconds(bytes, starts[LIFETIME]!, ends[LIFETIME]!)
    if (lifetime > 0 && isTime(mark.time + lifetime)) mark.until = mark.time + lifetime
    sink.mark(mark)
    return 'ok'
  }

  #text(field: number): string {
    const start = this.#fields.starts[field]!
    const end = Math.min(this.#fields.ends[field]!, start + NAME_LIMIT)
    return Buffer.from(unescapeZeek(this.#fields.bytes, start, end)).toString('utf8')
  }
}
