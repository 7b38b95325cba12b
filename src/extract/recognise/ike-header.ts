import { uint16, uint32 } from '../../base/bytes.ts'

export const IKE_1 = 0x10
export const IKE_2 = 0x20
const HEADER_LENGTH = 28
/** Stands before IKE where ESP goes between the same ports (RFC 3948 §2.2). */
const NON_ESP_MARKER = 0

/** https://www.iana.org/assignments/ikev2-parameters: exchanges, payloads, flags. */
const SA_INIT = 34
const SESSION_RESUME = 38
const LAST_EXCHANGE = 44
const FIRST_PAYLOAD = 33
const LAST_PAYLOAD = 54
const ENCRYPTED = 46
const ENCRYPTED_FRAGMENT = 53
const FLAGS_2 = 0x38

/** https://www.iana.org/assignments/isakmp-registry: exchanges, payloads, flags. */
const INFORMATIONAL = 5
const TRANSACTION = 6
const QUICK_MODE = 32
const NEW_GROUP_MODE = 33
const LAST_PAYLOAD_1 = 21
const FIRST_PRIVATE_PAYLOAD = 128
const FLAGS_1 = 0x07
const FLAG_ENCRYPTED = 0x01

/**
 * Where the header of an IKE message stands that fills `bytes[start…end)`, behind the marker that sets it apart from
 * ESP if there is one; -1 where it is none. With `cut`, more followed than is there.
 *
 *     initiator's SPI 8 | responder's SPI 8 | next payload | version | exchange | flags | message id 4 | length 4
 */
export function ikeHeader(bytes: Uint8Array, start: number, end: number, cut: boolean): number {
  if (end - start < HEADER_LENGTH) return -1
  const at = uint32(bytes, start) === NON_ESP_MARKER ? start + 4 : start
  if (end - at < HEADER_LENGTH || uint32(bytes, at) === 0) return -1
  const length = uint32(bytes, at + 24)
  if (cut ? length < end - at : length !== end - at) return -1
  if (bytes[at + 17] === IKE_2) return isVersion2(bytes, at) ? at : -1
  return bytes[at + 17] === IKE_1 && isVersion1(bytes, at) ? at : -1
}

/** Whether the responder has given itself an SPI yet; `at` is where the header stands. */
export function isAnswered(bytes: Uint8Array, at: number): boolean {
  return uint32(bytes, at + 8) !== 0 || uint32(bytes, at + 12) !== 0
}

/**
 * Whether the payloads behind the header at `at` are a chain that ends with the message (RFC 7296 §3.2, RFC 2408 §3.2),
 * as far as they are not encrypted.
 */
export function isPayloadChain(bytes: Uint8Array, at: number, end: number, cut: boolean): boolean {
  let type = bytes[at + 16]!
  let next = at + HEADER_LENGTH
  if (bytes[at + 17] === IKE_1 && (bytes[at + 19]! & FLAG_ENCRYPTED) !== 0) return cut || (end - next) % 8 === 0
  while (type !== 0) {
    if (end - next < 4) return cut
    const length = uint16(bytes, next + 2)
    // Reserved but for the first bit, which says whether it is critical.
    if (length < 4 || (bytes[next + 1]! & 0x7f) !== 0) return false
    // Its next payload is the first of those within it.
    const last = bytes[at + 17] === IKE_2 && (type === ENCRYPTED || type === ENCRYPTED_FRAGMENT)
    type = last ? 0 : bytes[next]!
    next += length
  }
  return cut ? next >= end : next === end
}

function isVersion2(bytes: Uint8Array, at: number): boolean {
  const payload = bytes[at + 16]!
  const exchange = bytes[at + 18]!
  if (payload < FIRST_PAYLOAD || payload > LAST_PAYLOAD) return false
  if (exchange < SA_INIT || exchange > LAST_EXCHANGE || (bytes[at + 19]! & ~FLAGS_2) !== 0) return false
  if (exchange === SA_INIT || exchange === SESSION_RESUME) return uint32(bytes, at + 20) === 0
  return isAnswered(bytes, at)
}

function isVersion1(bytes: Uint8Array, at: number): boolean {
  const payload = bytes[at + 16]!
  const exchange = bytes[at + 18]!
  if (payload === 0 || (payload > LAST_PAYLOAD_1 && payload < FIRST_PRIVATE_PAYLOAD)) return false
  if ((bytes[at + 19]! & ~FLAGS_1) !== 0) return false
  if (exchange >= 1 && exchange <= INFORMATIONAL) return true
  return (exchange === TRANSACTION || exchange === QUICK_MODE || exchange === NEW_GROUP_MODE) && isAnswered(bytes, at)
}
