import { harmless } from '../../base/text.ts'
import { headOf } from '../list-head.ts'
import type { NamesFormat } from './export-format.ts'

/** A line for IPv4 and one for IPv6 for each name. A hosts file knows no wildcards: of a suffix only the name itself stands. */
export const hosts: NamesFormat = {
  of: 'names',
  name: 'hosts',
  title: 'names of prohibited apps as a hosts file that leads them nowhere',
  documentation: 'https://man7.org/linux/man-pages/man5/hosts.5.html',
  *write(list, { version }) {
    yield headOf(list, version, '#')
    const written = new Set<string>()
    let app = ''
    for (const { type, value, ...name } of list.names) {
      if (name.app !== app) yield `\n# ${harmless(name.appName)}\n`
      app = name.app
      if (type === 'suffix') yield `# without the names under it: ${value}\n`
      if (type === 'pattern') yield `# left out: ${value}\n`
      else if (!written.has(value)) {
        written.add(value)
        yield `0.0.0.0 ${value}\n:: ${value}\n`
      }
    }
  },
}
