import { uint16, uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { bytesFrom } from '../openers/opener.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** draft-denis-dprive-dnscrypt-11 §4: what a resolver's messages begin with, `r6fnvWj8`. */
const RESOLVER_MAGIC_HIGH = 0x7236666e
const RESOLVER_MAGIC_LOW = 0x76576a38
const RESOLVER_MAGIC_LENGTH = 8

/** §10.2: what a query to a relay begins with, before the resolver's address and port: eight times 0xff, two zeros. */
const RELAY_MAGIC_LENGTH = 10
const RELAY_HEADER = RELAY_MAGIC_LENGTH + 16 + 2

/** §5.4.7: messages over TCP are shorter than 4096 bytes, so their length begins with one of these. */
const LENGTH_FIRST = bytesFrom(0, 0x0f)

/**
 * DNSCrypt over UDP, known by the resolver's messages and by queries to relays: what other queries begin with stands in
 * the certificate of their resolver only.
 */
export const dnscrypt: Protocol = {
  transport: 'udp',
  first: [0x72, 0xff],
  canBe: (bytes, start, end) => judge(bytes, start, end) !== 'unknown',
  begin: () => new DnsCrypt(0),
}

/** The same over TCP, where each message stands behind its length (§5.4.4). */
export const dnscryptOverTcp: Protocol = {
  transport: 'tcp',
  first: LENGTH_FIRST,
  canBe: (bytes, start, end) => judge(bytes, start + 2, end) !== 'unknown',
  begin: () => new DnsCrypt(2),
}

function judge(bytes: Uint8Array, start: number, end: number): 'confirmed' | 'probable' | 'unknown' {
  if (end - start < RESOLVER_MAGIC_LENGTH) return 'unknown'
  const high = uint32(bytes, start)
  const low = uint32(bytes, start + 4)
  if (high === RESOLVER_MAGIC_HIGH && low === RESOLVER_MAGIC_LOW) return 'confirmed'
  if (high !== 0xffffffff || low !== 0xffffffff || end - start < RELAY_HEADER) return 'unknown'
  const address = start + RELAY_MAGIC_LENGTH
  const fits = uint16(bytes, start + 8) === 0 && isRouted(bytes, address) && uint16(bytes, address + 16) !== 0
  return fits ? 'probable' : 'unknown'
}

/**
 * An IPv4 address as IPv6 writes it (RFC 4291 §2.5.5.2), or one of 2000::/3, the unicast addresses that are given out
 * (https://www.iana.org/assignments/ipv6-address-space).
 */
function isRouted(bytes: Uint8Array, at: number): boolean {
  if (bytes[at]! >> 5 === 1) return true
  return uint32(bytes, at) === 0 && uint32(bytes, at + 4) === 0 && uint32(bytes, at + 8) === 0xffff
}

/** Confirmed by the resolver's eight bytes, probable by what only a relay understands. */
class DnsCrypt implements Candidate {
  readonly means = 'payload'
  readonly protocol = 'dnscrypt'
  readonly #skip: number

  /** @param skip bytes before a message. */
  constructor(skip: number) {
    this.#skip = skip
  }

  take({ bytes, offset, end }: Packet): Opinion {
    return judge(bytes, offset + this.#skip, end)
  }
}
