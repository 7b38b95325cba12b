import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ethernet, LINKTYPE_ETHERNET, merge, pcap, random, tlsConversation } from '../build/index.ts'

/** Tuesday 2026-05-12, 08:00 UTC, in microseconds since the epoch. */
export const MORNING = Date.UTC(2026, 4, 12, 8) * 1000
export const QUARTER = 15 * 60 * 1e6

/** A client that opens a TLS connection to a name. */
export interface Visit {
  readonly client?: string
  readonly name: string
  readonly time?: number
}

/** A capture of visits. */
export function capture(...visits: readonly Visit[]): Uint8Array {
  return pcap(packetsOf(visits), { linkType: LINKTYPE_ETHERNET })
}

/** The packets of visits as a capture goes on with them: without the header of the file. */
export function moreOfCapture(...visits: readonly Visit[]): Uint8Array {
  const header = pcap([], { linkType: LINKTYPE_ETHERNET }).length
  return capture(...visits).subarray(header)
}

function packetsOf(visits: readonly Visit[]) {
  const conversations = visits.map(({ client = '10.1.4.31', name, time = MORNING }, i) => {
    const sourcePort = 49_152 + ((time / 1e6 + i) % 16_384)
    const ends = { source: client, destination: '198.51.100.9', sourcePort, destinationPort: 443 }
    return tlsConversation({ ends, time, hello: { serverName: name }, exchanges: [] })
  })
  return merge(...conversations).map(({ time, bytes }) => ({ time, bytes: ethernet(bytes) }))
}

/** A log of a Squid proxy in its own format: a request a second. */
export function squidLog(...requests: readonly { client?: string; host: string; user?: string }[]): string {
  return requests
    .map(({ client = '10.1.4.31', host, user = 'user01' }, i) => {
      const time = (MORNING / 1e6 + i).toFixed(3)
      return `${time}      0 ${client} TCP_TUNNEL/200 5120 CONNECT ${host}:443 ${user} HIER_DIRECT/198.51.100.9 -\n`
    })
    .join('')
}

const GENERATOR = fileURLToPath(new URL('../bench/generate.js', import.meta.url))

/** Captures and logs in a folder that take a sweep long enough to be disturbed in the middle of them. */
export function bulk(folder: string, megabytes: number): void {
  mkdirSync(folder)
  for (const seed of ['1', '2', '3']) {
    const out = join(folder, `bulk${seed}.pcap`)
    execFileSync(process.execPath, [GENERATOR, '--mb', String(megabytes), '--seed', seed, '--out', out], {
      stdio: 'ignore',
    })
  }
  const next = random(7)
  const hosts = ['web.telegram.org', 'g.whatsapp.net', 'www.example.org', 'gateway.discord.gg']
  for (const name of ['a.log', 'b.log']) {
    const requests = Array.from({ length: 1500 }, () => {
      const client = `10.1.4.${next() % 64}`
      return { client, host: hosts[next() % hosts.length]!, user: `user${next() % 20}` }
    })
    writeFileSync(join(folder, name), squidLog(...requests))
  }
}
