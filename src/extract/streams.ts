import { sameAddress } from '../base/address.ts'
import type { Oddities } from '../base/oddities.ts'
import { MICROS_PER_SECOND } from '../base/time.ts'
import type { Packet } from '../model/packet.ts'
import { BufferPool } from './buffer-pool.ts'
import { HELLO_LIMIT } from './tls.ts'

/** A stream's bytes are held until what they begin with is read; no protocol here needs more than this. */
export const STREAM_LIMIT = HELLO_LIMIT + 2048

const BUCKETS = 2048
const WAYS = 4
const SEGMENT_LIMIT = 64
/** Bytes held by all streams together. */
const MEMORY_LIMIT = 32 * 1024 * 1024
/** A stream in which nothing happened for so long is given up. */
const IDLE_LIMIT = 120 * MICROS_PER_SECOND

/** What is awaited: something that a stream opens with, or its rest; DNS messages, one after the other. */
export type StreamKind = 'opening' | 'dns'

/** One direction of one TCP connection of which only a part was seen. */
export class Stream {
  kind: StreamKind = 'opening'
  readonly addresses = new Uint32Array(8)
  sourcePort = 0
  destinationPort = 0
  /** Sequence number of the first byte that was awaited. */
  origin = 0
  /** Sequence number of the first byte in the buffer. */
  base = 0
  /** `buffer[0…length)` has come without a gap. */
  length = 0
  buffer: Uint8Array = NOTHING
  /** So much of the buffer was looked at, and is only a part of what is awaited. */
  looked = 0
  /** Pairs of start and end of what has come behind a gap, apart from each other and in order. */
  readonly islands: number[] = []
  /** Frames of the first and the last packet that added to it, and the time of the last. */
  firstFrame = 0
  lastFrame = 0
  lastTime = 0
  open = false
}

const NOTHING = new Uint8Array(0)

/**
 * The table of streams that are seen in part: 2,048 buckets of four places. A stream that finds its bucket full takes
 * the place of the one that was idle longest, and those are counted. So no sender makes it larger or slower.
 */
export class Streams {
  readonly #oddities: Oddities
  /** Called with a stream that is given up before what it awaited was whole. */
  readonly #onAbandon: (stream: Stream) => void
  readonly #places: (Stream | undefined)[] = new Array<Stream | undefined>(BUCKETS * WAYS).fill(undefined)
  /** Open streams in each bucket: zero turns a packet away with one read. */
  readonly #open = new Uint8Array(BUCKETS)
  readonly #buffers = new BufferPool(MEMORY_LIMIT)
  #hand = 0

  constructor(oddities: Oddities, onAbandon: (stream: Stream) => void) {
    this.#oddities = oddities
    this.#onAbandon = onAbandon
  }

  /** The open stream that the packet belongs to. */
  find(packet: Packet): Stream | undefined {
    const bucket = bucketOf(packet)
    if (this.#open[bucket] === 0) return undefined
    for (let place = bucket * WAYS; place < bucket * WAYS + WAYS; place++) {
      const stream = this.#places[place]
      if (
        stream?.open === true &&
        stream.sourcePort === packet.sourcePort &&
        stream.destinationPort === packet.destinationPort &&
        sameAddress(stream.addresses, 0, packet.addresses, 0) &&
        sameAddress(stream.addresses, 4, packet.addresses, 4)
      ) {
        return stream
      }
    }
    return undefined
  }

  /** Opens a stream for the packet's direction, to begin at `base`. */
  add(packet: Packet, kind: StreamKind, base: number): Stream {
    this.#turnHand(packet.time)
    const bucket = bucketOf(packet)
    let place = bucket * WAYS
    for (let other = place; other < bucket * WAYS + WAYS; other++) {
      const stream = this.#places[other]
      if (stream === undefined || !stream.open) {
        place = other
        break
      }
      if (stream.lastTime < this.#places[place]!.lastTime) place = other
    }
    let stream = this.#places[place]
    if (stream === undefined) this.#places[place] = stream = new Stream()
    if (stream.open) {
      this.#oddities.count('streams_dropped')
      this.#abandon(stream)
    }
    stream.kind = kind
    stream.addresses.set(packet.addresses)
    stream.sourcePort = packet.sourcePort
    stream.destinationPort = packet.destinationPort
    stream.origin = base
    stream.base = base
    stream.length = 0
    stream.looked = 0
    stream.firstFrame = packet.frame
    stream.lastFrame = packet.frame
    stream.lastTime = packet.time
    stream.open = true
    this.#open[bucket]!++
    return stream
  }

  /** What the stream awaited is read, or will not come. */
  close(stream: Stream): void {
    stream.open = false
    stream.islands.length = 0
    this.#release(stream)
    this.#open[bucketOf(stream)]!--
  }

  /** Gives every open stream up: at the end of the input. */
  finish(): void {
    for (const stream of this.#places) if (stream?.open === true) this.#abandon(stream)
  }

  /**
   * Puts the packet's payload in its place; of bytes that come twice the first count. False where nothing was added to
   * what stands without a gap.
   */
  append(stream: Stream, packet: Packet): boolean {
    stream.lastTime = packet.time
    const start = (packet.sequence - stream.base) | 0
    const size = packet.end - packet.offset
    const end = start + size
    if (size <= 0 || end <= stream.length) return false
    if (end > STREAM_LIMIT || !this.#reserve(stream, end)) {
      // What should have come before it is lost, or there is no room to wait for it.
      this.#oddities.count('streams_dropped')
      this.#abandon(stream)
      return false
    }
    if (stream.length === 0 && stream.islands.length === 0) stream.firstFrame = packet.frame
    stream.lastFrame = packet.frame
    if (start > stream.length) {
      this.#addIsland(stream, packet, start, end)
      return false
    }
    // What stands on islands came first and is not written over.
    let at = stream.length
    const islands = stream.islands
    while (at < end) {
      const stop = islands.length > 0 && islands[0]! < end ? islands[0]! : end
      if (stop > at) copy(packet, packet.offset + at - start, stream.buffer, at, stop - at)
      at = Math.max(at, stop)
      while (islands.length > 0 && islands[0]! <= at) {
        at = Math.max(at, islands[1]!)
        islands.splice(0, 2)
      }
    }
    stream.length = at
    return true
  }

  /** Forgets the first `count` bytes: they are read. */
  consume(stream: Stream, count: number): void {
    const last = stream.islands.at(-1) ?? stream.length
    stream.buffer.copyWithin(0, count, last)
    stream.base = (stream.base + count) >>> 0
    stream.length -= count
    stream.looked = 0
    for (let i = 0; i < stream.islands.length; i++) stream.islands[i]! -= count
    if (stream.length === 0 && stream.islands.length === 0) {
      this.#release(stream)
    }
  }

  #addIsland(stream: Stream, packet: Packet, start: number, end: number): void {
    const islands = stream.islands
    if (islands.length >= 2 * SEGMENT_LIMIT) {
      this.#oddities.count('streams_dropped')
      this.#abandon(stream)
      return
    }
    // Fill the gaps between the islands that the segment touches, then make one island of them all.
    let first = 0
    while (first < islands.length && islands[first + 1]! < start) first += 2
    let at = start
    let next = first
    while (next < islands.length && islands[next]! <= end) {
      if (islands[next]! > at) copy(packet, packet.offset + at - start, stream.buffer, at, islands[next]! - at)
      at = Math.max(at, islands[next + 1]!)
      next += 2
    }
    if (at < end) copy(packet, packet.offset + at - start, stream.buffer, at, end - at)
    const low = next > first ? Math.min(start, islands[first]!) : start
    islands.splice(first, next - first, low, Math.max(end, at))
  }

  /** Makes room for `size` bytes; false where there is none. */
  #reserve(stream: Stream, size: number): boolean {
    if (stream.buffer.length >= size) return true
    const larger = this.#buffers.take(size)
    if (larger === undefined) return false
    larger.set(stream.buffer)
    this.#release(stream)
    stream.buffer = larger
    return true
  }

  #release(stream: Stream): void {
    if (stream.buffer.length > 0) this.#buffers.give(stream.buffer)
    stream.buffer = NOTHING
  }

  /** Looks at one bucket each time a stream is added, and gives up what has been idle too long there. */
  #turnHand(now: number): void {
    this.#hand = (this.#hand + 1) % BUCKETS
    if (this.#open[this.#hand] === 0) return
    for (let place = this.#hand * WAYS; place < this.#hand * WAYS + WAYS; place++) {
      const stream = this.#places[place]
      if (stream?.open === true && now - stream.lastTime > IDLE_LIMIT) this.#abandon(stream)
    }
  }

  #abandon(stream: Stream): void {
    this.#onAbandon(stream)
    this.close(stream)
  }
}

function copy(packet: Packet, from: number, into: Uint8Array, at: number, length: number): void {
  const bytes = packet.bytes
  for (let i = 0; i < length; i++) into[at + i] = bytes[from + i]!
}

function bucketOf(of: {
  readonly addresses: Uint32Array
  readonly sourcePort: number
  readonly destinationPort: number
}): number {
  const mixed = of.addresses[3]! ^ ((of.addresses[7]! << 9) | (of.addresses[7]! >>> 23))
  const ports = (of.sourcePort << 16) | of.destinationPort
  return Math.imul(mixed ^ Math.imul(ports, 0x85ebca6b), 0x9e3779b1) >>> 21
}
