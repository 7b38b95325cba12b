import { describe, expect, test } from 'vitest'
import { folder } from './corpora.ts'
import { asideFor, compare, isFound, spelled, TOOLS, type Tool } from './other-tools.ts'

/** Share of each tool's names that are found. */
const RECALL: Readonly<Record<Tool, number>> = {
  nDPI: 0.968,
  Zeek: 0.955,
  Arkime: 0.987,
  Suricata: 0.972,
  JA4: 1,
  dnscap: 1,
}

/** Set to anything, the names that are not found are told as well. */
const tellMissing = process.env.OFFCHANNEL_MISSING !== undefined

describe.skipIf(folder === undefined)('on captures of others', () => {
  test.each(Object.keys(TOOLS) as Tool[])(
    'nearly all names are read that %s reads',
    { timeout: 300_000 },
    async (tool) => {
      const { wanted, missing, setAside } = await compare(tool)
      expect(wanted).toBeGreaterThan(0)
      const recall = 1 - missing.length / wanted
      console.info(`${tool}: ${wanted - missing.length} of ${wanted} names, ${(100 * recall).toFixed(1)} %`)
      if (tellMissing) {
        for (const [reason, rows] of setAside) console.info(`  set aside, ${reason}: ${rows} rows`)
        for (const { path, kind, name } of missing) console.info(`  missing, ${kind} ${name} in ${path}`)
      }
      expect(recall).toBeGreaterThanOrEqual(RECALL[tool])
    },
  )
})

describe('what tools write of a name', () => {
  test.each([
    ['WWW.Example.org.', 'www.example.org'],
    ['www.example.org:8443', 'www.example.org'],
    ['_sip._udp.example.org', '?sip.?udp.example.org'],
    ['a\\032b.example', 'a?b.example'],
    ['\\,\\.', '??'],
    ['<root>', ''],
    ['bücher.example', 'xn--bcher-kva.example'],
  ])('%s is compared as %s', (name, expected) => {
    expect(spelled(name)).toBe(expected)
  })

  test('is found as it stands, by its last 79 bytes, or by a part where only that is told', () => {
    const long = `${'a'.repeat(60)}.${'b'.repeat(30)}.example`
    const names = new Set(['chat.example.org', spelled(long)])
    expect(isFound({ kind: 'tls', name: 'Chat.example.org' }, names)).toBe(true)
    expect(isFound({ kind: 'tls', name: 'example.org' }, names)).toBe(false)
    expect(isFound({ kind: 'tls_contains', name: 'example.org' }, names)).toBe(true)
    expect(isFound({ kind: 'dns', name: long.slice(-79) }, names)).toBe(true)
    expect(isFound({ kind: 'dns', name: long.slice(-78) }, names)).toBe(false)
  })

  test.each([
    [{ kind: 'dns', name: 'printer.local', dport: '5353' }, 'a name of the own network'],
    [{ kind: 'dhcp', hostname: 'laptop', dport: '67' }, 'a name of the own network'],
    [{ kind: 'other', hostname: 'SSH-2.0-Example', ndpi_proto: 'SSH' }, 'a greeting of software'],
    [{ kind: 'other', hostname: '239.255.255.250:1900', ndpi_proto: 'SSDP' }, 'an address'],
    [{ kind: 'dns_query', name: 'zone.example.org', extra: 'type=SOA op=NOTIFY status=NOERROR' }, 'no look-up'],
    [{ kind: 'dns_query', name: 'chat.example.org', extra: 'type=A op=QUERY status=NOERROR' }, undefined],
    [{ kind: 'http', hostname: '192.0.2.7', ndpi_proto: 'HTTP' }, undefined],
    [{ kind: 'tls', name: 'chat.example.org', baseline: 'a.test/ssl-all.log' }, 'a log of several captures'],
    [{ kind: 'tls', name: 'chat.example.org', baseline: 'a.test/ssl.log' }, undefined],
    [{ kind: 'tls', name: '' }, 'nothing is named'],
  ])('%j is set aside as %s', (row, reason) => {
    expect(asideFor(row)).toBe(reason)
  })
})
