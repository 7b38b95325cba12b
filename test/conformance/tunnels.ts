import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { formatAddress } from '../../src/base/address.ts'
import { MICROS_PER_MINUTE } from '../../src/base/time.ts'
import { folder, observe } from './corpora.ts'

/** A tunnel between two addresses, and the first and last minute (since 1970) in which packets of it are there. */
export interface SeenTunnel {
  readonly protocol: string
  /** Who began, or the lesser where nobody is seen to. */
  readonly client: string
  readonly server: string
  first: number
  last: number
  /** That tshark shows; of ours how many flows. */
  count: number
  /** Every packet is damaged, or cut short by the capture, by tshark. */
  damaged: boolean
}

/** What both tools call the same: an IPsec tunnel is its negotiation and what it carries. */
const FAMILY: Readonly<Record<string, string>> = {
  ikev1: 'ipsec',
  ikev2: 'ipsec',
  isakmp: 'ipsec',
  esp: 'ipsec',
  ah: 'ipsec',
  udpencap: 'ipsec',
  wg: 'wireguard',
  // GRE around PPP (RFC 2637).
  gre: 'pptp',
}

const key = ({ protocol, client, server }: SeenTunnel) => `${protocol} ${[client, server].sort().join(' ')}`

/** Tunnels of one protocol between two addresses are one, however many flows they take. */
export function byEnds(tunnels: readonly SeenTunnel[]): Map<string, SeenTunnel> {
  const joined = new Map<string, SeenTunnel>()
  for (const tunnel of tunnels) {
    const known = joined.get(key(tunnel))
    if (known === undefined) joined.set(key(tunnel), { ...tunnel })
    else {
      known.first = Math.min(known.first, tunnel.first)
      known.last = Math.max(known.last, tunnel.last)
      known.count += tunnel.count
      known.damaged &&= tunnel.damaged
    }
  }
  return joined
}

/** As this program sees them, with the lesser certainties. */
export async function ours(path: string): Promise<SeenTunnel[]> {
  const found: SeenTunnel[] = []
  await observe(path, ({ means, protocol, addresses, time, end }) => {
    if (means !== 'vpn') return undefined
    const family = FAMILY[protocol] ?? protocol
    const [client, server] = [formatAddress(addresses, 0), formatAddress(addresses, 4)]
    found.push({
      protocol: family,
      client,
      server,
      first: minuteOf(time),
      last: minuteOf(end),
      count: 1,
      damaged: false,
    })
    return 'follow'
  })
  return found
}

const FIELDS = ['frame.time_epoch', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'frame.protocols', '_ws.malformed']
const CUT = 'frame.cap_len < frame.len'
const NAMES = ['isakmp', 'esp', 'ah', 'openvpn', 'wg', 'l2tp', 'pptp', 'gre']

/** As tshark sees them: the addresses that stand right before the tunnel's own protocol. */
export async function tsharks(path: string): Promise<SeenTunnel[]> {
  const known = '(isakmp || esp || ah || openvpn || wg || l2tp || pptp || gre.proto == 0x880b)'
  const whole = await packets(path, `${known} && !(${CUT})`, false)
  return [...whole, ...(await packets(path, `${known} && ${CUT}`, true))]
}

async function packets(path: string, filter: string, cut: boolean): Promise<SeenTunnel[]> {
  const fields = FIELDS.flatMap((field) => ['-e', field])
  const args = ['-r', join(folder!, 'data', path), '-n', '-Y', filter, '-T', 'fields', '-E', 'occurrence=a', ...fields]
  const { stdout } = await promisify(execFile)('tshark', args, { maxBuffer: 1 << 26 }).catch(
    // It says that a capture is cut short, after what it could read.
    (thrown: { readonly stdout: string }) => thrown,
  )
  return stdout.split('\n').flatMap((line) => {
    const [time = '', src = '', dst = '', src6 = '', dst6 = '', protocols = '', malformed = ''] = line.split('\t')
    const layers = protocols.split(':')
    const at = layers.findIndex((layer) => NAMES.includes(layer))
    if (at < 0) return []
    const before = layers.slice(0, at).filter((layer) => layer === 'ip' || layer === 'ipv6')
    const of = (four: string, six: string) => {
      const version = before.at(-1)
      const nth = before.filter((layer) => layer === version).length - 1
      return (version === 'ip' ? four : six).split(',')[nth] ?? ''
    }
    const [client, server] = [of(src, src6), of(dst, dst6)]
    const protocol = FAMILY[layers[at]!] ?? layers[at]!
    const minute = minuteOf(Number(time) * 1e6)
    return { protocol, client, server, first: minute, last: minute, count: 1, damaged: cut || malformed !== '' }
  })
}

function minuteOf(time: number): number {
  return Math.floor(time / MICROS_PER_MINUTE)
}
