import { uint32, uint32le } from '../../../base/bytes.ts'
import { isTime, MICROS_PER_SECOND } from '../../../base/time.ts'
import { Observation } from '../../../model/observation.ts'
import type { LogFormat, LogSample, LogSink, RecordReader, RecordResult } from '../../../model/reader.ts'
import { DnsMessage, readWords } from '../dns-message.ts'

/** Fields of `Dnstap` and `Message` in dnstap.proto, by their numbers. */
const MESSAGE = 14
const TYPE = 1
const PROTOCOL = 3
const QUERY_ADDRESS = 4
const RESPONSE_ADDRESS = 5
const QUERY_PORT = 6
const RESPONSE_PORT = 7
const QUERY_SECONDS = 8
const QUERY_NANOS = 9
const QUERY_MESSAGE = 10
const RESPONSE_SECONDS = 12
const RESPONSE_NANOS = 13
const RESPONSE_MESSAGE = 14

/**
 * Message types that are about a client: AUTH_QUERY and _RESPONSE, CLIENT_QUERY and _RESPONSE. Others are what a
 * resolver asks by itself, or repeat what a client asked.
 */
const OF_CLIENTS = [1, 2, 5, 6]
/** SocketProtocol: UDP is 1, DNSCryptUDP 5, DOQ 7; all others run over TCP. */
const DATAGRAMS = [1, 5, 7]

const BAD_FRAME: RecordResult = { bad: 'bad_protobuf' }
const BAD_DNS: RecordResult = { bad: 'bad_dns_message' }
/** A control frame: a length of zero, then its own, then its type: START is 2, READY 4. */
const START = 2
const READY = 4
const CONTENT_TYPE = 'protobuf:dnstap.Dnstap'

/**
 * dnstap in Frame Streams (https://dnstap.info), as BIND, Unbound, Knot, PowerDNS and CoreDNS write it to a file: what
 * clients asked and were answered. Of each frame what is about one of them is read.
 */
export const dnstap: LogFormat = {
  kind: 'log',
  name: 'dnstap',
  title: 'dnstap, Frame Streams',
  documentation: 'https://github.com/dnstap/dnstap.pb/blob/master/dnstap.proto',
  framing: 'frame-streams',
  verified: false,
  attributes: { url: false, server: true, user: false, client: true, bytes: false, bytesUp: false, action: false },
  givesAnswers: true,
  claims,
  open: () => new DnstapReader(),
}

/** A stream begins with a control frame that names what it carries. */
function claims({ bytes }: LogSample): boolean {
  if (bytes.length < 12 || uint32(bytes, 0) !== 0) return false
  const length = uint32(bytes, 4)
  const type = uint32(bytes, 8)
  if (length > 512 || 8 + length > bytes.length || (type !== START && type !== READY)) return false
  return Buffer.from(bytes.subarray(12, 8 + length)).includes(CONTENT_TYPE)
}

class DnstapReader implements RecordReader {
  readonly #observation = new Observation()
  readonly #dns = new DnsMessage()
  /** Where the values of the message's fields stand, or what they are. */
  readonly #values = new Float64Array(16)
  readonly #ends = new Float64Array(16)

  record(bytes: Uint8Array, start: number, end: number, sink: LogSink): RecordResult {
    const values = this.#values
    const ends = this.#ends
    if (!readFields(bytes, start, end, values, ends)) return BAD_FRAME
    if (ends[MESSAGE] === 0) return 'skip'
    if (!readFields(bytes, values[MESSAGE]!, ends[MESSAGE]!, values, ends)) return BAD_FRAME
    const type = values[TYPE]!
    if (!OF_CLIENTS.includes(type)) return 'skip'
    const isQuery = type % 2 === 1
    const message = isQuery ? QUERY_MESSAGE : RESPONSE_MESSAGE
    if (ends[message] === 0) return 'skip'

    const observation = this.#observation
    observation.reset()
    const time = this.#time(isQuery)
    if (time < 0) return { bad: 'bad_time' }
    observation.time = time
    observation.end = time
    observation.hasClient = this.#address(bytes, QUERY_ADDRESS, 0)
    if (!observation.hasClient) return { bad: 'no_client' }
    observation.hasServer = this.#address(bytes, RESPONSE_ADDRESS, 4)
    observation.clientPort = portOf(values[QUERY_PORT]!)
    observation.serverPort = portOf(values[RESPONSE_PORT]!)
    if (values[PROTOCOL]! > 0) observation.transport = DATAGRAMS.includes(values[PROTOCOL]!) ? 'udp' : 'tcp'

    const dns = this.#dns
    if (!dns.read(bytes, values[message]!, ends[message]!)) return BAD_DNS
    if (dns.isResponse === isQuery || dns.name === '') return 'skip'
    observation.name = dns.name
    observation.means = isQuery ? 'dns-query' : 'dns-answer'
    if (!isQuery) dns.answers(observation)
    sink.observe(observation)
    return 'ok'
  }

  /** When what is read was sent; a response may tell only when its query was. */
  #time(isQuery: boolean): number {
    const values = this.#values
    const isAnswered = !isQuery && values[RESPONSE_SECONDS]! > 0
    const seconds = values[isAnswered ? RESPONSE_SECONDS : QUERY_SECONDS]!
    const nanos = values[isAnswered ? RESPONSE_NANOS : QUERY_NANOS]!
    const time = seconds * MICROS_PER_SECOND + Math.floor(nanos / 1000)
    return seconds > 0 && nanos < 1e9 && isTime(time) ? time : -1
  }

  #address(bytes: Uint8Array, field: number, at: number): boolean {
    const from = this.#values[field]!
    return readWords(bytes, from, this.#ends[field]! - from, this.#observation.addresses, at)
  }
}

function portOf(value: number): number {
  return value <= 65535 ? value : 0
}

/**
 * Reads the fields of a protobuf message (https://protobuf.dev/programming-guides/encoding/) by their numbers: of a
 * number its value, with 0 for its end, of bytes where they begin and end. Both are 0 where the field is missing.
 */
function readFields(bytes: Uint8Array, start: number, end: number, values: Float64Array, ends: Float64Array): boolean {
  values.fill(0)
  ends.fill(0)
  let at = start
  while (at < end) {
    const key = readVarint(bytes, at, end)
    if (key < 0) return false
    at = varintEnd
    const field = Math.floor(key / 8)
    const wire = key % 8
    let value = 0
    let to = 0
    if (wire === 0) {
      value = readVarint(bytes, at, end)
      if (value < 0) return false
      at = varintEnd
    } else if (wire === 2) {
      const length = readVarint(bytes, at, end)
      if (length < 0 || varintEnd + length > end) return false
      value = varintEnd
      to = varintEnd + length
      at = to
    } else if (wire === 5 || wire === 1) {
      const length = wire === 5 ? 4 : 8
      if (at + length > end) return false
      value = wire === 5 ? uint32le(bytes, at) : 0
      at += length
    } else return false
    if (field >= values.length) continue
    values[field] = value
    ends[field] = to
  }
  return true
}

let varintEnd = 0

/** Gives a number and sets `varintEnd`; -1 where it does not end within ten bytes, or is more than a double counts. */
function readVarint(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  let factor = 1
  for (let at = start; at < end && at < start + 10; at++) {
    const byte = bytes[at]!
    value += (byte & 0x7f) * factor
    factor *= 128
    if (byte < 0x80) {
      varintEnd = at + 1
      return value <= Number.MAX_SAFE_INTEGER ? value : -1
    }
  }
  return -1
}
