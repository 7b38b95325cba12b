import { Chunks } from '../../../src/base/chunks.ts'
import { Oddities } from '../../../src/base/oddities.ts'
import { Packet } from '../../../src/model/packet.ts'
import type { CaptureFormat, Damage } from '../../../src/model/reader.ts'
import { bytesStream } from '../../build/index.ts'

/** A packet as a reader gave it, copied. */
export interface ReadPacket {
  readonly frame: number
  readonly time: number
  readonly linkType: number
  readonly wireLength: number
  /** Hexadecimal. */
  readonly bytes: string
}

export interface CaptureReading {
  readonly packets: readonly ReadPacket[]
  readonly damage: Damage | undefined
  readonly oddities: [name: string, count: number][]
}

/** Reads a whole capture, `step` bytes at a time through a window of `size`. */
export async function readCapture(
  format: CaptureFormat,
  bytes: Uint8Array,
  { step = bytes.length, size = 1 << 16 } = {},
): Promise<CaptureReading> {
  const oddities = new Oddities()
  const reader = format.open(new Chunks(bytesStream(bytes, step), size), oddities)
  const packet = new Packet()
  const packets: ReadPacket[] = []
  do {
    while (reader.next(packet)) {
      packets.push({
        frame: packet.frame,
        time: packet.time,
        linkType: packet.linkType,
        wireLength: packet.wireLength,
        bytes: hex(packet.bytes.subarray(packet.offset, packet.end)),
      })
    }
  } while (await reader.more())
  return { packets, damage: reader.damage, oddities: oddities.entries() }
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** Reads and windows of every awkward size, the window large enough for a record of `longest` bytes. */
export function readings(longest: number): { readonly step: number; readonly size: number }[] {
  return [1, 2, 3, 5, 16, 31, 1000].flatMap((step) =>
    [longest, longest + 1, longest + 17].map((size) => ({ step, size })),
  )
}
