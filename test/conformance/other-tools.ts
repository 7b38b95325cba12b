import { domainToASCII } from 'node:url'
import { inputs, observe, type Row, table } from './corpora.ts'

/** Tools whose readings of the captures of one project are kept as a table each. */
export const TOOLS = {
  nDPI: { table: 'truth/truth-ndpi.tsv', project: 'ntop+nDPI' },
  Zeek: { table: 'truth/truth-zeek.tsv', project: 'zeek+zeek' },
  Arkime: { table: 'truth/truth-arkime.tsv', project: 'arkime+arkime' },
  Suricata: { table: 'truth/truth-suricata-verify.tsv', project: 'OISF+suricata-verify' },
  JA4: { table: 'truth/truth-ja4.tsv', project: 'FoxIO-LLC+ja4' },
  dnscap: { table: 'truth/truth-dnscap.tsv', project: 'DNS-OARC+dnscap' },
} as const

export type Tool = keyof typeof TOOLS

/** A name that a tool reads in a capture. */
export interface Claim {
  readonly tool: Tool
  /** Of the capture, within `data/`. */
  readonly path: string
  /** What the tool calls it. */
  readonly kind: string
  readonly name: string
}

export interface Comparison {
  wanted: number
  readonly missing: Claim[]
  /** Rows that hold no name which a client reaches, by the reason why. */
  readonly setAside: Map<string, number>
}

/** mDNS, LLMNR, NetBIOS and DHCP. */
const OWN_KINDS = ['mdns', 'llmnr', 'llmnr_contains', 'netbios', 'dhcp']
const OWN_PORTS = ['5353', '5355', '137', '138', '67', '68']

/**
 * Why a row holds no name of what a client reaches; the first reason that holds is given. nDPI has one column for
 * whatever a flow tells of its server, so that names, banners and addresses stand in it.
 */
const SET_ASIDE: readonly (readonly [reason: string, holds: (row: Row) => boolean])[] = [
  ['nothing is named', (row) => named(row) === ''],
  ['a name of the own network', (row) => OWN_KINDS.includes(row.kind!) || OWN_PORTS.includes(row.dport!)],
  // RFC 1996, RFC 2136: servers tell one another of changes.
  ['no look-up', (row) => /\bop=(?!QUERY\b)/.test(row.extra ?? '')],
  ['a kind of tunnel', (row) => row.kind === 'tunnel'],
  ['a pattern', (row) => row.kind!.endsWith('_contains') && named(row).includes(' ')],
  // Arkime tells those of all sections: name servers and zones stand beside what was asked.
  ['the owner of a record', (row) => row.kind === 'dns_answer' || row.kind === 'dns_any_host'],
  ['a greeting of software', (row) => ['SSH', 'FTP_CONTROL'].includes(row.ndpi_proto ?? '')],
  ['the own name of a telephone gateway', (row) => row.ndpi_proto === 'MGCP'],
  // SSDP asks a group of its own network; an inverse query (RFC 1035 §6.4) asks for an address.
  ['an address', (row) => ['other', 'dns'].includes(row.kind!) && /^[\d.]+(:\d+)?$/.test(named(row))],
  // What is told there was read in more than the capture that the row names.
  ['a log of several captures', (row) => row.baseline?.endsWith('-all.log') === true],
]

/** The reason why a row of a tool's table holds no name to be found, undefined where it does. */
export function asideFor(row: Row): string | undefined {
  return SET_ASIDE.find(([, holds]) => holds(row))?.[0]
}

/**
 * A name in one spelling, whichever tool wrote it: some write a `?` or `_` for what is unusual in a host name, some
 * escape it, some leave it.
 */
export function spelled(name: string): string {
  const ascii = /[^\0-\x7f]/.test(name) ? domainToASCII(name) || name : name
  const bytes = Buffer.from(ascii, 'utf8').toString('latin1').toLowerCase()
  const plain = bytes.replace(/(?<!\\)\.$/, '').replace(/:\d+$/, '')
  return plain === '<root>' ? '' : plain.replace(/\\\d{3}|\\.|[^a-z0-9.-]/g, '?')
}

/** nDPI keeps the last 79 bytes of a name. */
const KEPT = 79

/** Whether a claim is among the names, each `spelled`, that were read. */
export function isFound({ kind, name }: Pick<Claim, 'kind' | 'name'>, names: ReadonlySet<string>): boolean {
  const wanted = spelled(name)
  if (names.has(wanted)) return true
  if (kind.endsWith('_contains')) return [...names].some((one) => one.includes(wanted))
  return wanted.length === KEPT && [...names].some((one) => one.endsWith(wanted))
}

/** Compares what a tool reads with what is read here, by whichever means: each name of a capture and kind once. */
export async function compare(tool: Tool): Promise<Comparison> {
  const captures = inputs('capture').filter((path) => path.startsWith(`${TOOLS[tool].project}/`))
  const setAside = new Map<string, number>()
  const claims = new Map<string, Claim>()
  for (const row of table(TOOLS[tool].table)) {
    const aside = asideFor(row)
    if (aside !== undefined) setAside.set(aside, (setAside.get(aside) ?? 0) + 1)
    else {
      const path = captures.find((one) => one.endsWith(`/${row.file}`))
      if (path === undefined) throw new Error(`${tool}: there is no capture ${row.file}`)
      const claim = { tool, path, kind: row.kind!, name: named(row) }
      claims.set([path, claim.kind, spelled(claim.name)].join('\t'), claim)
    }
  }
  const missing: Claim[] = []
  const byCapture = Map.groupBy(claims.values(), ({ path }) => path)
  for (const [path, wanted] of byCapture) {
    const names = await namesIn(path)
    missing.push(...wanted.filter((claim) => !isFound(claim, names)))
  }
  return { wanted: claims.size, missing, setAside }
}

function named(row: Row): string {
  return row.hostname ?? row.name ?? ''
}

/** Every name in a capture, by whichever means; '' for the root of the DNS. */
async function namesIn(path: string): Promise<Set<string>> {
  const names = new Set<string>()
  await observe(path, ({ means, name, aliases, realm, software }) => {
    if (name !== '' || means.startsWith('dns-')) names.add(spelled(name))
    for (const other of [...aliases, realm, software]) if (other !== '') names.add(spelled(other))
  })
  return names
}
