import { formatAddress } from '../../../src/base/address.ts'
import type { Candidate, Opinion } from '../../../src/extract/recognise/protocol.ts'
import { rtp } from '../../../src/extract/recognise/rtp.ts'
import { stun, stunOverTcp, turnChannel } from '../../../src/extract/recognise/stun.ts'
import { Observation } from '../../../src/model/observation.ts'
import { Packet, PROTOCOL_TCP, PROTOCOL_UDP } from '../../../src/model/packet.ts'
import { random, rtpPacket } from '../../build/index.ts'

const protocols = [stun, stunOverTcp, turnChannel, rtp]

export interface Sent {
  /** From the client, where it is left out. */
  readonly up?: boolean
  /** Microseconds; 20 milliseconds after the packet before where it is left out. */
  readonly time?: number
  /** The snap length took bytes from its end. */
  readonly cut?: boolean
}

/** A flow that is fed datagrams or segments: a candidate is begun where one of what calls speak can be it. */
export class MediaTraffic {
  readonly opinions: (Opinion | 'none')[] = []
  readonly #packet = new Packet()
  readonly #window = new Uint8Array(1 << 17)
  readonly #around: number
  #candidate: Candidate | undefined = undefined

  constructor({ tcp = false, server = 0x08080808, around = 0x16 } = {}) {
    this.#packet.protocol = tcp ? PROTOCOL_TCP : PROTOCOL_UDP
    this.#packet.addresses.set([0, 0, 0xffff, 0x0a000005, 0, 0, 0xffff, server])
    this.#packet.time = Date.UTC(2026, 4, 12, 8) * 1000
    this.#around = around
  }

  send(bytes: Uint8Array, { up = true, time, cut = false }: Sent = {}): this {
    const packet = this.#packet
    this.#window.fill(this.#around, 0, bytes.length + 96)
    this.#window.set(bytes, 32)
    packet.bytes = this.#window
    packet.offset = 32
    packet.end = 32 + bytes.length
    packet.cut = cut
    packet.time = time ?? packet.time + 20_000
    const tcp = packet.protocol === PROTOCOL_TCP
    const begins = protocols.find(
      ({ transport, first, canBe }) =>
        (transport === 'tcp') === tcp &&
        bytes.length > 3 &&
        first.includes(bytes[0]!) &&
        canBe(packet.bytes, 32, packet.end, cut ? bytes.length + 64 : bytes.length),
    )
    this.#candidate ??= begins?.begin()
    const opinion = this.#candidate?.take(packet, up)
    this.opinions.push(opinion ?? 'none')
    if (opinion === 'no') this.#candidate = undefined
    return this
  }

  back(bytes: Uint8Array, sent: Sent = {}): this {
    return this.send(bytes, { ...sent, up: false })
  }

  get last(): Opinion | 'none' | undefined {
    return this.opinions.at(-1)
  }

  /** `call/rtp/confirmed`; what was said last. */
  get said(): string {
    return `${this.#candidate?.means}/${this.#candidate?.protocol}/${this.last}`
  }

  get observation(): Observation {
    const observation = new Observation()
    this.#candidate?.describe?.(observation)
    return observation
  }

  get peers(): string[] {
    const { answerAddresses, answerCount } = this.observation
    return Array.from({ length: answerCount }, (_, i) => formatAddress(answerAddresses, 4 * i))
  }
}

export interface Voice {
  readonly source: number
  /** Ticks of the timestamp a packet. */
  readonly ticks?: number
  readonly type?: number
}

/** Packet number `i` of a voice: 20 milliseconds of sound. */
export function voice({ source, ticks = 960, type = 111 }: Voice, i: number): Uint8Array {
  const start = random(source)
  const [sequence, timestamp] = [start(), start()]
  return rtpPacket({ source, type, sequence: (sequence + i) & 0xffff, timestamp: (timestamp + ticks * i) >>> 0 })
}
