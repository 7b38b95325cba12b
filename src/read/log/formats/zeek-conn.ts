import { isTime } from '../../../base/time.ts'
import type { LogFormat } from '../../../model/reader.ts'
import { decimalSeconds } from '../time.ts'
import { fieldIs, readUnsigned } from '../values.ts'
import { hasZeekLog, OWN_FIELDS, type ZeekLog, ZeekReader } from '../zeek.ts'

const CONN: ZeekLog = {
  path: 'conn',
  always: ['conn_state', 'missed_bytes'],
  fields: ['proto', 'duration', 'orig_bytes', 'resp_bytes'],
}
const PROTO = OWN_FIELDS
const DURATION = OWN_FIELDS + 1
const SENT = OWN_FIELDS + 2
const RECEIVED = OWN_FIELDS + 3

/** Zeek's conn.log: which addresses were reached over TCP and UDP, how long and with how many bytes of payload. */
export const zeekConn: LogFormat = {
  kind: 'log',
  name: 'zeek-conn',
  title: 'Zeek conn.log, TSV and JSON',
  documentation: 'https://docs.zeek.org/en/master/logs/conn.html',
  framing: 'lines',
  verified: true,
  attributes: { url: false, server: true, user: false, client: true, bytes: true, bytesUp: true, action: false },
  claims: (sample) => hasZeekLog(CONN, sample),
  open: (context) =>
    new ZeekReader(CONN, context, ({ bytes, starts, ends }, observation, sink) => {
      if (fieldIs(bytes, starts[PROTO]!, ends[PROTO]!, 'tcp')) observation.transport = 'tcp'
      else if (fieldIs(bytes, starts[PROTO]!, ends[PROTO]!, 'udp')) observation.transport = 'udp'
      else return 'skip'
      const duration = decimalSeconds(bytes, starts[DURATION]!, ends[DURATION]!)
      if (duration > 0 && isTime(observation.time + duration)) observation.end = observation.time + duration
      observation.means = 'address'
      observation.bytesUp = readUnsigned(bytes, starts[SENT]!, ends[SENT]!)
      observation.bytesDown = readUnsigned(bytes, starts[RECEIVED]!, ends[RECEIVED]!)
      sink.observe(observation)
      return 'ok'
    }),
}
