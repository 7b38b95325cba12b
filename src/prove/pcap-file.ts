import { MICROS_PER_SECOND } from '../base/time.ts'
import type { EvidencePiece } from '../model/evidence-piece.ts'

/** Of the file, and of each record: draft-ietf-opsawg-pcap. */
export const FILE_HEADER = 24
export const RECORD_HEADER = 16

const MAGIC_MICROSECONDS = 0xa1b2c3d4
const SNAP_LENGTH = 262_144

/** A classic little-endian capture with microseconds of frames of one link type. */
export function pcapFile(
  linkType: number,
  frames: readonly Pick<EvidencePiece, 'bytes' | 'time' | 'wireLength'>[],
): Buffer {
  const header = Buffer.alloc(FILE_HEADER)
  header.writeUInt32LE(MAGIC_MICROSECONDS, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(SNAP_LENGTH, 16)
  header.writeUInt32LE(linkType, 20)
  const records = frames.flatMap(({ bytes, time, wireLength }) => {
    const record = Buffer.alloc(RECORD_HEADER)
    record.writeUInt32LE(Math.floor(time / MICROS_PER_SECOND) % 2 ** 32, 0)
    record.writeUInt32LE(Math.floor(time % MICROS_PER_SECOND), 4)
    record.writeUInt32LE(bytes.length, 8)
    record.writeUInt32LE(wireLength, 12)
    return [record, bytes]
  })
  return Buffer.concat([header, ...records])
}
