import { NAME_LIMIT, nameFromBytes, nameFromText } from '../base/name.ts'
import { ANSWER_ALIAS_LIMIT } from '../model/observation.ts'
import { DER_INTEGER, DER_OBJECT_IDENTIFIER, DER_OCTET_STRING, DER_SEQUENCE, DER_SET, DerElement } from './der.ts'

/** TBSCertificate's tagged fields (RFC 5280 §4.1). */
const VERSION = 0xa0
const EXTENSIONS = 0xa3
/** GeneralName's dNSName (RFC 5280 §4.2.1.6). */
const DNS_NAME = 0x82

/** Types of attributes and of an extension (RFC 5280 appendix A). */
const COMMON_NAME = Uint8Array.of(0x55, 4, 3)
const ORGANIZATION_NAME = Uint8Array.of(0x55, 4, 10)
const SUBJECT_ALTERNATIVE_NAME = Uint8Array.of(0x55, 29, 17)

/** Names of issuers have 64 characters at most (RFC 5280 appendix A.1). */
const TEXT_LIMIT = 256

/** Reads whom an X.509 certificate is for, and who issued it. One object is used again and again. */
export class Certificate {
  /** The subject's common name where it is that of a host, else the first dNSName; '' where there is neither. */
  name = ''
  /** The other dNSNames, up to a limit. */
  aliases: string[] = []
  /** The issuer's common name, else its organization; '' where it has neither. */
  issuer = ''
  #bytes: Uint8Array = new Uint8Array(0)
  readonly #field = new DerElement()
  readonly #part = new DerElement()
  readonly #attribute = new DerElement()
  readonly #type = new DerElement()
  readonly #value = new DerElement()

  /** Reads `bytes[start…end)`. False where it is none, or not all of it is there: what was read before that stands. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes = bytes
    this.name = ''
    this.aliases = []
    this.issuer = ''
    const field = this.#field
    if (!field.readAs(DER_SEQUENCE, bytes, start, end)) return false
    const { whole } = field
    if (!field.readAs(DER_SEQUENCE, bytes, field.start, field.end)) return false
    return this.#readFields(field.start, field.end) && whole
  }

  /** TBSCertificate: version, serial number, signature, issuer, validity, subject, key and what may follow. */
  #readFields(start: number, end: number): boolean {
    const bytes = this.#bytes
    const field = this.#field
    if (!field.read(bytes, start, end)) return false
    const serial = field.identifier === VERSION ? field.end : start
    if (!field.readAs(DER_INTEGER, bytes, serial, end)) return false
    if (!field.readAs(DER_SEQUENCE, bytes, field.end, end)) return false
    if (!field.readAs(DER_SEQUENCE, bytes, field.end, end) || !field.whole) return false
    this.issuer = this.#lastOf(COMMON_NAME) || this.#lastOf(ORGANIZATION_NAME)
    if (!field.readAs(DER_SEQUENCE, bytes, field.end, end)) return false
    if (!field.readAs(DER_SEQUENCE, bytes, field.end, end) || !field.whole) return false
    const subject = this.#lastOf(COMMON_NAME)
    if (isHostName(subject)) this.name = nameFromText(subject)
    if (!field.readAs(DER_SEQUENCE, bytes, field.end, end)) return false
    while (field.whole && field.end < end) {
      if (!field.read(bytes, field.end, end)) return false
      if (field.identifier === EXTENSIONS) return this.#readExtensions()
    }
    return field.whole
  }

  /** The last, and so the nearest, of a name's attributes of a type: the name is in `#field`. '' without. */
  #lastOf(type: Uint8Array): string {
    const bytes = this.#bytes
    let text = ''
    for (let at = this.#field.start; this.#part.readAs(DER_SET, bytes, at, this.#field.end); at = this.#part.end) {
      for (let inside = this.#part.start; inside < this.#part.end; inside = this.#attribute.end) {
        if (!this.#attribute.readAs(DER_SEQUENCE, bytes, inside, this.#part.end)) return text
        const { start, end } = this.#attribute
        if (!this.#type.readAs(DER_OBJECT_IDENTIFIER, bytes, start, end)) return text
        if (!this.#type.holds(bytes, type) || !this.#value.read(bytes, this.#type.end, end)) continue
        if (this.#value.whole) text = this.#value.text(bytes, TEXT_LIMIT)
      }
    }
    return text
  }

  /** The extensions in `#field`, up to the one that holds names. */
  #readExtensions(): boolean {
    const bytes = this.#bytes
    const list = this.#field
    if (!list.readAs(DER_SEQUENCE, bytes, list.start, list.end)) return false
    const extension = this.#part
    for (let at = list.start; at < list.end; at = extension.end) {
      if (!extension.readAs(DER_SEQUENCE, bytes, at, list.end)) return false
      const value = this.#value
      if (!value.readAs(DER_OBJECT_IDENTIFIER, bytes, extension.start, extension.end)) return false
      if (!value.holds(bytes, SUBJECT_ALTERNATIVE_NAME)) continue
      // Whether it is critical stands before its value, or nothing does.
      if (!value.read(bytes, value.end, extension.end)) return false
      if (value.identifier !== DER_OCTET_STRING && !value.readAs(DER_OCTET_STRING, bytes, value.end, extension.end)) {
        return false
      }
      return value.readAs(DER_SEQUENCE, bytes, value.start, value.end) && this.#readNames(value.start, value.end)
    }
    return list.whole
  }

  /** GeneralNames: of hosts, addresses, persons and others. */
  #readNames(start: number, end: number): boolean {
    const bytes = this.#bytes
    const one = this.#value
    for (let at = start; at < end; at = one.end) {
      if (!one.read(bytes, at, end) || !one.whole) return false
      if (one.identifier !== DNS_NAME || one.end === one.start || one.end - one.start > NAME_LIMIT) continue
      // Of the hundreds that some have, those beyond the limit make no text.
      if (this.name !== '' && this.aliases.length === ANSWER_ALIAS_LIMIT) continue
      const name = nameFromBytes(bytes, one.start, one.end)
      if (this.name === '') this.name = name
      else if (name !== this.name) this.aliases.push(name)
    }
    return true
  }
}

const IS_HOST_CHARACTER = new Uint8Array(128)
for (const byte of Buffer.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.')) {
  IS_HOST_CHARACTER[byte] = 1
}

/** Whether a text is the name of a host or of all in a domain: labels with dots between them, the last no number. */
function isHostName(text: string): boolean {
  const start = text.startsWith('*.') ? 2 : 0
  if (text.length > NAME_LIMIT) return false
  for (let i = start; i < text.length; i++) if (IS_HOST_CHARACTER[text.charCodeAt(i)] !== 1) return false
  const dot = text.lastIndexOf('.')
  return dot > start && dot < text.length - 1 && Number.isNaN(Number(text.slice(dot + 1)))
}
