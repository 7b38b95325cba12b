// @ts-check
/** What the stories share: the day, the servers behind the names, and how a client visits one. */
import { dnsLookup, tlsConversation } from './conversation.js'

/** @import { Timed, Turn } from './conversation.js' */
/** @import { ClientHello } from './wire/tls.js' */
/** @import { DnsRecord } from './wire/dns.js' */

/** Tuesday 2026-05-12, 00:00 UTC, in microseconds since the epoch. */
export const DAY = Date.UTC(2026, 4, 12) * 1000

/**
 * Microseconds since the epoch of a time on that day, `HH:MM:SS` in UTC.
 * @param {string} clock
 */
export function at(clock) {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number)
  return DAY + (hours * 3600 + minutes * 60 + seconds) * 1e6
}

/** Addresses for documentation (RFC 5737, RFC 3849); the real services have others. */
const SERVERS = new Map([
  ['apip-work.threema.ch', '198.51.100.21'],
  ['cdn.discordapp.com', '198.51.100.73'],
  ['cdn.example.net', '198.51.100.12'],
  ['chat.signal.org', '198.51.100.31'],
  ['client.dropbox.com', '198.51.100.61'],
  ['content.dropboxapi.com', '198.51.100.62'],
  ['discord.com', '198.51.100.71'],
  ['g.whatsapp.net', '198.51.100.41'],
  ['g.whatsapp.net.example.com', '198.51.100.13'],
  ['gateway.discord.gg', '198.51.100.72'],
  ['intranet.example.org', '10.1.0.80'],
  ['maps.example.org', '198.51.100.14'],
  ['mmg.whatsapp.net', '198.51.100.42'],
  ['storage.signal.org', '198.51.100.32'],
  ['w-0a.0.threema.ch', '198.51.100.22'],
  ['web.telegram.org', '198.51.100.51'],
  ['web.whatsapp.com', '198.51.100.43'],
  ['www.example.com', '198.51.100.11'],
  ['www.example.net', '2001:db8:80::12'],
  ['www.example.org', '198.51.100.15'],
  ['www.whatsapp.com', '198.51.100.44'],
])

/**
 * The server's address; a name that the scenario does not know is an error in a story.
 * @param {string} name
 */
export function serverOf(name) {
  const server = SERVERS.get(name)
  if (server === undefined) throw new Error(`no server for ${name}`)
  return server
}

/**
 * A port of the client's for a connection that begins then: connections of one client begin in different milliseconds.
 * @param {number} time
 */
export function portAt(time) {
  return 49152 + (Math.floor(time / 1000) % 16381)
}

/**
 * The client asks for a name, over an alias where one is given, and is told the server's address for 300 seconds.
 * @param {{ readonly client: string, readonly resolver: string, readonly name: string, readonly time: number,
 *   readonly alias?: string }} question
 */
export function lookup({ client, resolver, name, time, alias }) {
  const data = serverOf(name)
  const type = data.includes(':') ? 'AAAA' : 'A'
  /** @type {DnsRecord[]} */
  const answers = alias === undefined ? [] : [{ name, type: 'CNAME', data: alias }]
  answers.push({ name: alias ?? name, type, data })
  return dnsLookup({ client, resolver, time, name, type, answers })
}

/**
 * @typedef Visit
 * @property {string} client
 * @property {string} resolver
 * @property {string} [from] the client's other address, where the server has one of another family
 * @property {string} name
 * @property {number} time of the look-up; the connection follows 12 ms later
 * @property {readonly { readonly after: number, readonly up: number, readonly down: number }[]} [exchanges]
 * @property {ClientHello} [hello]
 * @property {Turn['delivery']} [delivery]
 */

/**
 * A look-up and a TLS connection to what it gave.
 * @param {Visit} visit
 * @returns {Timed[]}
 */
export function visit({ client, resolver, from = client, name, time, exchanges = [PAGE], hello, delivery }) {
  const start = time + 12_000
  const ends = { source: from, destination: serverOf(name), sourcePort: portAt(start), destinationPort: 443 }
  const talk = { ends, time: start, hello: { serverName: name, ...hello }, exchanges, delivery }
  return [...lookup({ client, resolver, name, time }), ...tlsConversation(talk)]
}

const PAGE = { after: 3_000, up: 120, down: 400 }
