import { nameFromBytes } from '../../../base/name.ts'
import type { Observation } from '../../../model/observation.ts'
import type { LogFormat, LogSink, RecordResult } from '../../../model/reader.ts'
import { Authority } from '../authority.ts'
import { Interned } from '../interned.ts'
import { fieldIs, HOST_LIMIT, readAddress, readUnsigned } from '../values.ts'
import { hasZeekLog, OWN_FIELDS, type ZeekLog, ZeekReader } from '../zeek.ts'
import { unescapeZeek, type ZeekFields } from '../zeek-fields.ts'

const HTTP: ZeekLog = {
  path: 'http',
  always: ['trans_depth', 'request_body_len', 'response_body_len'],
  fields: ['method', 'host', 'uri', 'username', 'request_body_len', 'response_body_len'],
}
const METHOD = OWN_FIELDS
const HOST = OWN_FIELDS + 1
const URI = OWN_FIELDS + 2
const USER = OWN_FIELDS + 3
const SENT = OWN_FIELDS + 4
const RECEIVED = OWN_FIELDS + 5
/** Longer ones are cut. */
const USER_LIMIT = 1024

/**
 * Zeek's http.log: the host of a request, or what a proxy was asked for: by CONNECT, or by a whole URL. Sizes are those
 * of the bodies.
 */
export const zeekHttp: LogFormat = {
  kind: 'log',
  name: 'zeek-http',
  title: 'Zeek http.log, TSV and JSON',
  documentation: 'https://docs.zeek.org/en/master/logs/http.html',
  framing: 'lines',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: false },
  claims: (sample) => hasZeekLog(HTTP, sample),
  open: (context) => {
    const http = new HttpRecord()
    return new ZeekReader(HTTP, context, (fields, observation, sink) => http.observe(fields, observation, sink))
  },
}

class HttpRecord {
  readonly #names = new Interned(nameFromBytes)
  readonly #users = new Interned(readUser)
  readonly #authority = new Authority()
  readonly #words = new Uint32Array(4)

  observe(fields: ZeekFields, observation: Observation, sink: LogSink): RecordResult {
    const { bytes, starts, ends } = fields
    const isConnect = fieldIs(bytes, starts[METHOD]!, ends[METHOD]!, 'CONNECT')
    const uri = unescapeZeek(bytes, starts[URI]!, ends[URI]!)
    const hasUrl = !isConnect && this.#authority.readUrl(uri, 0, uri.length)
    if (hasUrl) this.#name(uri, observation)
    if (isConnect && this.#authority.read(uri, 0, uri.length, 0)) this.#name(uri, observation)
    if (observation.name === '') {
      const host = unescapeZeek(bytes, starts[HOST]!, ends[HOST]!)
      if (this.#authority.read(host, 0, host.length, 0)) this.#name(host, observation)
    }
    if (observation.name === '') return 'skip'
    observation.means = isConnect ? 'http-connect' : hasUrl ? 'http-url' : 'http-host'
    observation.transport = 'tcp'
    observation.user = this.#users.get(bytes, starts[USER]!, ends[USER]!)
    // What goes through a tunnel is in no body.
    if (!isConnect) {
      observation.bytesUp = readUnsigned(bytes, starts[SENT]!, ends[SENT]!)
      observation.bytesDown = readUnsigned(bytes, starts[RECEIVED]!, ends[RECEIVED]!)
    }
    sink.observe(observation)
    return 'ok'
  }

  /** A host that is an address names nothing. */
  #name(bytes: Uint8Array, observation: Observation): void {
    const { hostStart, hostEnd } = this.#authority
    if (hostEnd - hostStart > HOST_LIMIT || readAddress(bytes, hostStart, hostEnd, this.#words, 0)) return
    observation.name = this.#names.get(bytes, hostStart, hostEnd)
  }
}

function readUser(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(unescapeZeek(bytes, start, Math.min(end, start + USER_LIMIT))).toString('utf8')
}
