import { createHash } from 'node:crypto'
import { NetworkTable } from '../base/cidr.ts'
import { canonicalUser } from '../base/user-name.ts'
import type { Observation } from '../model/observation.ts'
import type { Policy, PolicyNetwork } from '../model/policy.ts'

/** The part of the policy that facts depend on, compiled: whose address it is, who is left out, where tunnels end. */
export class NetworkMap {
  readonly #policy: Policy
  readonly #networks: NetworkTable
  readonly #excluded: NetworkTable
  readonly #excludedUsers: ReadonlySet<string>
  readonly #gateways: NetworkTable | undefined
  /** Changes with anything in it. */
  readonly hash: string

  constructor(policy: Policy) {
    const { networks, exclusions, gateways } = policy
    const table = (of: readonly { readonly cidrs: Policy['exclusions']['cidrs'] }[]) =>
      new NetworkTable(of.flatMap(({ cidrs }, value) => cidrs.map((network) => ({ network, value }))))
    this.#policy = policy
    this.#networks = table(networks)
    this.#excluded = table([exclusions])
    this.#excludedUsers = new Set(exclusions.users)
    this.#gateways = gateways.length > 0 ? table(gateways) : undefined
    const reached = gateways.map(({ name, cidrs }) => ({ name, cidrs }))
    const content = JSON.stringify([networks.map(({ kind, scope, ...rest }) => rest), exclusions, reached])
    this.hash = createHash('sha256').update(content).digest('hex').slice(0, 16)
  }

  get hasGateways(): boolean {
    return this.#gateways !== undefined
  }

  /** The policy's most specific network that holds the address. */
  networkOf(words: Uint32Array, at: number): PolicyNetwork | undefined {
    return this.#policy.networks[this.#networks.find(words, at)]
  }

  /** Name of the gateway at this address, undefined where there is none. */
  gatewayAt(words: Uint32Array, at: number): string | undefined {
    return this.#gateways && this.#policy.gateways[this.#gateways.find(words, at)]?.name
  }

  isExcluded(observation: Observation): boolean {
    if (observation.hasClient && this.isExcludedAddress(observation.addresses, 0)) return true
    if (this.#excludedUsers.size === 0) return false
    return this.isExcludedName(observation.user) || this.isExcludedName(observation.device)
  }

  isExcludedAddress(words: Uint32Array, at: number): boolean {
    return this.#excluded.find(words, at) >= 0
  }

  /** Whether a user's or device's name is left out, in whichever spelling. */
  isExcludedName(name: string): boolean {
    return name !== '' && this.#excludedUsers.has(canonicalUser(name))
  }
}
