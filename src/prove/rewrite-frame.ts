import { formatAddress, MAPPED, parseAddress } from '../base/address.ts'
import { uint16, uint32 } from '../base/bytes.ts'
import { ESP, headersEnd } from './frame-headers.ts'
import { maskPayload } from './mask-payload.ts'
import type { Pseudonyms } from './pseudonyms.ts'

const ETHERTYPE_IPV4 = 0x0800
const ETHERTYPE_IPV6 = 0x86dd
/** IEEE 802.1Q, 802.1ad, and what came before it. */
const TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100])

/** Link types (https://www.tcpdump.org/linktypes.html) with an IP packet at once. */
const RAW: ReadonlySet<number> = new Set([12, 14, 101, 228, 229])
const NULL_LOOPBACK: ReadonlySet<number> = new Set([0, 108])

/** UDP ports whose payload is a tunnel, or names devices and people by its nature: DHCP, mDNS, NetBIOS, SIP and such. */
const CLOSED_PORTS: ReadonlySet<number> = new Set([
  ...[67, 68, 137, 138, 546, 547, 1701, 1900, 2152, 3544, 4754, 4789, 5060, 5072, 5353, 5355, 6081, 8472, 37008],
])

const TCP = 6
const UDP = 17
const IPV6_OPTIONS: ReadonlySet<number> = new Set([0, 60])

/** How much of a frame is shown: of one of a tunnel only its headers. */
export type Extent = 'all' | 'headers'

/**
 * A copy of a frame with other addresses, and with checksums that are right where they were. Undefined where it has
 * something that is not understood (a tunnel, options, another transport), which may tell who it was: RFC 1624 is how
 * checksums are mended, so a frame that is cut keeps them too.
 */
export function rewriteFrame(
  frame: Uint8Array,
  linkType: number,
  pseudonyms: Pseudonyms,
  extent: Extent = 'all',
): Uint8Array | undefined {
  const whole = Uint8Array.from(frame)
  const at = rewriteLink(whole, linkType, pseudonyms)
  if (at < 0 || at >= whole.length) return undefined
  const bytes = extent === 'all' ? whole : whole.subarray(0, headersEnd(whole, at))
  const done = bytes[at]! >> 4 === 4 ? ipv4(bytes, at, pseudonyms) : ipv6(bytes, at, pseudonyms)
  return done ? bytes : undefined
}

/** Gives where the IP packet begins, -1 where none is found. */
function rewriteLink(bytes: Uint8Array, linkType: number, pseudonyms: Pseudonyms): number {
  if (RAW.has(linkType)) return 0
  if (NULL_LOOPBACK.has(linkType)) return 4
  if (linkType === 1 && bytes.length >= 14) {
    mac(bytes, 0, pseudonyms)
    mac(bytes, 6, pseudonyms)
    let at = 12
    for (let tags = 0; tags < 4 && at + 6 <= bytes.length && TAGS.has(uint16(bytes, at)); tags++) at += 4
    return isIp(bytes, at) ? at + 2 : -1
  }
  // LINKTYPE_LINUX_SLL, and its second version.
  if (linkType === 113 && bytes.length >= 16) {
    if (uint16(bytes, 4) === 6) mac(bytes, 6, pseudonyms)
    else bytes.fill(0, 6, 14)
    bytes.fill(0, 12, 14)
    return isIp(bytes, 14) ? 16 : -1
  }
  if (linkType === 276 && bytes.length >= 20) {
    if (bytes[11] === 6) mac(bytes, 12, pseudonyms)
    else bytes.fill(0, 12, 20)
    bytes.fill(0, 18, 20)
    return isIp(bytes, 0) ? 20 : -1
  }
  return -1
}

function isIp(bytes: Uint8Array, at: number): boolean {
  if (at + 2 > bytes.length) return false
  const type = uint16(bytes, at)
  return type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6
}

function mac(bytes: Uint8Array, at: number, pseudonyms: Pseudonyms): void {
  const digits = Buffer.from(bytes.subarray(at, at + 6)).toString('hex')
  bytes.set(Buffer.from(pseudonyms.mac(digits), 'hex'), at)
}

function ipv4(bytes: Uint8Array, at: number, pseudonyms: Pseudonyms): boolean {
  // Options can hold addresses: a header with any is not rewritten.
  if (bytes.length < at + 20 || bytes[at] !== 0x45) return false
  const end = Math.min(bytes.length, at + Math.max(uint16(bytes, at + 2), 20))
  // What stands behind the packet pads the frame, and can be anything.
  bytes.fill(0, end)
  const fragment = uint16(bytes, at + 6)
  // A later fragment has no ports to tell by what it is.
  if ((fragment & 0x1fff) !== 0) return false
  const payload = new Mending(bytes, at + 20, end, bytes[at + 9]!)
  for (const place of [at + 12, at + 16]) {
    const words = new Uint32Array([0, 0, MAPPED, uint32(bytes, place)])
    const other = addressBytes(pseudonyms.address(formatAddress(words, 0)), 4)
    const header = new Sum(bytes, at + 10)
    replace(bytes, place, other, at, [header, ...payload.sums])
  }
  return transport(payload, pseudonyms)
}

function ipv6(bytes: Uint8Array, at: number, pseudonyms: Pseudonyms): boolean {
  if (bytes.length < at + 40 || bytes[at]! >> 4 !== 6) return false
  const end = Math.min(bytes.length, at + 40 + uint16(bytes, at + 4))
  bytes.fill(0, end)
  let next = bytes[at + 6]!
  let start = at + 40
  for (let headers = 0; headers < 4 && IPV6_OPTIONS.has(next); headers++) {
    if (start + 8 > end) return false
    next = bytes[start]!
    start += 8 * (bytes[start + 1]! + 1)
  }
  const payload = new Mending(bytes, start, end, next)
  for (const place of [at + 8, at + 24]) {
    const words = new Uint32Array(4)
    for (let i = 0; i < 4; i++) words[i] = uint32(bytes, place + 4 * i)
    const other = addressBytes(pseudonyms.address(formatAddress(words, 0)), 16)
    replace(bytes, place, other, at, payload.sums)
  }
  return transport(payload, pseudonyms)
}

function transport({ bytes, start, end, protocol, sums }: Mending, pseudonyms: Pseudonyms): boolean {
  // The numbers of a tunnel's packet name nobody.
  if (protocol === ESP && end <= start + 8) return true
  if (sums.length === 0 && !(protocol === UDP && start + 8 <= end)) return false
  const ports = [uint16(bytes, start), uint16(bytes, start + 2)]
  if (protocol === UDP && end > start + 8 && ports.some((port) => CLOSED_PORTS.has(port))) return false
  const data = protocol === UDP ? start + 8 : start + 4 * (bytes[start + 12]! >> 4)
  if (protocol === TCP && data < start + 20) return false
  maskPayload(bytes, data, end, protocol === TCP, pseudonyms, (at, other) => replace(bytes, at, other, start, sums))
  return true
}

/** The transport part of a packet and its checksum, where it has one. */
class Mending {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  readonly protocol: number
  readonly sums: readonly Sum[]

  constructor(bytes: Uint8Array, start: number, end: number, protocol: number) {
    this.bytes = bytes
    this.start = start
    this.end = end
    this.protocol = protocol
    const place = protocol === TCP ? start + 16 : start + 6
    const isWhole = (protocol === TCP && start + 20 <= end) || (protocol === UDP && start + 8 <= end)
    // RFC 768: 0 says that there is no checksum.
    const has = isWhole && (protocol === TCP || uint16(bytes, place) !== 0)
    this.sums = has ? [new Sum(bytes, place)] : []
  }
}

/** A checksum of the Internet (RFC 1071) that follows changes of what it is of (RFC 1624, equation 3). */
class Sum {
  readonly #bytes: Uint8Array
  readonly #at: number

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  /** A 16-bit word became another. */
  change(from: number, to: number): void {
    let sum = (~uint16(this.#bytes, this.#at) & 0xffff) + (~from & 0xffff) + to
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
    const mended = ~sum & 0xffff
    this.#bytes[this.#at] = mended >> 8
    this.#bytes[this.#at + 1] = mended & 0xff
  }
}

/** Puts other bytes in a place of what sums are of, which begins at `origin`. */
function replace(bytes: Uint8Array, at: number, other: Uint8Array, origin: number, sums: readonly Sum[]): void {
  for (const [i, value] of other.entries()) {
    const place = at + i
    const isHigh = (place - origin) % 2 === 0
    const shift = isHigh ? 8 : 0
    const before = bytes[place]! << shift
    bytes[place] = value
    for (const sum of sums) sum.change(before, value << shift)
  }
}

function addressBytes(text: string, length: 4 | 16): Uint8Array {
  const bytes = Buffer.alloc(16)
  const words = new Uint32Array(4)
  parseAddress(text, words, 0)
  for (let i = 0; i < 4; i++) bytes.writeUInt32BE(words[i]!, 4 * i)
  return bytes.subarray(16 - length)
}
