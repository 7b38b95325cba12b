import { harmless } from '../../base/text.ts'
import { formatDay } from '../../base/time.ts'
import { headOf } from '../list-head.ts'
import type { NamesFormat } from './export-format.ts'

/** Of what comes before the zone's own name: together they may have 255 bytes (RFC 1035 §2.3.4). */
const LONGEST = 180

/**
 * A response policy zone: whoever asks for a name is told that there is none (NXDOMAIN). Names are relative, so the zone
 * has whatever name the resolver's configuration gives it. A pattern, whose `*` stands for one label only, has no form
 * here and is named in a comment. The serial is that of the day.
 */
export const rpz: NamesFormat = {
  of: 'names',
  name: 'rpz',
  title: 'names of prohibited apps as a response policy zone for resolvers',
  documentation: 'https://datatracker.ietf.org/doc/html/draft-vixie-dnsop-dns-rpz-00',
  *write(list, { version }) {
    yield headOf(list, version, ';')
    const serial = `${formatDay(list.day).replaceAll('-', '')}00`
    yield `$TTL 300\n@ IN SOA localhost. hostmaster.localhost. ${serial} 3600 600 604800 300\n@ IN NS localhost.\n`
    const written = new Set<string>()
    let app = ''
    for (const { type, value, ...name } of list.names) {
      if (name.app !== app) yield `\n; ${harmless(name.appName)}\n`
      app = name.app
      if (type === 'pattern' || value.length > LONGEST) yield `; left out: ${value}\n`
      else
        for (const owner of type === 'suffix' ? [value, `*.${value}`] : [value]) {
          if (written.has(owner)) continue
          written.add(owner)
          yield `${owner} IN CNAME .\n`
        }
    }
  },
}
