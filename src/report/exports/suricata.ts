import { createHash } from 'node:crypto'
import type { BlockedName } from '../../model/block-list.ts'
import { headOf } from '../list-head.ts'
import { literal } from '../stix-pattern.ts'
import type { NamesFormat } from './export-format.ts'

interface Place {
  readonly protocol: string
  readonly buffer: string
  readonly flow: string
  /** Suricata hands `http.host` on in lower case, and refuses `nocase` there. */
  readonly anyCase: boolean
}

/** Where a name can be seen. Their order is that of the ids: it stays. */
const PLACES: readonly Place[] = [
  { protocol: 'tls', buffer: 'tls.sni', flow: 'established,to_server', anyCase: true },
  { protocol: 'dns', buffer: 'dns.query', flow: 'to_server', anyCase: true },
  { protocol: 'http', buffer: 'http.host', flow: 'established,to_server', anyCase: false },
  { protocol: 'quic', buffer: 'quic.sni', flow: 'to_server', anyCase: true },
]

/** Ids from a billion on are given to nobody; there is room for 2^28 names of four rules each below 2^31. */
const FIRST_ID = 1_000_000_000
const ROOM = 2 ** 28

/**
 * Four rules for each name, for Suricata 7 and later. The id of a rule follows from the app, the name and the place, so
 * that thresholds and suppressions on it last; its revision is that of the signature.
 */
export const suricata: NamesFormat = {
  of: 'names',
  name: 'suricata',
  title: 'names of prohibited apps as rules for Suricata',
  documentation: 'https://docs.suricata.io/en/suricata-7.0.12/rules/index.html',
  *write(list, { version }) {
    yield headOf(list, version, '#')
    const taken = new Set<number>()
    for (const name of list.names) {
      const id = idOf(name, taken)
      for (const [n, place] of PLACES.entries()) yield ruleOf(name, place, id + n)
    }
  },
}

function ruleOf(name: BlockedName, { protocol, buffer, flow, anyCase }: Place, id: number): string {
  const options = [
    `msg:"offchannel ${plain(name.appName)} ${plain(name.value)} in ${buffer}"`,
    `flow:${flow}`,
    buffer,
    ...matching(name, anyCase),
    'classtype:policy-violation',
    `sid:${id}`,
    `rev:${name.revision}`,
    `metadata:offchannel_app ${plain(name.app)}`,
  ]
  return `alert ${protocol} any any -> any any (${options.join('; ')};)\n`
}

function matching({ type, value }: BlockedName, anyCase: boolean): string[] {
  const nocase = anyCase ? ['nocase'] : []
  if (type === 'exact') return [`content:"${value}"`, ...nocase, 'startswith', 'endswith']
  if (type === 'suffix') return ['dotprefix', `content:".${value}"`, ...nocase, 'endswith']
  const longest = value.split('*').reduce((best, part) => (part.length > best.length ? part : best))
  const expression = value.split('*').map(literal).join('[^.]+')
  return [`content:"${longest}"`, ...nocase, `pcre:"/^${expression}$/${anyCase ? 'i' : ''}"`]
}

/** The first of four ids in a row; of two names that fall on the same the later in the list has the next. */
function idOf({ app, type, value }: BlockedName, taken: Set<number>): number {
  let place = createHash('sha256').update(`${app} ${type} ${value}`).digest().readUInt32BE(0) % ROOM
  while (taken.has(place)) place = (place + 1) % ROOM
  taken.add(place)
  return FIRST_ID + place * PLACES.length
}

/** What has a meaning in a rule becomes `_`. */
function plain(text: string): string {
  return text.replace(/[^A-Za-z0-9 ._*+()-]/g, '_')
}
