import { uint32, uint32le } from '../../base/bytes.ts'
import type { Chunks } from '../../base/chunks.ts'
import type { Oddities } from '../../base/oddities.ts'
import { isTime, MICROS_PER_SECOND } from '../../base/time.ts'
import type { Packet } from '../../model/packet.ts'
import type { CaptureFormat, CapturePlace, CaptureReader, Damage } from '../../model/reader.ts'

/**
 * Classic capture files, as described in draft-ietf-opsawg-pcap and pcap-savefile(5): a 24-byte file header, then
 * packets, each behind a 16-byte header (24 bytes in the variant of the old `ss990915` kernel patch).
 */
export const pcap: CaptureFormat = {
  kind: 'capture',
  name: 'pcap',
  title: 'Packet capture (libpcap)',
  documentation: 'https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/',
  claims: (head) => head.length >= 4 && (variants.has(uint32(head, 0)) || variants.has(uint32le(head, 0))),
  open: (chunks, oddities) => new PcapReader(chunks, oddities),
  resume: (chunks, oddities, place) => new PcapReader(chunks, oddities, place),
}

const FILE_HEADER = 24

interface Variant {
  readonly recordHeader: number
  readonly unitsPerMicro: number
}

const variants = new Map<number, Variant>([
  [0xa1b2c3d4, { recordHeader: 16, unitsPerMicro: 1 }],
  [0xa1b23c4d, { recordHeader: 16, unitsPerMicro: 1000 }],
  [0xa1b2cd34, { recordHeader: 24, unitsPerMicro: 1 }],
])

/** What the file header says. */
interface FileHeader {
  readonly read32: typeof uint32
  readonly variant: Variant
  readonly linkType: number
}

class PcapReader implements CaptureReader {
  damage: Damage | undefined = undefined
  readonly #chunks: Chunks
  readonly #oddities: Oddities
  /** Undefined until it was read. */
  #header: FileHeader | undefined = undefined
  #read32 = uint32
  #variant: Variant = { recordHeader: 16, unitsPerMicro: 1 }
  #linkType = 0
  #frame = 0

  constructor(chunks: Chunks, oddities: Oddities, place?: CapturePlace) {
    this.#chunks = chunks
    this.#oddities = oddities
    if (place === undefined) return
    this.#begin(place.state as FileHeader)
    this.#frame = place.frames
  }

  next(packet: Packet): boolean {
    if (this.damage !== undefined || (this.#header === undefined && !this.#open())) return false
    const chunks = this.#chunks
    const bytes = chunks.bytes
    const start = chunks.start
    const headerLength = this.#variant.recordHeader
    const data = start + headerLength
    if (data > chunks.end) return false
    const captured = this.#read32(bytes, start + 8)
    // A length that the window cannot hold is damage, not a packet: snap lengths in use end at 256 KiB.
    if (captured > bytes.length - headerLength) {
      this.damage = { reason: 'impossible_packet_length', offset: chunks.position, detail: `${captured} bytes` }
      return false
    }
    const end = data + captured
    if (end > chunks.end) return false
    packet.bytes = bytes
    packet.offset = data
    packet.end = end
    packet.wireLength = this.#read32(bytes, start + 12)
    let time =
      this.#read32(bytes, start) * MICROS_PER_SECOND +
      Math.floor(this.#read32(bytes, start + 4) / this.#variant.unitsPerMicro)
    if (!isTime(time)) {
      time = 0
      this.#oddities.count('packet_time_out_of_range')
    }
    packet.time = time
    packet.linkType = this.#linkType
    packet.frame = ++this.#frame
    chunks.start = end
    return true
  }

  async more(): Promise<boolean> {
    if (this.damage !== undefined) return false
    if (await this.#chunks.more()) return true
    const left = this.#chunks.end - this.#chunks.start
    if (this.#header === undefined) this.damage = { reason: 'cut_file_header', offset: this.#chunks.position }
    else if (left > 0) this.damage = { reason: 'cut_packet', offset: this.#chunks.position }
    return false
  }

  place(): CapturePlace | undefined {
    const isOpen = this.#header !== undefined || this.#open()
    if (!isOpen || this.damage !== undefined) return undefined
    return { at: this.#chunks.position, frames: this.#frame, state: this.#header }
  }

  #open(): boolean {
    const { bytes, start, end } = this.#chunks
    if (end - start < FILE_HEADER) return false
    const bigEndian = variants.get(uint32(bytes, start))
    const variant = bigEndian ?? variants.get(uint32le(bytes, start))
    if (variant === undefined) {
      this.damage = { reason: 'not_a_capture', offset: this.#chunks.position }
      return false
    }
    const read32 = bigEndian === undefined ? uint32le : uint32
    // The upper half of the word tells about a frame check sequence, not the link type.
    this.#begin({ read32, variant, linkType: read32(bytes, start + 20) & 0xffff })
    this.#chunks.start = start + FILE_HEADER
    return true
  }

  #begin(header: FileHeader): void {
    this.#header = header
    this.#read32 = header.read32
    this.#variant = header.variant
    this.#linkType = header.linkType
  }
}
