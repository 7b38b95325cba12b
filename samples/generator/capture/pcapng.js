// @ts-check
/** pcapng files: draft-ietf-opsawg-pcapng, block by block. */
import { ascii, concat } from '../wire/bytes.js'
import { ordered } from './pcap.js'

/** @import { Bytes } from '../wire/bytes.js' */

/**
 * @typedef {{ readonly code: number, readonly value: Bytes }} Option (section 3.5), its value in the section's byte
 * order
 */

/**
 * @typedef Interface
 * @property {number} linkType
 * @property {number} [snapLength] 0, no limit, if left out
 * @property {{ readonly base: 2 | 10, readonly exponent: number }} [resolution] units of base^-exponent seconds;
 * written
 *   as if_tsresol (section 4.2) where given, microseconds without
 * @property {number} [offset] seconds added to each time, if_tsoffset (section 4.2)
 * @property {readonly Option[]} [options]
 */

/**
 * @typedef PacketBlock
 * @property {number} time microseconds since the epoch
 * @property {Uint8Array} bytes
 * @property {number} [interface] of its section, 0 if left out
 * @property {number} [wireLength]
 * @property {readonly Option[]} [options]
 */

/**
 * @typedef {(
 *   | { readonly kind: 'interface' } & Interface
 *   | { readonly kind: 'enhanced' } & PacketBlock
 *   | { readonly kind: 'obsolete' } & PacketBlock
 *   | { readonly kind: 'simple', readonly bytes: Uint8Array, readonly wireLength?: number }
 *   | { readonly kind: 'names', readonly address: Bytes, readonly name: string }
 *   | { readonly kind: 'statistics', readonly time: number, readonly interface?: number }
 *   | { readonly kind: 'other', readonly type: number, readonly body: Bytes }
 * )} Block enhanced, obsolete and simple: the packet blocks of sections 4.3, A and 4.4; names and statistics: 4.5, 4.6
 */

/**
 * @typedef Section
 * @property {boolean} [bigEndian]
 * @property {boolean} [lengthUnknown] its header says -1 for its length
 * @property {readonly Option[]} [options]
 * @property {readonly Block[]} blocks
 */

/**
 * A file of one section or more. Packets are written with the resolution and offset of the interface that they name.
 * @param {readonly Section[]} sections
 */
export function pcapng(...sections) {
  return concat(...sections.map(writeSection))
}

/** @param {Section} section */
function writeSection({ bigEndian, lengthUnknown, options = [], blocks }) {
  const uint16 = (/** @type {number} */ value) => ordered(value, 2, bigEndian)
  const uint32 = (/** @type {number} */ value) => ordered(value, 4, bigEndian)
  const uint64 = (/** @type {number} */ value) => ordered(value, 8, bigEndian)
  /** @type {Interface[]} */
  const interfaces = []

  const block = (/** @type {number} */ type, /** @type {Bytes[]} */ ...parts) => {
    const body = padded(concat(...parts))
    return concat(uint32(type), uint32(body.length + 12), body, uint32(body.length + 12))
  }
  const optionList = (/** @type {readonly Option[]} */ list) => {
    if (list.length === 0) return concat()
    const written = list.map(({ code, value }) => concat(uint16(code), uint16(value.length), padded(value)))
    return concat(...written, uint32(0))
  }
  const units = (/** @type {number} */ time, /** @type {number} */ id) => {
    const { resolution = { base: 10, exponent: 6 }, offset = 0 } = interfaces[id] ?? {}
    const perSecond = BigInt(resolution.base) ** BigInt(resolution.exponent)
    const total = ((BigInt(time) - BigInt(offset) * 1_000_000n) * perSecond) / 1_000_000n
    return [uint32(Number(total >> 32n)), uint32(Number(total & 0xffffffffn))]
  }
  const lengths = (/** @type {Uint8Array} */ bytes, /** @type {number | undefined} */ wireLength) => [
    uint32(bytes.length),
    uint32(wireLength ?? bytes.length),
  ]

  const write = (/** @type {Block} */ one) => {
    switch (one.kind) {
      case 'interface': {
        const { linkType, snapLength = 0, resolution, offset, options: own = [] } = one
        interfaces.push(one)
        const power = resolution && { code: 9, value: [resolution.exponent | (resolution.base === 2 ? 0x80 : 0)] }
        const shift = offset === undefined ? [] : [{ code: 14, value: uint64(offset) }]
        const all = [...own, ...(power ? [power] : []), ...shift]
        return block(1, uint16(linkType), [0, 0], uint32(snapLength), optionList(all))
      }
      case 'enhanced': {
        const { time, bytes, interface: id = 0, wireLength, options: own = [] } = one
        const head = [uint32(id), ...units(time, id), ...lengths(bytes, wireLength)]
        return block(6, ...head, padded(bytes), optionList(own))
      }
      case 'obsolete': {
        const { time, bytes, interface: id = 0, wireLength, options: own = [] } = one
        const head = [uint16(id), uint16(0xffff), ...units(time, id), ...lengths(bytes, wireLength)]
        return block(2, ...head, padded(bytes), optionList(own))
      }
      case 'simple':
        return block(3, uint32(one.wireLength ?? one.bytes.length), one.bytes)
      case 'names': {
        const record = concat(one.address, ascii(one.name), [0])
        return block(4, uint16(one.address.length === 4 ? 1 : 2), uint16(record.length), padded(record), uint32(0))
      }
      case 'statistics': {
        const id = one.interface ?? 0
        return block(5, uint32(id), ...units(one.time, id))
      }
      case 'other':
        return block(one.type, one.body)
    }
  }

  const body = concat(...blocks.map(write))
  // All ones, -1, says that the length is not known (section 4.1).
  const length = lengthUnknown ? Array(8).fill(255) : uint64(body.length)
  const header = [uint32(0x1a2b3c4d), uint16(1), uint16(0), length, optionList(options)]
  return concat(block(0x0a0d0d0a, ...header), body)
}

/** @param {Bytes} bytes */
function padded(bytes) {
  return concat(bytes, new Uint8Array(-bytes.length & 3))
}
