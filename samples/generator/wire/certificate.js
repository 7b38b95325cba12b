// @ts-check
/** X.509 certificates (RFC 5280 §4.1) in DER; key and signature stand for any. */
import { ascii, concat, filler, uint16 } from './bytes.js'

/** @import { Bytes } from './bytes.js' */

/** Kinds of text that a name may be written in (RFC 5280 §4.1.2.4), by their identifiers. */
export const UTF8_STRING = 0x0c
export const PRINTABLE_STRING = 0x13
export const TELETEX_STRING = 0x14
export const BMP_STRING = 0x1e

const SEQUENCE = 0x30
const SET = 0x31
const ATTRIBUTE_TYPES = { C: 6, O: 10, OU: 11, CN: 3 }
const ED25519 = element(SEQUENCE, element(0x06, [0x2b, 0x65, 0x70]))

/**
 * @typedef Attribute
 * @property {keyof typeof ATTRIBUTE_TYPES} type
 * @property {string} value
 * @property {number} [kind] `UTF8_STRING` if left out
 */

/**
 * @typedef Certificate
 * @property {readonly Attribute[]} [subject] from the widest to the nearest
 * @property {readonly Attribute[]} [issuer]
 * @property {readonly string[]} [dnsNames] no subjectAltName if left out
 * @property {boolean} [critical] of the subjectAltName
 * @property {number} [padding] bytes of an extension that nobody knows, before the names
 * @property {number} [seed] of serial number, key and signature
 */

/**
 * A certificate of version 3.
 * @param {Certificate} [options]
 */
export function certificate({ subject = [], issuer = [], dnsNames, critical = false, padding, seed = 1 } = {}) {
  const extensions = []
  // A type of nobody's: 1.3.6.1.4.1.
  if (padding !== undefined) extensions.push(extension([0x2b, 6, 1, 4, 1, 1], filler(padding, seed + 3)))
  if (dnsNames !== undefined) {
    const names = dnsNames.map((name) => element(0x82, ascii(name)))
    // An address and a mailbox stand among them.
    const others = [element(0x87, [192, 0, 2, 1]), element(0x81, ascii('someone@palaver.example'))]
    extensions.push(extension([0x55, 29, 17], element(SEQUENCE, ...others, ...names), critical))
  }
  const signed = element(
    SEQUENCE,
    element(0xa0, element(0x02, [2])),
    element(0x02, [1, ...filler(8, seed)]),
    ED25519,
    distinguishedName(issuer),
    element(SEQUENCE, element(0x17, ascii('260101000000Z')), element(0x17, ascii('270101000000Z'))),
    distinguishedName(subject),
    element(SEQUENCE, ED25519, element(0x03, [0], filler(32, seed + 1))),
    ...(extensions.length === 0 ? [] : [element(0xa3, element(SEQUENCE, ...extensions))]),
  )
  return element(SEQUENCE, signed, ED25519, element(0x03, [0], filler(64, seed + 2)))
}

/**
 * One element of DER (ITU-T X.690 §8.1): its identifier, its length in as few bytes as can be, its content.
 * @param {number} identifier
 * @param {readonly Bytes[]} content
 */
export function element(identifier, ...content) {
  const all = concat(...content)
  const { length } = all
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, ...uint16(length)]
  return concat([identifier], size, all)
}

/**
 * @param {Bytes} type
 * @param {Bytes} value
 * @param {boolean} [critical]
 */
function extension(type, value, critical = false) {
  return element(SEQUENCE, element(0x06, type), critical ? element(0x01, [0xff]) : [], element(0x04, value))
}

/** @param {readonly Attribute[]} attributes */
function distinguishedName(attributes) {
  return element(
    SEQUENCE,
    ...attributes.map(({ type, value, kind = UTF8_STRING }) => {
      const text = element(kind, inKind(value, kind))
      return element(SET, element(SEQUENCE, element(0x06, [0x55, 4, ATTRIBUTE_TYPES[type]]), text))
    }),
  )
}

/**
 * @param {string} text
 * @param {number} kind
 */
function inKind(text, kind) {
  if (kind === UTF8_STRING) return new TextEncoder().encode(text)
  if (kind !== BMP_STRING) return ascii(text)
  return concat(...Array.from({ length: text.length }, (_, i) => uint16(text.charCodeAt(i))))
}
