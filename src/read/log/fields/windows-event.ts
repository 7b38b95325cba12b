import type { RecordResult } from '../../../model/reader.ts'
import { KeyTable } from './key-table.ts'
import { type FieldParser, LIST_SEPARATOR, type RecordFields } from './record-fields.ts'

const SPACE = 0x20
const QUOTE = 0x22
const HASH = 0x23
const AMPERSAND = 0x26
const APOSTROPHE = 0x27
const SLASH = 0x2f
const SEMICOLON = 0x3b
const LESS_THAN = 0x3c
const EQUALS = 0x3d
const MORE_THAN = 0x3e
const QUESTION = 0x3f
const EXCLAMATION = 0x21

const BAD: RecordResult = { bad: 'bad_xml' }
const DATA = Buffer.from('Data')
const NAME = Buffer.from('Name')
const OPENING = Buffer.from('<Event')
const CLOSING = Buffer.from('</Event>')

/** An entity is no longer than this. */
const ENTITY_LIMIT = 10
const ENTITIES: Readonly<Record<string, number>> = { lt: 0x3c, gt: 0x3e, amp: 0x26, quot: 0x22, apos: 0x27 }

/**
 * An event of Windows as XML (https://learn.microsoft.com/windows/win32/wes/eventschema-schema), behind whatever stands
 * before it. Wanted are elements by their name (`Computer`), their attributes (`Provider.Name`), and the event's data by
 * its own (`<Data Name="Image">` is `Image`). The first of equal names counts; texts of several lines are left out.
 */
export class WindowsEventFields implements FieldParser {
  readonly #texts: KeyTable<number>
  readonly #attributes: KeyTable<KeyTable<number>>
  #bytes: Uint8Array = new Uint8Array(0)
  #end = 0
  #fields!: RecordFields
  /** The text that follows belongs to this field; -1 for none. */
  #field = -1

  constructor(wanted: readonly string[]) {
    const names = wanted.map((name, field) => [name, field] as const)
    this.#texts = new KeyTable(names.filter(([name]) => !name.includes('.')))
    const byElement = new Map<string, (readonly [string, number])[]>()
    for (const [name, field] of names) {
      const dot = name.indexOf('.')
      if (dot < 0) continue
      const element = name.slice(0, dot)
      byElement.set(element, [...(byElement.get(element) ?? []), [name.slice(dot + 1), field]])
    }
    this.#attributes = new KeyTable([...byElement].map(([element, list]) => [element, new KeyTable(list)] as const))
  }

  parse(bytes: Uint8Array, start: number, end: number, fields: RecordFields): RecordResult {
    const first = Buffer.prototype.indexOf.call(bytes, OPENING, start)
    if (first < 0 || first >= end) return 'skip'
    const close = Buffer.prototype.indexOf.call(bytes, CLOSING, first)
    if (close < 0 || close + CLOSING.length > end) return BAD
    this.#bytes = bytes
    this.#end = close
    this.#fields = fields
    this.#field = -1
    let at = first
    while (at < close) {
      const next = this.#indexOf(LESS_THAN, at)
      if (this.#field >= 0) this.#set(this.#field, at, next)
      this.#field = -1
      if (next >= close) break
      at = this.#tag(next + 1)
    }
    return 'ok'
  }

  /** Reads a tag behind its `<`; gives the place behind its `>`. */
  #tag(start: number): number {
    const bytes = this.#bytes
    const first = bytes[start]
    if (first === SLASH || first === QUESTION || first === EXCLAMATION) return this.#indexOf(MORE_THAN, start) + 1
    let at = start
    while (at < this.#end && bytes[at]! > SPACE && bytes[at] !== SLASH && bytes[at] !== MORE_THAN) at++
    const isData = isText(bytes, start, at, DATA)
    const attributes = this.#attributes.find(bytes, start, at)
    if (!isData) this.#field = this.#texts.find(bytes, start, at) ?? -1
    while (at < this.#end && bytes[at] !== MORE_THAN) {
      if (bytes[at] === SLASH) this.#field = -1
      at = bytes[at]! <= SPACE || bytes[at] === SLASH ? at + 1 : this.#attribute(at, attributes, isData)
    }
    return at + 1
  }

  #attribute(start: number, attributes: KeyTable<number> | undefined, isData: boolean): number {
    const bytes = this.#bytes
    let at = start
    while (at < this.#end && bytes[at] !== EQUALS && bytes[at] !== MORE_THAN) at++
    const quote = bytes[at + 1]!
    if (bytes[at] !== EQUALS || (quote !== QUOTE && quote !== APOSTROPHE)) return Math.max(at, start + 1)
    const from = at + 2
    const to = this.#indexOf(quote, from)
    if (isData && isText(bytes, start, at, NAME)) this.#field = this.#texts.find(bytes, from, to) ?? -1
    const field = attributes?.find(bytes, start, at) ?? -1
    if (field >= 0) this.#set(field, from, to)
    return to + 1
  }

  /** The end of the event where there is no such byte. */
  #indexOf(byte: number, from: number): number {
    let at = from
    while (at < this.#end && this.#bytes[at] !== byte) at++
    return at
  }

  #set(field: number, start: number, end: number): void {
    const fields = this.#fields
    if (end <= start || fields.isSet(field)) return
    const bytes = this.#bytes
    let isEncoded = false
    for (let at = start; at < end; at++) {
      if (bytes[at] === LIST_SEPARATOR) return
      if (bytes[at] === AMPERSAND) isEncoded = true
    }
    if (!isEncoded) {
      fields.set(field, start, end)
      return
    }
    const from = fields.decode(end - start)
    for (let i = start; i < end; i++) {
      const length = bytes[i] === AMPERSAND ? entityLength(bytes, i, end) : 0
      const code = length > 0 ? entityCode(bytes, i + 1, i + length - 1) : -1
      if (code < 0 || code === LIST_SEPARATOR) fields.put(bytes[i]!)
      else {
        for (const byte of Buffer.from(String.fromCodePoint(code), 'utf8')) fields.put(byte)
        i += length - 1
      }
    }
    fields.setDecoded(field, from)
  }
}

function isText(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false
  let i = 0
  while (i < text.length && bytes[start + i] === text[i]) i++
  return i === text.length
}

/** From `&` to `;`; 0 where there is none near. */
function entityLength(bytes: Uint8Array, start: number, end: number): number {
  const last = Math.min(end, start + ENTITY_LIMIT)
  for (let at = start + 1; at < last; at++) if (bytes[at] === SEMICOLON) return at + 1 - start
  return 0
}

/** The character that an entity stands for (XML 1.0 §4.1, §4.6); -1 where it stands for none. */
function entityCode(bytes: Uint8Array, start: number, end: number): number {
  const text = Buffer.from(bytes.subarray(start, end)).toString('latin1')
  if (bytes[start] !== HASH) return ENTITIES[text] ?? -1
  const code = /^#x[0-9a-f]+$/i.test(text)
    ? Number.parseInt(text.slice(2), 16)
    : /^#\d+$/.test(text)
      ? Number(text.slice(1))
      : -1
  return code > 0 && code < 0x110000 ? code : -1
}
