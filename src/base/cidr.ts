import { isIPv4, MAPPED, parseAddress } from './address.ts'

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

/** Bits of an address at most that are looked up before the search. */
const INDEX_BITS = 16

/**
 * Networks compiled for look-ups from packet bytes: nested networks are cut into disjoint ranges, each with the value
 * of the most specific network that holds it. A look-up is a binary search over integers among those whose first bits
 * are the address's, and makes nothing.
 */
export class NetworkTable {
  readonly #starts: Uint32Array
  readonly #values: Int32Array
  readonly #shift: number
  /** By the first bits of the first word, and of an IPv4 address: the last range that begins at or before them. */
  readonly #index: Uint32Array
  readonly #indexOf4: Uint32Array

  /** @param networks with the value (0 or more) that a look-up gives; of equal networks the first counts. */
  constructor(networks: readonly { readonly network: Network; readonly value: number }[]) {
    const ranges = new Ranges(2 * networks.length + 1)
    // One array of them all, and their places in it, sort many times faster than the objects.
    const words = new Uint32Array(4 * networks.length)
    const sizes = new Uint8Array(networks.length)
    for (let i = 0; i < networks.length; i++) {
      const { network } = networks[i]!
      for (let w = 0; w < 4; w++) words[4 * i + w] = network.words[w]!
      sizes[i] = network.length
    }
    const order = Uint32Array.from(networks.keys()).sort(
      (a, b) => compare(words, 4 * a, 4 * b) || sizes[a]! - sizes[b]! || a - b,
    )
    const ends = new Uint32Array(4 * networks.length)
    /** Networks that hold where we are, the smallest last. */
    const open: number[] = []
    const close = (before?: number) => {
      for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
        const isLast = isZero(ends, 4 * top)
        if (before !== undefined && (isLast || !notAfter(ends, 4 * top, words, before))) return
        open.pop()
        const outer = open.at(-1)
        if (!isLast) ranges.put(ends, 4 * top, outer === undefined ? -1 : networks[outer]!.value)
      }
    }
    for (const i of order) {
      close(4 * i)
      const top = open.at(-1)
      if (top !== undefined && compare(words, 4 * top, 4 * i) === 0 && sizes[top] === sizes[i]) continue
      ranges.put(words, 4 * i, networks[i]!.value)
      addSize(words, 4 * i, sizes[i]!, ends)
      open.push(i)
    }
    close()
    this.#starts = ranges.starts.slice(0, 4 * ranges.length)
    this.#values = ranges.values.slice(0, ranges.length)
    const bits = Math.min(INDEX_BITS, 32 - Math.clz32(ranges.length))
    this.#shift = 32 - bits
    this.#index = this.#indexed(1 << bits, (first) => [first, 0, 0, 0])
    this.#indexOf4 = this.#indexed(1 << bits, (first) => [0, 0, MAPPED, first])
  }

  /** The value of the most specific network that holds the address, or -1. */
  find(words: Uint32Array, at: number): number {
    const is4 = isIPv4(words, at)
    const index = is4 ? this.#indexOf4 : this.#index
    const first = words[is4 ? at + 3 : at]! >>> this.#shift
    return this.#values[this.#search(words, at, index[first]!, index[first + 1]!)]!
  }

  /** The last of the ranges `low` to `high` that begins at or before the address; the first one does. */
  #search(words: Uint32Array, at: number, low: number, high: number): number {
    const starts = this.#starts
    let from = low
    let to = high
    while (from < to) {
      const middle = (from + to + 1) >> 1
      if (notAfter(starts, 4 * middle, words, at)) from = middle
      else to = middle - 1
    }
    return from
  }

  #indexed(size: number, wordsOf: (first: number) => readonly number[]): Uint32Array {
    const last = this.#values.length - 1
    const index = new Uint32Array(size + 1).fill(last)
    const words = new Uint32Array(4)
    for (let i = 0; i < size; i++) {
      words.set(wordsOf((i << this.#shift) >>> 0))
      index[i] = this.#search(words, 0, i === 0 ? 0 : index[i - 1]!, last)
    }
    return index
  }
}

/** Where ranges begin, in order, and what they are; the first begins at zero. */
class Ranges {
  readonly starts: Uint32Array
  readonly values: Int32Array
  length = 1

  constructor(limit: number) {
    this.starts = new Uint32Array(4 * limit)
    this.values = new Int32Array(limit).fill(-1)
  }

  put(words: Uint32Array, at: number, value: number): void {
    const isNew = !notAfter(words, at, this.starts, 4 * (this.length - 1))
    if (isNew) {
      for (let w = 0; w < 4; w++) this.starts[4 * this.length + w] = words[at + w]!
      this.length++
    }
    this.values[this.length - 1] = value
  }
}

/** Of two addresses in an array: below 0 where the first is the lower. */
function compare(words: Uint32Array, a: number, b: number): number {
  for (let w = 0; w < 4; w++) if (words[a + w] !== words[b + w]) return words[a + w]! - words[b + w]!
  return 0
}

/** One past the last address of a network, at the same place of another array; zero where there is none. */
function addSize(words: Uint32Array, at: number, length: number, into: Uint32Array): void {
  let carry = length === 0 ? 0 : 2 ** (31 - ((length - 1) & 31))
  const last = length === 0 ? -1 : (length - 1) >> 5
  for (let w = 3; w >= 0; w--) {
    const sum = words[at + w]! + (w <= last ? carry : 0)
    into[at + w] = sum
    if (w <= last) carry = sum > 0xffffffff ? 1 : 0
  }
}

function isZero(words: Uint32Array, at: number): boolean {
  return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 0
}

function notAfter(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  for (let w = 0; w < 4; w++) {
    if (a[i + w]! !== b[j + w]!) return a[i + w]! < b[j + w]!
  }
  return true
}
