import { overlaps } from '../base/network-text.ts'
import { checkRules } from './check-rules.ts'
import { checkSeverity } from './check-severity.ts'
import { didYouMean } from './did-you-mean.ts'
import { isTimeZone, parseInForce } from './in-force.ts'
import type { PolicyFile } from './schema.ts'
import type { Path } from './yaml-source.ts'

/** The sections of a policy file whose own shape is right; those with mistakes are left out. */
export type Sections = Partial<PolicyFile>

/** Takes what is wrong and where. */
export type Reporter = (path: Path, message: string) => void

/** Names another place of the file, with its line. */
export type Placer = (path: Path) => string

/** The sections whose entries have names. */
const NAMED = ['networks', 'gateways', 'registers', 'groups', 'rules', 'versions', 'exemptions', 'severity'] as const

/** Reports what is wrong between the sections: references, duplicates, contradictions. */
export function checkSections(sections: Sections, report: Reporter, place: Placer): void {
  const { sites, networks = [], gateways = [], inputs = [] } = sections
  checkTime(sections, report)
  unique(sites ?? [], 'id', ['sites'], report, place)
  for (const section of NAMED) unique(sections[section] ?? [], 'name', [section], report, place)
  for (const [i, { rules }] of (sections.versions ?? []).entries()) {
    unique(rules, 'name', ['versions', i, 'rules'], report, place)
  }
  if (sites !== undefined) {
    const ids = sites.map(({ id }) => id)
    for (const [i, { site }] of networks.entries()) checkSite(site, ids, ['networks', i, 'site'], report)
    for (const [i, { site }] of inputs.entries()) checkSite(site, ids, ['inputs', i, 'site'], report)
  }
  checkNetworks(networks, report, place)
  checkGateways(gateways, networks, report, place)
  if (sections.gateways !== undefined) checkInputGateways(inputs, gateways, report)
  checkRules(sections, report, place)
  checkSeverity(sections.severity, report, place)
}

function checkTime(sections: Sections, report: Reporter): void {
  const { timezone, 'in-force': inForce } = sections
  if (timezone === undefined) return
  if (!isTimeZone(timezone)) {
    report(['timezone'], `${JSON.stringify(timezone)} is not a time zone: write one like Europe/Paris, or UTC`)
  } else if (inForce !== undefined) {
    const instant = parseInForce(inForce, timezone)
    if (typeof instant === 'string') report(['in-force'], instant)
  }
}

function unique<K extends 'id' | 'name'>(
  entries: readonly Readonly<Record<K, string>>[],
  key: K,
  section: Path,
  report: Reporter,
  place: Placer,
): void {
  const seen = new Map<string, number>()
  for (const [i, entry] of entries.entries()) {
    const before = seen.get(entry[key])
    if (before === undefined) seen.set(entry[key], i)
    else {
      const other = place([...section, before, key])
      report([...section, i, key], `${JSON.stringify(entry[key])} is taken by ${other}: choose another`)
    }
  }
}

function checkSite(site: string | undefined, ids: readonly string[], path: Path, report: Reporter): void {
  if (site === undefined || ids.includes(site)) return
  const advice = didYouMean(site, ids) || ': add it to sites, or remove the key'
  report(path, `${JSON.stringify(site)} is not the id of a site${advice}`)
}

/** Of two equal networks only the first could ever count. */
function checkNetworks(networks: PolicyFile['networks'], report: Reporter, place: Placer): void {
  const seen = new Map<string, Path>()
  for (const [i, network] of networks.entries()) {
    for (const [j, cidr] of network.cidrs.entries()) {
      const path = ['networks', i, 'cidrs', j]
      const key = `${cidr.words.join()}/${cidr.length}`
      const other = seen.get(key)
      if (other === undefined) seen.set(key, path)
      else report(path, `is the same network as ${place(other)}: keep one of the two`)
    }
  }
}

/** A gateway is what clients reach from outside; inside the pool there is only what has come through it. */
function checkGateways(
  gateways: PolicyFile['gateways'],
  networks: PolicyFile['networks'],
  report: Reporter,
  place: Placer,
): void {
  const pools = networks.flatMap(({ kind, cidrs }, i) =>
    kind === 'vpn-pool' ? cidrs.map((cidr, j) => ({ cidr, path: ['networks', i, 'cidrs', j] })) : [],
  )
  for (const [i, gateway] of gateways.entries()) {
    for (const [j, address] of gateway.addresses.entries()) {
      const pool = pools.find(({ cidr }) => overlaps(cidr, address))
      if (pool === undefined) continue
      report(
        ['gateways', i, 'addresses', j],
        `overlaps the VPN's pool in ${place(pool.path)}: write the outer address that clients reach the gateway at`,
      )
    }
  }
}

function checkInputGateways(inputs: PolicyFile['inputs'], gateways: PolicyFile['gateways'], report: Reporter): void {
  const names = gateways.map(({ name }) => name)
  for (const [i, { gateway }] of inputs.entries()) {
    if (gateway === undefined || names.includes(gateway)) continue
    const advice = didYouMean(gateway, names) || ': add it to gateways, or remove the key'
    report(['inputs', i, 'gateway'], `${JSON.stringify(gateway)} is not the name of a gateway${advice}`)
  }
}
