import type { LogFormat } from '../../../model/reader.ts'
import { fieldIs } from '../values.ts'
import { hasZeekLog, OWN_FIELDS, type ZeekLog, ZeekReader } from '../zeek.ts'

const TUNNEL: ZeekLog = { path: 'tunnel', always: ['tunnel_type', 'action'], fields: ['tunnel_type', 'action'] }
const TYPE = OWN_FIELDS
const ACTION = OWN_FIELDS + 1

const STREAMS = ['Tunnel::HTTP', 'Tunnel::SOCKS']
const DATAGRAMS = ['Tunnel::TEREDO', 'Tunnel::GTPv1', 'Tunnel::VXLAN', 'Tunnel::GENEVE', 'Tunnel::AYIYA']

/**
 * Zeek's tunnel.log: the address at the other end of a tunnel or proxy, when it was found. It names no VPN of anybody's,
 * so it gives no tunnel of a user, only who was reached.
 */
export const zeekTunnel: LogFormat = {
  kind: 'log',
  name: 'zeek-tunnel',
  title: 'Zeek tunnel.log, TSV and JSON',
  documentation: 'https://docs.zeek.org/en/master/logs/tunnel.html',
  framing: 'lines',
  verified: true,
  attributes: { url: false, server: true, user: false, client: true, bytes: false, bytesUp: false, action: false },
  claims: (sample) => hasZeekLog(TUNNEL, sample),
  open: (context) =>
    new ZeekReader(TUNNEL, context, ({ bytes, starts, ends }, observation, sink) => {
      if (!fieldIs(bytes, starts[ACTION]!, ends[ACTION]!, 'Tunnel::DISCOVER')) return 'skip'
      const isType = (type: string) => fieldIs(bytes, starts[TYPE]!, ends[TYPE]!, type)
      if (STREAMS.some(isType)) observation.transport = 'tcp'
      else if (DATAGRAMS.some(isType)) observation.transport = 'udp'
      observation.means = 'address'
      sink.observe(observation)
      return 'ok'
    }),
}
