import { formatAddress, isIPv4, parseAddress } from '../base/address.ts'

/** What stands for somebody begins so, in order: 198.18.0.0/15 (RFC 2544), 2001:db8::/32 (RFC 3849), local MACs. */
const FIRST_IPV4 = 0xc612_0001

/**
 * Gives addresses, MACs and people other names, the same one each time, in the order in which they are met: nothing of
 * what they were is in them. Addresses of servers stay, unless a client had them or they are the organisation's own.
 */
export class Pseudonyms {
  readonly #addresses = new Map<string, string>()
  readonly #macs = new Map<string, string>()
  readonly #people = new Map<string, string>()
  readonly #stays: ReadonlySet<string>
  readonly #isOwn: (words: Uint32Array, at: number) => boolean

  /** @param isOwn whether an address, four words, is in a network that is nobody else's. */
  constructor(
    clients: ReadonlySet<string>,
    servers: ReadonlySet<string>,
    isOwn: (words: Uint32Array, at: number) => boolean,
  ) {
    this.#stays = new Set([...servers].filter((server) => !clients.has(server)))
    this.#isOwn = isOwn
  }

  /** The address that stands for this one, itself where it stays; texts as `base/address.ts` writes them. */
  address(text: string): string {
    const words = new Uint32Array(4)
    if (!parseAddress(text, words, 0) || isNobody(words)) return text
    const canonical = formatAddress(words, 0)
    if (this.#stays.has(canonical) && !this.#isOwn(words, 0)) return text
    const known = this.#addresses.get(canonical)
    if (known !== undefined) return known
    const n = this.#addresses.size
    if (isIPv4(words, 0)) words[3] = (FIRST_IPV4 + n) >>> 0
    else words.set([0x2001_0db8, 0, 0, n + 1])
    const made = formatAddress(words, 0)
    this.#addresses.set(canonical, made)
    return made
  }

  /** Six bytes as 12 hexadecimal digits; broadcast and multicast stay. */
  mac(digits: string): string {
    const text = digits.toLowerCase()
    if ((Number.parseInt(text.slice(0, 2), 16) & 1) === 1 || /^0+$/.test(text)) return text
    const known = this.#macs.get(text) ?? (0x0200_0000_0000 + this.#macs.size + 1).toString(16).padStart(12, '0')
    this.#macs.set(text, known)
    return known
  }

  person(name: string): string {
    const text = name.toLowerCase()
    const known = this.#people.get(text) ?? `person-${this.#people.size + 1}`
    this.#people.set(text, known)
    return known
  }

  /** The addresses that were replaced so far, and what stands for each. */
  get replaced(): ReadonlyMap<string, string> {
    return this.#addresses
  }
}

/** Unspecified, loopback, broadcast and multicast addresses are nobody's. */
function isNobody(words: Uint32Array): boolean {
  if (!isIPv4(words, 0)) {
    const isLow = words[0] === 0 && words[1] === 0 && words[2] === 0 && words[3]! <= 1
    return isLow || words[0]! >>> 24 === 0xff
  }
  const first = words[3]! >>> 24
  return first === 0 || first === 127 || (first >= 224 && first <= 239) || words[3] === 0xffff_ffff
}
