import picomatch from 'picomatch'
import type { InputDeclaration, Policy, PolicyNetwork, Scope } from '../model/policy.ts'

/** What a policy says of where a sighting was made: the client's network and the input's place. */
export interface Places {
  /** The network of that name; undefined for '' and for names that this policy has not. */
  network(name: string): PolicyNetwork | undefined
  /** The last declaration that matches the input's path; undefined where none does. */
  input(path: string): InputDeclaration | undefined
}

/** Compiling globs costs more than judging a day with them. */
const compiled = new WeakMap<Policy, Places>()

/** The places of a policy, compiled once for each policy. */
export function placesOf(policy: Policy): Places {
  const known = compiled.get(policy)
  if (known !== undefined) return known
  const networks = new Map(policy.networks.map((network) => [network.name, network]))
  const globs = policy.inputs
    .map((declaration) => ({ declaration, matches: inputMatcher(declaration.match) }))
    .reverse()
  const places: Places = {
    network: (name) => networks.get(name),
    input: (path) => globs.find(({ matches }) => matches(path))?.declaration,
  }
  compiled.set(policy, places)
  return places
}

/** Of a network's clients: managed networks hold the organisation's own devices, visitor networks none of them. */
export function scopeOf(network: PolicyNetwork | undefined): Scope {
  if (network?.scope === 'managed') return 'managed'
  return network?.scope === 'visitor' ? 'unmanaged' : 'unknown'
}

/** A glob without a `/` is matched against the file name; a `./` in front counts on neither side. */
function inputMatcher(glob: string): (path: string) => boolean {
  const matches = picomatch(withoutDot(glob), { dot: true, nonegate: true })
  if (glob.includes('/')) return (path) => matches(withoutDot(path))
  return (path) => matches(path.slice(path.lastIndexOf('/') + 1))
}

function withoutDot(path: string): string {
  return path.startsWith('./') ? path.slice(2) : path
}
