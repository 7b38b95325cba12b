import { parseAddress } from '../base/address.ts'
import { NetworkTable } from '../base/cidr.ts'
import { isInternal } from '../base/internal-addresses.ts'
import type { Policy } from '../model/policy.ts'
import { placesOf } from './places.ts'
import type { Session } from './sessions.ts'

interface Known {
  readonly names: ReadonlySet<string>
  readonly addresses: NetworkTable
}

const compiled = new WeakMap<Policy, Known>()

/**
 * Whether a tunnel ends at a gateway that is not the policy's. That is said only where it is certain: the policy has
 * gateways, none of them is called what the log calls the server, the log is not declared as one of theirs, and the
 * server stands on the internet or was named by the client's own log.
 */
export function endsElsewhere(tunnel: Session, policy: Policy): boolean {
  if (policy.gateways.length === 0 || isOurs(tunnel, policy)) return false
  const atDevice = placesOf(policy).input(tunnel.first.reading.input)?.vantage === 'device'
  return tunnel.servers.some((server) => isOnInternet(server) ?? (atDevice && server.includes('.')))
}

/** Whether the policy says so of what the log calls the server, or of the log itself. */
export function isOurs({ servers, first, last }: Session, policy: Policy): boolean {
  const places = placesOf(policy)
  if ([first, last].some(({ reading }) => (places.input(reading.input)?.gateway ?? '') !== '')) return true
  return servers.some((server) => namesGateway(server, policy))
}

/** Whether what a log calls a server is a name or an address of a gateway of the policy. */
export function namesGateway(server: string, policy: Policy): boolean {
  const { names, addresses } = knownOf(policy)
  if (names.has(canonical(server))) return true
  const words = new Uint32Array(4)
  return parseAddress(server, words, 0) && addresses.find(words, 0) >= 0
}

/** Whether a tunnel to what a log calls its server could be one that ends elsewhere. */
export function mayEndElsewhere(server: string, policy: Policy): boolean {
  return policy.gateways.length > 0 && server !== '' && !namesGateway(server, policy)
}

/** A server that a log calls by an internal address may be known to the policy by another; undefined of no address. */
function isOnInternet(server: string): boolean | undefined {
  const words = new Uint32Array(4)
  return parseAddress(server, words, 0) ? !isInternal(words, 0) : undefined
}

function knownOf(policy: Policy): Known {
  const known = compiled.get(policy)
  if (known !== undefined) return known
  const made = {
    names: new Set(policy.gateways.flatMap(({ name, names }) => [name, ...names]).map(canonical)),
    addresses: new NetworkTable(
      policy.gateways.flatMap(({ cidrs }, value) => cidrs.map((network) => ({ network, value }))),
    ),
  }
  compiled.set(policy, made)
  return made
}

function canonical(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}
