import type { Observation } from '../../../model/observation.ts'
import type { LogFormat, LogSink, RecordResult } from '../../../model/reader.ts'
import { Interned } from '../interned.ts'
import { fieldBegins, fieldIs } from '../values.ts'
import { hasZeekLog, OWN_FIELDS, type ZeekLog, ZeekReader } from '../zeek.ts'
import { readZeekName, type ZeekFields } from '../zeek-fields.ts'

const SSL: ZeekLog = {
  path: 'ssl',
  always: ['resumed', 'established'],
  fields: ['server_name', 'version', 'ssl_history'],
  name: 'server_name',
}
const SERVER_NAME = OWN_FIELDS
const VERSION = OWN_FIELDS + 1
const HISTORY = OWN_FIELDS + 2
/** Stands in the history where the ClientHello came from the connection's responder. */
const FLIPPED = 0x5e

/**
 * Zeek's ssl.log: TLS, DTLS, and the TLS inside QUIC, which it writes like TLS 1.3 over TCP: for that version the
 * transport is left open.
 */
export const zeekSsl: LogFormat = {
  kind: 'log',
  name: 'zeek-ssl',
  title: 'Zeek ssl.log, TSV and JSON',
  documentation: 'https://docs.zeek.org/en/master/logs/ssl.html',
  framing: 'lines',
  attributes: { url: false, server: true, user: false, client: true, bytes: false, bytesUp: false, action: false },
  claims: (sample) => hasZeekLog(SSL, sample),
  open: (context) => {
    const names = new Interned(readZeekName)
    return new ZeekReader(SSL, context, (fields, observation, sink) => observe(fields, observation, sink, names))
  },
}

function observe(
  fields: ZeekFields,
  observation: Observation,
  sink: LogSink,
  names: Interned<string | undefined>,
): RecordResult {
  const { bytes, starts, ends } = fields
  const name = names.get(bytes, starts[SERVER_NAME]!, ends[SERVER_NAME]!)
  if (name === undefined) return { bad: 'name_too_long' }
  if (name === '') return 'skip'
  observation.name = name
  const datagram = fieldBegins(bytes, starts[VERSION]!, ends[VERSION]!, 'DTLS')
  observation.means = datagram ? 'dtls-sni' : 'tls-sni'
  if (datagram) observation.transport = 'udp'
  else if (beforeTls13(bytes, starts[VERSION]!, ends[VERSION]!)) observation.transport = 'tcp'
  for (let i = starts[HISTORY]!; i < ends[HISTORY]!; i++) {
    if (bytes[i] === FLIPPED) {
      turnAround(observation)
      break
    }
  }
  sink.observe(observation)
  return 'ok'
}

/** QUIC carries nothing below TLS 1.3 (RFC 9001 §4.2). */
function beforeTls13(bytes: Uint8Array, start: number, end: number): boolean {
  const old = ['TLSv10', 'TLSv11', 'TLSv12', 'SSLv3', 'SSLv2']
  return old.some((version) => fieldIs(bytes, start, end, version))
}

function turnAround(observation: Observation): void {
  const client = observation.addresses.slice(0, 4)
  observation.addresses.copyWithin(0, 4)
  observation.addresses.set(client, 4)
  const port = observation.clientPort
  observation.clientPort = observation.serverPort
  observation.serverPort = port
}
