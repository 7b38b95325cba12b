// @ts-check
/** QUIC packets that a client and a server exchange first (RFC 9000 §17), protected as on the wire (RFC 9001). */
import { createCipheriv, createHmac, hkdfSync } from 'node:crypto'
import { ascii, concat, filler, uint16, uint32 } from './bytes.js'

/** @import { Bytes } from './bytes.js' */

/**
 * @typedef QuicVersion
 * @property {number} number
 * @property {string} salt in hexadecimal
 * @property {string} [labels] what its key labels begin with; `quic` if left out
 * @property {number} [initialType] the packet type of an Initial; the other types follow it
 */

/** Versions of QUIC, each with the salt of its specification. */
export const quicVersions = /** @satisfies {Record<string, QuicVersion>} */ ({
  v1: { number: 1, salt: '38762cf7f55934b34d179ae6a4c80cadccbb7f0a' },
  v2: {
    number: 0x6b3343cf,
    salt: '0dede3def700a6db819381be6e269dcbf9bd2ed9',
    labels: 'quicv2',
    initialType: 1,
  },
  draft22: { number: 0xff000016, salt: '7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a' },
  draft27: { number: 0xff00001b, salt: 'c3eef712c72ebb5a11a7d2432bb46365bef9f502' },
  draft29: { number: 0xff00001d, salt: 'afbfec289993d24c9e9786f19c6111e04390a899' },
  q050: { number: 0x51303530, salt: '504574efd066fe2f9d945cfcdbd3a7f0d3b56b45' },
  t051: { number: 0x54303531, salt: '7a4edef4e7ccee5fa4506c19124fc8ccda6e033d' },
})

/** Frames (RFC 9000 §19) that stand alone. */
export const QUIC_PADDING = [0]
export const QUIC_PING = [1]

/** Packet types as version 1 numbers them. */
export const QUIC_INITIAL = 0
export const QUIC_ZERO_RTT = 1
export const QUIC_HANDSHAKE = 2
export const QUIC_RETRY = 3

/**
 * @typedef QuicInitial
 * @property {QuicVersion} [version] version 1 if left out
 * @property {number} [number] the version that the packet names, where it is not that of the keys
 * @property {Bytes} destination
 * @property {Bytes} [keysFrom] the destination of the client's first packet, where it is not that of this one
 * @property {Bytes} [source]
 * @property {Bytes} [token]
 * @property {number} [packetNumber]
 * @property {number} [numberLength] in bytes
 * @property {boolean} [fromServer]
 * @property {boolean} [fixedBit] set if left out (RFC 9287)
 * @property {number} [size] of the packet: PADDING fills it; as it comes if left out
 */

/**
 * A protected Initial packet with these frames.
 * @param {QuicInitial} options
 * @param {readonly Bytes[]} frames
 */
export function quicInitial(options, ...frames) {
  const { destination, keysFrom = destination, source = [], token = [] } = options
  /** @type {QuicVersion} */
  const version = options.version ?? quicVersions.v1
  const {
    packetNumber = 0,
    numberLength = 1,
    fromServer = false,
    fixedBit = true,
    size = 0,
    number = version.number,
  } = options
  const type = ((fixedBit ? 0xc0 : 0x80) | ((version.initialType ?? 0) << 4)) + numberLength - 1
  const ids = concat(uint32(number), [destination.length], destination, [source.length], source)
  const start = concat([type], ids, variable(token.length), token)
  const packetNumberBytes = uint32(packetNumber).slice(4 - numberLength)
  const frameBytes = concat(...frames)
  const overhead = start.length + 2 + numberLength + 16
  // The sample for the header's mask needs four bytes of number and payload and sixteen more (RFC 9001 §5.4.2).
  const plain = concat(
    frameBytes,
    new Uint8Array(Math.max(0, size - overhead - frameBytes.length, 4 - frameBytes.length)),
  )
  const header = concat(start, uint16(0x4000 | (numberLength + plain.length + 16)), packetNumberBytes)
  return protect(header, numberLength, plain, initialKeys(version, keysFrom, fromServer))
}

/**
 * A packet of another type, whose payload only stands for what is encrypted.
 * @param {number} type `QUIC_ZERO_RTT` or `QUIC_HANDSHAKE`
 * @param {{ readonly version?: QuicVersion, readonly destination: Bytes, readonly source?: Bytes }} options
 * @param {Bytes} payload
 */
export function quicLongPacket(type, options, payload) {
  const { destination, source = [] } = options
  /** @type {QuicVersion} */
  const version = options.version ?? quicVersions.v1
  const first = 0xc0 | (((type + (version.initialType ?? 0)) & 3) << 4)
  const ids = concat(uint32(version.number), [destination.length], destination, [source.length], source)
  return concat([first], ids, type === QUIC_RETRY ? [] : uint16(0x4000 | payload.length), payload)
}

/**
 * A server's offer of versions (RFC 8999 §6).
 * @param {{ readonly destination?: Bytes, readonly source: Bytes, readonly versions: readonly number[] }} options
 */
export function quicVersionNegotiation({ destination = [], source, versions }) {
  const ids = concat([destination.length], destination, [source.length], source)
  return concat([0xca, 0, 0, 0, 0], ids, ...versions.map(uint32))
}

/**
 * `stream[from…to)` in a CRYPTO frame.
 * @param {Uint8Array} stream
 * @param {number} [from]
 * @param {number} [to]
 * @param {number} [type] another than the RFC's in Google's own versions
 */
export function quicCrypto(stream, from = 0, to = stream.length, type = 6) {
  return concat([type], variable(from), variable(to - from), stream.subarray(from, to))
}

/**
 * An ACK frame of these ranges, each with how many numbers it leaves out before and how many it holds besides one.
 * @param {{ readonly largest: number, readonly first?: number, readonly ranges?: readonly (readonly [number,
 * number])[], readonly ecn?: boolean }} fields
 */
export function quicAck({ largest, first = 0, ranges = [], ecn = false }) {
  const counts = ecn ? [3, 0, 1] : []
  const numbers = [largest, 25, ranges.length, first, ...ranges.flat(), ...counts]
  return concat([ecn ? 3 : 2], ...numbers.map(variable))
}

/** CONNECTION_CLOSE with INTERNAL_ERROR and no reason. */
export const QUIC_CONNECTION_CLOSE = [0x1c, 1, 0, 0]

/**
 * Google's CHLO before IETF QUIC: tags with their values.
 * @param {Readonly<Record<string, Bytes>>} tags names of four characters at most
 */
export function googleHello(tags) {
  const entries = Object.entries(tags)
  let end = 0
  const index = entries.map(([tag, value]) => {
    end += value.length
    return concat(ascii(tag.padEnd(4, '\0')), uint32(end).reverse())
  })
  return concat(ascii('CHLO'), uint16(entries.length).reverse(), [0, 0], ...index, ...entries.map(([, value]) => value))
}

/**
 * A packet of a version from Q024 to Q046 that carries `hello` in clear as the first of its stream.
 * @param {string} version such as `Q043`
 * @param {Uint8Array} hello
 * @param {Bytes} [id] eight bytes
 */
export function googlePacket(version, hello, id = filler(8, 7)) {
  const length = uint16(hello.length)
  const frame = concat([0xa0, 1], version < 'Q039' ? length.reverse() : length, hello)
  const start =
    version === 'Q046' ? concat([0xc3], ascii(version), [0x50], id, [0, 0, 0, 1]) : concat([9], id, ascii(version), [1])
  return concat(start, filler(12, 8), version < 'Q034' ? [0] : [], frame)
}

/**
 * A variable-length integer (RFC 9000 §16) of two bytes, or of four where it must; of one where it can.
 * @param {number} value below 2^30
 */
function variable(value) {
  if (value < 64) return [value]
  return value < 0x4000 ? uint16(0x4000 | value) : uint32(0x80000000 | value)
}

/**
 * RFC 9001 §5.2
 * @param {QuicVersion} version
 * @param {Bytes} destination
 * @param {boolean} fromServer
 */
function initialKeys({ salt, labels = 'quic' }, destination, fromServer) {
  const info = label(fromServer ? 'server in' : 'client in', 32)
  const secret = hkdfSync('sha256', concat(destination), Buffer.from(salt, 'hex'), info, 32)
  const expand = (/** @type {string} */ name, /** @type {number} */ length) =>
    createHmac('sha256', Buffer.from(secret))
      .update(concat(label(`${labels} ${name}`, length), [1]))
      .digest()
      .subarray(0, length)
  return { key: expand('key', 16), iv: expand('iv', 12), headerKey: expand('hp', 16) }
}

/**
 * HkdfLabel (RFC 8446 §7.1) without context.
 * @param {string} name
 * @param {number} length
 */
function label(name, length) {
  const full = ascii(`tls13 ${name}`)
  return concat(uint16(length), [full.length], full, [0])
}

/**
 * RFC 9001 §5.3 and §5.4
 * @param {Uint8Array} header with the packet number at its end
 * @param {number} numberLength
 * @param {Uint8Array} plain
 * @param {{ readonly key: Uint8Array, readonly iv: Uint8Array, readonly headerKey: Uint8Array }} keys
 */
function protect(header, numberLength, plain, { key, iv, headerKey }) {
  const numberAt = header.length - numberLength
  const number = header.subarray(numberAt)
  const padded = concat(new Uint8Array(12 - numberLength), number)
  const nonce = Uint8Array.from(iv, (byte, i) => byte ^ Number(padded[i]))
  const cipher = createCipheriv('aes-128-gcm', key, nonce).setAAD(header)
  const packet = concat(header, cipher.update(plain), cipher.final(), cipher.getAuthTag())
  const sample = packet.subarray(numberAt + 4, numberAt + 20)
  const mask = createCipheriv('aes-128-ecb', headerKey, null).update(sample)
  packet[0] = Number(header[0]) ^ (mask.readUInt8(0) & 0x0f)
  packet.set(
    number.map((byte, i) => byte ^ mask.readUInt8(1 + i)),
    numberAt,
  )
  return packet
}
