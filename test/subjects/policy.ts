import { parseAddress } from '../../src/base/address.ts'
import type { Network } from '../../src/base/cidr.ts'
import type { Policy, PolicyNetwork } from '../../src/model/policy.ts'

/** `10.0.0.0/8` or `2001:db8::/32`. */
export function cidr(text: string): Network {
  const [address, length] = text.split('/') as [string, string]
  return { words: words(address), length: Number(length) + (address.includes(':') ? 0 : 96) }
}

export function words(address: string): Uint32Array {
  const parsed = new Uint32Array(4)
  if (!parseAddress(address, parsed, 0)) throw new Error(`${address} is not an address`)
  return parsed
}

export function network(name: string, site: string, ...cidrs: readonly string[]): PolicyNetwork {
  return { name, kind: 'office', scope: 'managed', site, cidrs: cidrs.map(cidr) }
}

/** A policy that says nothing but what is given. */
export function policyOf(parts: Partial<Policy> = {}): Policy {
  return {
    organisation: 'Department of Examples',
    inForce: 0,
    inForceText: '1970-01-01',
    timezone: 'UTC',
    sites: [],
    networks: [],
    gateways: [],
    exclusions: { cidrs: [], users: [] },
    inputs: [],
    clockTolerance: 0,
    registers: [],
    groups: [],
    rules: [],
    exemptions: [],
    severity: undefined,
    hash: '0',
    file: '',
    ...parts,
  }
}
