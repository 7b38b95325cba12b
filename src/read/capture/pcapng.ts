import { uint16, uint16le, uint32, uint32le } from '../../base/bytes.ts'
import type { Chunks } from '../../base/chunks.ts'
import type { Oddities } from '../../base/oddities.ts'
import { isTime, MICROS_PER_SECOND } from '../../base/time.ts'
import type { Packet } from '../../model/packet.ts'
import type { CaptureFormat, CapturePlace, CaptureReader, Damage } from '../../model/reader.ts'

/**
 * pcapng, as described in draft-ietf-opsawg-pcapng: blocks of type, length, body and length again, in sections that
 * each have their own byte order and interfaces. Blocks that hold no packet are skipped whatever they are.
 */
export const pcapng: CaptureFormat = {
  kind: 'capture',
  name: 'pcapng',
  title: 'Packet capture (pcapng)',
  documentation: 'https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/',
  claims: (head) =>
    head.length >= 12 &&
    uint32(head, 0) === SECTION_HEADER &&
    (uint32(head, 8) === BYTE_ORDER_MAGIC || uint32le(head, 8) === BYTE_ORDER_MAGIC),
  open: (chunks, oddities) => new PcapngReader(chunks, oddities),
  resume: (chunks, oddities, place) => new PcapngReader(chunks, oddities, place),
}

const SECTION_HEADER = 0x0a0d0d0a
const INTERFACE_DESCRIPTION = 1
const PACKET = 2
const SIMPLE_PACKET = 3
const ENHANCED_PACKET = 6
const BYTE_ORDER_MAGIC = 0x1a2b3c4d

const OPTION_END = 0
const IF_TSRESOL = 9
const IF_TSOFFSET = 14

/** Blocks above this are damage; Wireshark's limit. */
const BLOCK_LIMIT = 16 * 1024 * 1024
const INTERFACE_LIMIT = 4096

interface Interface {
  readonly linkType: number
  readonly snapLength: number
  /** Microseconds of a timestamp given in two halves. */
  readonly micros: (high: number, low: number) => number
}

interface State {
  readonly read16: typeof uint16
  readonly read32: typeof uint32
  /** Those of the section, of which so many stand before the place. */
  readonly interfaces: readonly Interface[]
  readonly known: number
  readonly lastTime: number
}

class PcapngReader implements CaptureReader {
  damage: Damage | undefined = undefined
  readonly #chunks: Chunks
  readonly #oddities: Oddities
  #read16 = uint16
  #read32 = uint32
  /** Of the section; places refer to it. */
  #interfaces: Interface[] = []
  /** Bytes of a block too long for the window that are still to be passed over. */
  #skip = 0
  #frame = 0
  #lastTime = 0

  constructor(chunks: Chunks, oddities: Oddities, place?: CapturePlace) {
    this.#chunks = chunks
    this.#oddities = oddities
    if (place === undefined) return
    const { read16, read32, interfaces, known, lastTime } = place.state as State
    this.#read16 = read16
    this.#read32 = read32
    this.#interfaces = interfaces.slice(0, known)
    this.#lastTime = lastTime
    this.#frame = place.frames
  }

  next(packet: Packet): boolean {
    const chunks = this.#chunks
    const bytes = chunks.bytes
    while (this.damage === undefined && this.#skip === 0) {
      const start = chunks.start
      if (chunks.end - start < 12) return false
      const section = uint32(bytes, start) === SECTION_HEADER
      if (section && !this.#setByteOrder(start + 8)) break
      const type = this.#read32(bytes, start)
      const length = this.#read32(bytes, start + 4)
      if (length < 12 || length % 4 !== 0 || length > BLOCK_LIMIT) {
        this.#damaged('damaged_block', `length ${length}`)
        break
      }
      if (length > bytes.length) {
        // What the packets behind it mean would not be known.
        if (section || type === INTERFACE_DESCRIPTION) {
          this.#damaged('damaged_block', `length ${length}`)
          break
        }
        if (type === PACKET || type === SIMPLE_PACKET || type === ENHANCED_PACKET) {
          this.#frame++
          this.#oddities.count('packet_too_long')
        }
        this.#skip = length
        break
      }
      const end = start + length
      if (end > chunks.end) return false
      if (this.#read32(bytes, end - 4) !== length) {
        this.#damaged('damaged_block', 'the two lengths differ')
        break
      }
      chunks.start = end
      if (section) this.#interfaces = []
      else if (type === INTERFACE_DESCRIPTION) this.#addInterface(start + 8, end - 4)
      else if (this.#readPacket(type, start + 8, end - 4, packet)) return true
    }
    return false
  }

  async more(): Promise<boolean> {
    if (this.damage !== undefined) return false
    if (this.#skip > 0) {
      const skip = this.#skip
      const offset = this.#chunks.position
      this.#skip = 0
      if (await this.#chunks.skip(skip)) return true
      this.damage = { reason: 'cut_block', offset }
      return false
    }
    if (await this.#chunks.more()) return true
    if (this.#chunks.end > this.#chunks.start) this.#damaged('cut_block')
    return false
  }

  place(): CapturePlace | undefined {
    if (this.damage !== undefined || this.#skip > 0) return undefined
    const state: State = {
      ...{ read16: this.#read16, read32: this.#read32 },
      ...{ interfaces: this.#interfaces, known: this.#interfaces.length, lastTime: this.#lastTime },
    }
    return { at: this.#chunks.position, frames: this.#frame, state }
  }

  #damaged(reason: string, detail?: string): void {
    const offset = this.#chunks.position
    this.damage = detail === undefined ? { reason, offset } : { reason, offset, detail }
  }

  #setByteOrder(at: number): boolean {
    if (uint32(this.#chunks.bytes, at) === BYTE_ORDER_MAGIC) {
      this.#read16 = uint16
      this.#read32 = uint32
      return true
    }
    if (uint32le(this.#chunks.bytes, at) === BYTE_ORDER_MAGIC) {
      this.#read16 = uint16le
      this.#read32 = uint32le
      return true
    }
    this.#damaged('damaged_section_header')
    return false
  }

  #addInterface(start: number, end: number): void {
    if (end - start < 8 || this.#interfaces.length >= INTERFACE_LIMIT) {
      this.#damaged('damaged_interface')
      return
    }
    const bytes = this.#chunks.bytes
    let resolution = 6
    let offset = 0
    for (let at = start + 8; at + 4 <= end; ) {
      const code = this.#read16(bytes, at)
      const length = this.#read16(bytes, at + 2)
      const value = at + 4
      if (code === OPTION_END || value + length > end) break
      if (code === IF_TSRESOL && length >= 1) resolution = bytes[value]!
      if (code === IF_TSOFFSET && length >= 8) offset = this.#readSigned64(value)
      at = value + ((length + 3) & ~3)
    }
    this.#interfaces.push({
      linkType: this.#read16(bytes, start),
      snapLength: this.#read32(bytes, start + 4),
      micros: microsOf(resolution, offset * MICROS_PER_SECOND),
    })
  }

  #readSigned64(at: number): number {
    const bytes = this.#chunks.bytes
    const bigEndian = this.#read32 === uint32
    const high = this.#read32(bytes, bigEndian ? at : at + 4) | 0
    const low = this.#read32(bytes, bigEndian ? at + 4 : at)
    return high * 2 ** 32 + low
  }

  /** Sets `packet` from the body of a packet block; false for any other block and for one that cannot be used. */
  #readPacket(type: number, start: number, end: number, packet: Packet): boolean {
    const bytes = this.#chunks.bytes
    const fixed = type === SIMPLE_PACKET ? 4 : 20
    if (type !== ENHANCED_PACKET && type !== PACKET && type !== SIMPLE_PACKET) return false
    this.#frame++
    if (end - start < fixed) {
      this.#oddities.count('damaged_packet_block')
      return false
    }
    const id = type === ENHANCED_PACKET ? this.#read32(bytes, start) : type === PACKET ? this.#read16(bytes, start) : 0
    const source = this.#interfaces[id]
    if (source === undefined) {
      this.#oddities.count('packet_of_unknown_interface')
      return false
    }
    const data = start + fixed
    let captured: number
    if (type === SIMPLE_PACKET) {
      packet.wireLength = this.#read32(bytes, start)
      captured = Math.min(packet.wireLength, end - data)
      if (source.snapLength > 0) captured = Math.min(captured, source.snapLength)
      // §4.4: it has no timestamp. The packet before it is the nearest that the file says.
      this.#oddities.count('packet_without_time')
    } else {
      captured = this.#read32(bytes, start + 12)
      packet.wireLength = this.#read32(bytes, start + 16)
      if (captured > end - data) {
        this.#oddities.count('damaged_packet_block')
        captured = end - data
      }
      const time = source.micros(this.#read32(bytes, start + 4), this.#read32(bytes, start + 8))
      if (isTime(time)) this.#lastTime = time
      else this.#oddities.count('packet_time_out_of_range')
    }
    packet.bytes = bytes
    packet.offset = data
    packet.end = data + captured
    packet.time = this.#lastTime
    packet.linkType = source.linkType
    packet.frame = this.#frame
    return true
  }
}

/**
 * if_tsresol (§4.2): the units are 10^-n seconds, or 2^-n where the high bit is set. Exact to the microsecond for every
 * resolution from seconds to picoseconds: the 64-bit value is never squeezed into one double.
 */
function microsOf(resolution: number, offset: number): Interface['micros'] {
  const exponent = resolution & 0x7f
  if ((resolution & 0x80) !== 0) {
    const perSecond = 2 ** exponent
    if (exponent <= 32) {
      const carry = 2 ** (32 - exponent)
      return (high, low) => {
        const seconds = high * carry + Math.floor(low / perSecond)
        return offset + seconds * MICROS_PER_SECOND + Math.floor(((low % perSecond) * MICROS_PER_SECOND) / perSecond)
      }
    }
    const highPerSecond = 2 ** (exponent - 32)
    return (high, low) => {
      const rest = (high % highPerSecond) * 2 ** 32 + low
      return (
        offset +
        Math.floor(high / highPerSecond) * MICROS_PER_SECOND +
        Math.floor((rest / perSecond) * MICROS_PER_SECOND)
      )
    }
  }
  if (exponent <= 6) {
    const unit = 10 ** (6 - exponent)
    return (high, low) => offset + (high * 2 ** 32 + low) * unit
  }
  const unitsPerMicro = 10 ** (exponent - 6)
  const quotient = Math.floor(2 ** 32 / unitsPerMicro)
  const remainder = 2 ** 32 - quotient * unitsPerMicro
  return (high, low) => offset + high * quotient + Math.floor((high * remainder + low) / unitsPerMicro)
}
