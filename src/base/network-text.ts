import { IPv4, IPv4CidrRange, IPv6, IPv6CidrRange } from 'ip-num'
import { formatAddress } from './address.ts'
import type { Network } from './cidr.ts'

/** `::ffff:0:0/96`, which is how IPv4 stands among the words of `base/address.ts`. */
const MAPPED: Network = { words: Uint32Array.of(0, 0, 0xffff, 0), length: 96 }

/**
 * A network as a policy writes it (`10.8.0.0/16`, `fd00:8::/48`, or one address), or what is wrong with the text and
 * what to write instead. Bits beyond the prefix are refused: they are most often a mistake in the prefix.
 */
export function parseNetwork(text: string): Network | string {
  const shown = JSON.stringify(text)
  if (text.includes('%')) return `${shown} has a zone: write the network without "%" and what follows`
  const six = text.includes(':')
  if (six && text.includes('.')) return mappedAdvice(shown)
  const range = rangeOf(text, six)
  if (range === undefined) {
    return `${shown} is not a network: write one like 10.8.0.0/16 or fd00:8::/48, or an address`
  }
  const network = { words: wordsOf(range.first, six), length: range.length + (six ? 0 : 96) }
  if (range.address !== range.first) {
    const whole = `${formatAddress(network.words, 0)}/${range.length}`
    return `${shown} has bits beyond its prefix: write ${whole}, or the longer prefix that was meant`
  }
  if (six && overlaps(network, MAPPED)) {
    return network.length >= MAPPED.length
      ? mappedAdvice(shown)
      : `${shown} holds every IPv4 address too: write 2000::/3 for the public IPv6 addresses`
  }
  return network
}

/** Whether one of the two holds the other: networks never overlap in part. */
export function overlaps(a: Network, b: Network): boolean {
  const length = Math.min(a.length, b.length)
  for (let word = 0; word < 4; word++) {
    const bits = Math.min(Math.max(length - 32 * word, 0), 32)
    if (bits > 0 && (a.words[word]! ^ b.words[word]!) >>> (32 - bits) !== 0) return false
  }
  return true
}

function mappedAdvice(shown: string): string {
  return `${shown} is IPv4 written as IPv6: write it as IPv4, like 192.0.2.0/24`
}

/** What ip-num reads in the text; it throws where the text is neither a range nor an address. */
function rangeOf(text: string, six: boolean): { address: bigint; first: bigint; length: number } | undefined {
  try {
    const slash = text.indexOf('/')
    const address = slash < 0 ? text : text.slice(0, slash)
    const value = (six ? new IPv6(address) : new IPv4(address)).value
    if (slash < 0) return { address: value, first: value, length: six ? 128 : 32 }
    const range = six ? IPv6CidrRange.fromCidr(text) : IPv4CidrRange.fromCidr(text)
    return { address: value, first: range.getFirst().value, length: Number(range.cidrPrefix.value) }
  } catch {
    return undefined
  }
}

function wordsOf(value: bigint, six: boolean): Uint32Array {
  const whole = six ? value : (0xffffn << 32n) | value
  return Uint32Array.from([96n, 64n, 32n, 0n], (shift) => Number((whole >> shift) & 0xffffffffn))
}
