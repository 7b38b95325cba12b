import { uint16, uint32 } from '../../base/bytes.ts'
import { MICROS_PER_SECOND, type Micros } from '../../base/time.ts'

/** RFC 3550 §5.1. */
const RTP_HEADER = 12
/** An RTCP packet's header with the sender's identifier (RFC 3550 §6.4). */
const RTCP_HEADER = 8
/** Payload types that RTP does not use where RTCP comes over the same port (RFC 5761 §4). */
const FIRST_RTCP = 64
const LAST_RTCP = 95
/** MPEG transport streams (RFC 3551 §6): television, never a call. */
const TYPE_MP2T = 33

/** A packet may be late or lost: so far a sequence number may be from the one before. */
const SEQUENCE_REACH = 16
/** Ticks of the timestamp in a second: from what some applications use to that of video, and more. */
const SLOWEST_CLOCK = 500
const FASTEST_CLOCK = 100_000
/** Packets come in bursts: so much earlier than they should. */
const BURST = 0.5

/** Sources of one direction that are told apart: sound, images, and what repairs them. */
const SOURCE_LIMIT = 4

/**
 * Whether `bytes[start…end)` has the form of an RTP packet (RFC 3550 §5.1). Its extension is not asked: some applications
 * encrypt that too.
 */
export function isRtp(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < RTP_HEADER || bytes[start]! >> 6 !== 2) return false
  const type = bytes[start + 1]! & 0x7f
  if ((type >= FIRST_RTCP && type <= LAST_RTCP) || type === TYPE_MP2T) return false
  return start + RTP_HEADER + 4 * (bytes[start]! & 0x0f) <= end
}

/** Whether an RTCP packet stands at `start` (RFC 3550 §6.4, RFC 5761 §4). */
export function isRtcp(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < RTCP_HEADER || bytes[start]! >> 6 !== 2) return false
  const type = bytes[start + 1]! & 0x7f
  return type >= FIRST_RTCP && type <= LAST_RTCP && start + 4 + 4 * uint16(bytes, start + 2) <= end
}

/** Who sends packets that carry on from one another. */
class RtpSource {
  identifier = 0
  sequence = 0
  timestamp = 0
  time: Micros = 0
  /** Since the first of them: ticks of the timestamp, and packets with the very next number. */
  ticks = 0
  steps = 0
  firstTime: Micros = 0

  begin(identifier: number, sequence: number, timestamp: number, time: Micros): void {
    this.identifier = identifier
    this.sequence = sequence
    this.timestamp = timestamp
    this.time = this.firstTime = time
    this.ticks = this.steps = 0
  }

  /** Takes the next packet; false where it does not carry on: then it is the first of others. */
  take(sequence: number, timestamp: number, time: Micros): boolean {
    const step = ((sequence - this.sequence) << 16) >> 16
    const ticks = (timestamp - this.timestamp) | 0
    const elapsed = (time - this.time) / MICROS_PER_SECOND
    if (Math.abs(step) > SEQUENCE_REACH || Math.abs(ticks) > FASTEST_CLOCK * (Math.max(elapsed, 0) + 1)) {
      this.begin(this.identifier, sequence, timestamp, time)
      return false
    }
    if (step <= 0) return true
    if (step === 1) this.steps++
    this.sequence = sequence
    this.timestamp = timestamp
    this.ticks += ticks
    this.time = time
    return true
  }

  /** Its clock goes as one of sound or images does. */
  get isSteady(): boolean {
    const elapsed = (this.time - this.firstTime) / MICROS_PER_SECOND
    return this.ticks > 0 && this.ticks >= SLOWEST_CLOCK * elapsed && this.ticks <= FASTEST_CLOCK * (elapsed + BURST)
  }
}

/** The sources of RTP in one direction of a flow. */
export class RtpSources {
  readonly #sources: RtpSource[] = []

  /** Takes a packet that `isRtp`; whether it carries on from one before. */
  take(bytes: Uint8Array, start: number, time: Micros): boolean {
    const identifier = uint32(bytes, start + 8)
    // Chosen at random (RFC 3550 §8): a zero is more often another protocol's.
    if (identifier === 0) return false
    const sequence = uint16(bytes, start + 2)
    const timestamp = uint32(bytes, start + 4)
    let place: RtpSource | undefined
    for (const source of this.#sources) {
      if (source.identifier === identifier) return source.take(sequence, timestamp, time)
      if (place === undefined || source.steps < place.steps) place = source
    }
    if (place === undefined || this.#sources.length < SOURCE_LIMIT) {
      place = new RtpSource()
      this.#sources.push(place)
    }
    place.begin(identifier, sequence, timestamp, time)
    return false
  }

  /** Packets of the longest run in which each carries on from the one before, its first not counted. */
  get steps(): number {
    let steps = 0
    for (const source of this.#sources) if (source.steps > steps && source.isSteady) steps = source.steps
    return steps
  }
}
