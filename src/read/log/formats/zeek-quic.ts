import type { LogFormat } from '../../../model/reader.ts'
import { Interned } from '../interned.ts'
import { hasZeekLog, OWN_FIELDS, type ZeekLog, ZeekReader } from '../zeek.ts'
import { readZeekName } from '../zeek-fields.ts'

const QUIC: ZeekLog = { path: 'quic', always: ['client_initial_dcid'], fields: ['server_name'], name: 'server_name' }
const SERVER_NAME = OWN_FIELDS

/** Zeek's quic.log, since version 6.1. */
export const zeekQuic: LogFormat = {
  kind: 'log',
  name: 'zeek-quic',
  title: 'Zeek quic.log, TSV and JSON',
  documentation: 'https://docs.zeek.org/en/master/logs/quic.html',
  framing: 'lines',
  verified: false,
  attributes: { url: false, server: true, user: false, client: true, bytes: false, bytesUp: false, action: false },
  claims: (sample) => hasZeekLog(QUIC, sample),
  open: (context) => {
    const names = new Interned(readZeekName)
    return new ZeekReader(QUIC, context, ({ bytes, starts, ends }, observation, sink) => {
      const name = names.get(bytes, starts[SERVER_NAME]!, ends[SERVER_NAME]!)
      if (name === undefined) return { bad: 'name_too_long' }
      if (name === '') return 'skip'
      observation.name = name
      observation.means = 'quic-sni'
      observation.transport = 'udp'
      sink.observe(observation)
      return 'ok'
    })
  },
}
