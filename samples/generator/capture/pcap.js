// @ts-check
/** Classic capture files: draft-ietf-opsawg-pcap. */
import { concat } from '../wire/bytes.js'

/**
 * @typedef Captured
 * @property {number} time microseconds since the epoch
 * @property {Uint8Array} bytes
 * @property {number} [wireLength] more than was captured, where the snap length cut
 */

/**
 * @typedef PcapOptions
 * @property {number} linkType
 * @property {boolean} [nanoseconds]
 * @property {boolean} [bigEndian]
 * @property {boolean} [modified] magic 0xa1b2cd34, Alexey Kuznetzov's, with 8 more bytes in each record's header
 * @property {number} [snapLength]
 */

/**
 * @param {readonly Captured[]} packets
 * @param {PcapOptions} options
 */
export function pcap(packets, { linkType, nanoseconds, bigEndian, modified, snapLength = 262144 }) {
  const magic = modified ? 0xa1b2cd34 : nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4
  const uint16 = (/** @type {number} */ value) => ordered(value, 2, bigEndian)
  const uint32 = (/** @type {number} */ value) => ordered(value, 4, bigEndian)
  const header = [uint32(magic), uint16(2), uint16(4), uint32(0), uint32(0), uint32(snapLength), uint32(linkType)]
  const records = packets.flatMap(({ time, bytes, wireLength = bytes.length }) => {
    const seconds = Math.floor(time / 1e6)
    const fraction = (time - seconds * 1e6) * (nanoseconds ? 1000 : 1)
    const lengths = [uint32(bytes.length), uint32(wireLength)]
    // Interface index, protocol, packet type and a byte of padding.
    const more = modified ? [uint32(2), uint16(0x0800), [0, 0]] : []
    return [uint32(seconds), uint32(fraction), ...lengths, ...more, bytes]
  })
  return concat(...header, ...records)
}

/**
 * An unsigned integer of `size` bytes, below 2^53, in the byte order asked for.
 * @param {number} value
 * @param {number} size
 * @param {boolean} [bigEndian]
 */
export function ordered(value, size, bigEndian = false) {
  const bytes = Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) % 256)
  return bigEndian ? bytes.reverse() : bytes
}
