import { parseAddress } from '../base/address.ts'
import { NetworkTable, type Network as Range } from '../base/cidr.ts'
import { OffchannelError } from '../base/errors.ts'
import { grouped } from '../base/text.ts'
import type { Policy, PolicyNetwork } from '../model/policy.ts'
import type { Clients } from './clients.ts'

/** Pseudonyms that are made at most to find addresses by them: ten minutes' work. */
const TRIED_LIMIT = 2 ** 25

/** A part of the map that is another one now, or may be. */
export interface ChangedRange {
  readonly range: Range
  /** As the policy calls the network that it is of. */
  readonly network: string
}

/** What can be told of the networks of addresses. */
export interface Found {
  /** By tag. */
  readonly networkOf: ReadonlyMap<string, string>
  /** Networks with too many addresses to try them all. */
  readonly tooLarge: readonly string[]
}

/** The networks of a map as ranges with names. */
function rangesOf({ networks }: Policy): ChangedRange[] {
  return networks.flatMap(({ name, cidrs }) => cidrs.map((range) => ({ range, network: name })))
}

/** Ranges that stand in one of two maps and not in the other, or belong to another network there. */
export function changedRanges(before: Policy | undefined, now: Policy): ChangedRange[] {
  const all = rangesOf(now)
  if (before === undefined) return all
  const old = rangesOf(before)
  const keyOf = ({ range, network }: ChangedRange) => `${range.words.join(' ')} ${range.length} ${network}`
  const [olds, news] = [new Set(old.map(keyOf)), new Set(all.map(keyOf))]
  return [...old.filter((one) => !news.has(keyOf(one))), ...all.filter((one) => !olds.has(keyOf(one)))]
}

/**
 * Tries every IPv4 address of these ranges, and IPv6 ranges of no more addresses, at every site that the policies name:
 * whose pseudonym is among `tags` is known. Throws `usage` where that would be too many.
 */
export function findAddresses(
  ranges: readonly ChangedRange[],
  policies: readonly Policy[],
  clients: Clients,
  tags: ReadonlySet<string>,
): Found {
  const now = policies.at(-1)!
  const map = networkTable(now.networks)
  const sites = sitesOf(policies)
  const tooLarge = new Set(ranges.filter(({ range }) => 128 - range.length > 24).map(({ network }) => network))
  const tried = outermost(ranges.filter(({ range }) => 128 - range.length <= 24).map(({ range }) => range))
  const count = tried.reduce((sum, { length }) => sum + 2 ** (128 - length), 0) * sites.length
  if (count > TRIED_LIMIT) {
    const words = `${grouped(count)} pseudonyms would have to be tried, and ${grouped(TRIED_LIMIT)} are: name the policy as it was with --was, so that only what changed is tried`
    throw new OffchannelError('usage', words)
  }
  const networkOf = new Map<string, string>()
  for (const { words, length } of tried) {
    const address = Uint32Array.from(words)
    for (let left = 2 ** (128 - length); left > 0; left--) {
      for (const site of sites) {
        const { tag } = clients.address(address, 0, site)
        if (tags.has(tag)) networkOf.set(tag, map(address))
      }
      next(address)
    }
  }
  return { networkOf, tooLarge: [...tooLarge] }
}

/** The network of an address as a store that keeps identities clear shows it; undefined for what is none. */
export function networkOfClear(policy: Policy): (clear: string) => string | undefined {
  const map = networkTable(policy.networks)
  const words = new Uint32Array(4)
  return (clear) => (parseAddress(clear.split(' at ')[0]!, words, 0) ? map(words) : undefined)
}

function networkTable(networks: readonly PolicyNetwork[]): (words: Uint32Array) => string {
  const table = new NetworkTable(networks.flatMap(({ cidrs }, value) => cidrs.map((network) => ({ network, value }))))
  return (words) => networks[table.find(words, 0)]?.name ?? ''
}

function sitesOf(policies: readonly Policy[]): string[] {
  const named = policies.flatMap(({ sites, networks, inputs }) => [
    ...sites.map(({ id }) => id),
    ...networks.map(({ site }) => site),
    ...inputs.map(({ site }) => site),
  ])
  return [...new Set(['', ...named])]
}

/** Those that no other one holds, each once. */
function outermost(ranges: readonly Range[]): Range[] {
  const before = (a: Range, b: Range) => {
    const word = a.words.findIndex((value, w) => value !== b.words[w])
    return word < 0 ? a.length - b.length : a.words[word]! - b.words[word]!
  }
  // They hold one another or have nothing in common: the last that was kept holds a range, or none does.
  const kept: Range[] = []
  let holds: NetworkTable | undefined
  for (const range of [...ranges].sort(before)) {
    if (holds !== undefined && holds.find(range.words, 0) >= 0) continue
    kept.push(range)
    holds = new NetworkTable([{ network: range, value: 0 }])
  }
  return kept
}

function next(words: Uint32Array): void {
  for (let w = 3; w >= 0; w--) {
    words[w] = (words[w]! + 1) >>> 0
    if (words[w] !== 0) return
  }
}
