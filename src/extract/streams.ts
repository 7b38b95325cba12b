import { sameAddress } from '../base/address.ts'
import type { Oddities } from '../base/oddities.ts'
import { MICROS_PER_SECOND } from '../base/time.ts'
import type { Packet } from '../model/packet.ts'
import { BufferPool } from './buffer-pool.ts'
import { Pieces } from './pieces.ts'
import { HELLO_LIMIT } from './tls.ts'

/** A stream's bytes are held until what they begin with is read; no protocol here needs more than this. */
export const STREAM_LIMIT = HELLO_LIMIT + 2048

const BUCKETS = 2048
const WAYS = 4
/** Parts of a stream that may stand apart from each other. */
const SEGMENT_LIMIT = 64
/** Bytes held by all streams together. */
const MEMORY_LIMIT = 32 * 1024 * 1024
/** A stream in which nothing happened for so long is given up. */
const IDLE_LIMIT = 120 * MICROS_PER_SECOND
/** Of an answer whose beginning has not come, so much is held that may have overtaken it. */
const ANSWER_LIMIT = 16 * 1024

/** What is awaited: something that a stream opens with, or its rest; DNS messages, one after the other. */
export type StreamKind = 'opening' | 'dns'

/** One direction of one TCP connection of which only a part was seen. */
export class Stream {
  kind: StreamKind = 'opening'
  /** It is awaited only as long as there is room, and says nothing more often than not: losing it is not counted. */
  isAnswer = false
  readonly addresses = new Uint32Array(8)
  sourcePort = 0
  destinationPort = 0
  /** Sequence number of the first byte that was awaited. */
  origin = 0
  /** Sequence number of the first byte in the buffer. */
  base = 0
  /** What has come from there on, in whatever order. */
  readonly pieces: Pieces
  /** So much of the buffer was looked at, and is only a part of what is awaited. */
  looked = 0
  /** With fewer bytes there is no use in looking again. */
  needed = 0
  /** Frames of the first and the last packet that added to it, and the time of the last. */
  firstFrame = 0
  lastFrame = 0
  lastTime = 0
  open = false

  constructor(pool: BufferPool) {
    this.pieces = new Pieces(pool, STREAM_LIMIT, SEGMENT_LIMIT)
  }

  /** `buffer[0…length)` has come without a gap. */
  get length(): number {
    return this.pieces.length
  }

  get buffer(): Uint8Array {
    return this.pieces.buffer
  }
}

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
      if (goesBefore(stream, this.#places[place]!)) place = other
    }
    const stream = this.#places[place]
    if (stream?.open === true) this.#drop(stream)
    return this.#begin(packet, bucket, place, kind, base)
  }

  /** Opens a stream for what a server answers, to begin at `base`, where there is a free place for it. */
  addAnswer(packet: Packet, base: number): Stream | undefined {
    this.#turnHand(packet.time)
    const bucket = bucketOf(packet)
    if (this.#open[bucket]! >= WAYS) return undefined
    let place = bucket * WAYS
    while (this.#places[place]?.open === true) place++
    const stream = this.#begin(packet, bucket, place, 'opening', base)
    stream.isAnswer = true
    return stream
  }

  #begin(packet: Packet, bucket: number, place: number, kind: StreamKind, base: number): Stream {
    let stream = this.#places[place]
    if (stream === undefined) this.#places[place] = stream = new Stream(this.#buffers)
    stream.kind = kind
    stream.isAnswer = false
    stream.addresses.set(packet.addresses)
    stream.sourcePort = packet.sourcePort
    stream.destinationPort = packet.destinationPort
    stream.origin = base
    stream.base = base
    stream.looked = 0
    stream.needed = 0
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
    stream.pieces.clear()
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
    // What comes before the base has been read.
    const from = packet.offset + Math.max(0, -start)
    if (from >= packet.end) return false
    const { pieces } = stream
    const before = pieces.length
    const first = pieces.isEmpty
    const tooFar = stream.isAnswer && before === 0 && start > ANSWER_LIMIT
    const result = tooFar ? 'full' : pieces.put(packet.bytes, from, packet.end, Math.max(0, start))
    if (result === 'full') {
      // What should have come before it is lost, or there is no room to wait for it.
      this.#drop(stream)
      return false
    }
    if (result === 'known') return false
    if (first) stream.firstFrame = packet.frame
    stream.lastFrame = packet.frame
    return pieces.length > before
  }

  /** Forgets the first `count` bytes: they are read. */
  consume(stream: Stream, count: number): void {
    stream.pieces.consume(count)
    stream.base = (stream.base + count) >>> 0
    stream.looked = 0
    stream.needed = 0
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

  #drop(stream: Stream): void {
    if (!stream.isAnswer) this.#oddities.count('streams_dropped')
    this.#abandon(stream)
  }

  #abandon(stream: Stream): void {
    this.#onAbandon(stream)
    this.close(stream)
  }
}

/** Whether a stream is given up rather than another: an answer of which nothing has come, else what was idle longer. */
function goesBefore(stream: Stream, other: Stream): boolean {
  const spare = stream.isAnswer && stream.pieces.isEmpty
  if (spare !== (other.isAnswer && other.pieces.isEmpty)) return spare
  return stream.lastTime < other.lastTime
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
