import { parseAddress } from './address.ts'

/** A network: the first address of the range as four words, and the prefix length counted in those 128 bits. */
export interface Network {
  readonly words: Uint32Array
  /** 0 to 128; an IPv4 prefix of n bits has 96 + n. */
  readonly length: number
}

/** The network of a text that was found to be one (`base/network-text.ts`), as `10.8.0.0/16` or an address. */
export function networkOf(text: string): Network {
  const [address = '', length] = text.split('/')
  const words = new Uint32Array(4)
  if (!parseAddress(address, words, 0)) throw new Error(`${text} is no network`)
  const longest = address.includes(':') ? 128 : 32
  return { words, length: 128 - longest + (length === undefined ? longest : Number(length)) }
}

/**
 * Networks compiled for look-ups from packet bytes: nested networks are cut into disjoint ranges, each with the value
 * of the most specific network that holds it. A look-up is a binary search over integers and makes nothing.
 */
export class NetworkTable {
  readonly #starts: Uint32Array
  readonly #values: Int32Array

  /** @param networks with the value (0 or more) that a look-up gives; of equal networks the first counts. */
  constructor(networks: readonly { readonly network: Network; readonly value: number }[]) {
    const sorted = networks
      .map(({ network, value }) => ({ start: toBigInt(network.words), length: network.length, value }))
      .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.length - b.length))
    const starts: bigint[] = [0n]
    const values: number[] = [-1]
    const put = (start: bigint, value: number) => {
      if (starts.at(-1) === start) values[values.length - 1] = value
      else {
        starts.push(start)
        values.push(value)
      }
    }
    const open: { end: bigint; value: number; start: bigint; length: number }[] = []
    const close = (before: bigint) => {
      while (open.length > 0 && open.at(-1)!.end <= before) {
        const { end } = open.pop()!
        if (end < 1n << 128n) put(end, open.at(-1)?.value ?? -1)
      }
    }
    for (const { start, length, value } of sorted) {
      close(start)
      const top = open.at(-1)
      if (top && top.start === start && top.length === length) continue
      put(start, value)
      open.push({ start, length, end: start + (1n << BigInt(128 - length)), value })
    }
    close(1n << 128n)
    this.#starts = new Uint32Array(starts.length * 4)
    this.#values = Int32Array.from(values)
    for (const [i, start] of starts.entries()) {
      for (let w = 0; w < 4; w++) this.#starts[4 * i + w] = Number((start >> BigInt(96 - 32 * w)) & 0xffffffffn)
    }
  }

  /** The value of the most specific network that holds the address, or -1. */
  find(words: Uint32Array, at: number): number {
    const starts = this.#starts
    let low = 0
    let high = this.#values.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (notAfter(starts, 4 * middle, words, at)) low = middle
      else high = middle - 1
    }
    return this.#values[low]!
  }
}

function notAfter(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  for (let w = 0; w < 4; w++) {
    if (a[i + w]! !== b[j + w]!) return a[i + w]! < b[j + w]!
  }
  return true
}

function toBigInt(words: Uint32Array): bigint {
  return (BigInt(words[0]!) << 96n) | (BigInt(words[1]!) << 64n) | (BigInt(words[2]!) << 32n) | BigInt(words[3]!)
}
