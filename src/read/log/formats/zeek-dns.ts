import { MICROS_PER_SECOND } from '../../../base/time.ts'
import { ANSWER_ADDRESS_LIMIT, ANSWER_ALIAS_LIMIT, type Observation } from '../../../model/observation.ts'
import type { LogFormat, LogSink, RecordResult } from '../../../model/reader.ts'
import { Interned } from '../interned.ts'
import { decimalSeconds } from '../time.ts'
import { fieldIs, readAddress, readUnsigned } from '../values.ts'
import { hasZeekLog, OWN_FIELDS, type ZeekLog, ZeekReader } from '../zeek.ts'
import { readZeekName, type ZeekFields } from '../zeek-fields.ts'

const DNS: ZeekLog = {
  path: 'dns',
  always: ['RD', 'TC', 'rejected'],
  fields: ['proto', 'query', 'qtype', 'rcode', 'rtt', 'answers', 'TTLs'],
  name: 'query',
}
const PROTO = OWN_FIELDS
const QUERY = OWN_FIELDS + 1
const QTYPE = OWN_FIELDS + 2
const RCODE = OWN_FIELDS + 3
const RTT = OWN_FIELDS + 4
const ANSWERS = OWN_FIELDS + 5
const TTLS = OWN_FIELDS + 6

/** NetBIOS names, mDNS and LLMNR: they name the user's own devices, not what those reach. */
const LOCAL_PORTS = [137, 5353, 5355]
/**
 * A, CNAME, AAAA, SVCB, HTTPS: in their answers a name stands for an alias; in those of others (MX, PTR) for another
 * thing.
 */
const ADDRESS_TYPES = [1, 5, 28, 64, 65]
const HOST_NAME = /^[a-z0-9_][a-z0-9._-]*$/

/** Zeek's dns.log: a query and what was answered stand in one record, so one gives up to two observations. */
export const zeekDns: LogFormat = {
  kind: 'log',
  name: 'zeek-dns',
  title: 'Zeek dns.log, TSV and JSON',
  documentation: 'https://docs.zeek.org/en/master/logs/dns.html',
  framing: 'lines',
  attributes: { url: false, server: true, user: false, client: true, bytes: false, bytesUp: false, action: false },
  givesAnswers: true,
  claims: (sample) => hasZeekLog(DNS, sample),
  open: (context) => {
    const dns = new DnsRecord()
    return new ZeekReader(DNS, context, (fields, observation, sink) => dns.observe(fields, observation, sink))
  },
}

class DnsRecord {
  readonly #names = new Interned(readZeekName)
  readonly #address = new Uint32Array(4)

  observe(fields: ZeekFields, observation: Observation, sink: LogSink): RecordResult {
    const { bytes, starts, ends } = fields
    if (LOCAL_PORTS.includes(observation.serverPort)) return 'skip'
    const name = this.#names.get(bytes, starts[QUERY]!, ends[QUERY]!)
    if (name === undefined) return { bad: 'name_too_long' }
    if (name === '') return 'skip'
    observation.name = name
    if (fieldIs(bytes, starts[PROTO]!, ends[PROTO]!, 'udp')) observation.transport = 'udp'
    else if (fieldIs(bytes, starts[PROTO]!, ends[PROTO]!, 'tcp')) observation.transport = 'tcp'
    observation.means = 'dns-query'
    sink.observe(observation)
    if (!fields.isSet(RCODE) && !fields.isSet(ANSWERS)) return 'ok'

    const roundTrip = decimalSeconds(bytes, starts[RTT]!, ends[RTT]!)
    if (roundTrip > 0) observation.time += roundTrip
    observation.end = observation.time
    observation.means = 'dns-answer'
    this.#answer(fields, observation)
    observation.timeToLive = smallestTimeToLive(fields)
    sink.observe(observation)
    return 'ok'
  }

  #answer(fields: ZeekFields, observation: Observation): void {
    const { bytes, starts, ends } = fields
    const type = readUnsigned(bytes, starts[QTYPE]!, ends[QTYPE]!)
    const hasAliases = type < 0 || ADDRESS_TYPES.includes(type)
    for (let from = starts[ANSWERS]!; from < ends[ANSWERS]!; ) {
      const to = elementEnd(fields, from, ends[ANSWERS]!)
      if (readAddress(bytes, from, to, this.#address, 0)) {
        if (observation.answerCount < ANSWER_ADDRESS_LIMIT) {
          observation.answerAddresses.set(this.#address, 4 * observation.answerCount++)
        }
      } else if (hasAliases && observation.aliases.length < ANSWER_ALIAS_LIMIT) {
        const name = this.#names.get(bytes, from, to)
        if (name !== undefined && HOST_NAME.test(name)) observation.aliases.push(name)
      }
      from = to + 1
    }
  }
}

/** Whole seconds, or -1 where the record tells none. */
function smallestTimeToLive(fields: ZeekFields): number {
  let smallest = -1
  for (let from = fields.starts[TTLS]!; from < fields.ends[TTLS]!; ) {
    const to = elementEnd(fields, from, fields.ends[TTLS]!)
    const micros = decimalSeconds(fields.bytes, from, to)
    if (micros >= 0 && (smallest < 0 || micros < smallest)) smallest = micros
    from = to + 1
  }
  return smallest < 0 ? -1 : Math.floor(smallest / MICROS_PER_SECOND)
}

function elementEnd(fields: ZeekFields, start: number, end: number): number {
  let i = start
  while (i < end && fields.bytes[i] !== fields.listSeparator) i++
  return i
}
