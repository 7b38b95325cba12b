import type { RecordResult } from '../../../model/reader.ts'
import { KeyTable } from './key-table.ts'
import type { FieldParser, RecordFields } from './record-fields.ts'

const SPACE = 0x20
const EQUALS = 0x3d
const BACKSLASH = 0x5c
const PIPE = 0x7c

const BAD: RecordResult = { bad: 'no_cef' }

/** The names of the header's fields, behind the version. */
const HEADER = ['deviceVendor', 'deviceProduct', 'deviceVersion', 'signatureId', 'name', 'severity']
/** How far into a message its header is looked for. */
const SEARCHED = 512
/** Pairs of one record that are remembered for their labels. */
const LABEL_LIMIT = 32
const LABEL = 'label:'

/**
 * ArcSight's Common Event Format: `CEF:0|vendor|product|version|id|name|severity|key=value …`. Values hold spaces and run
 * to the next key. A custom field (`cs1=… cs1Label=URL Category`) has also the name `label:URL Category`. The header's
 * fields are `deviceVendor deviceProduct deviceVersion signatureId name severity`.
 */
export class CefFields implements FieldParser {
  readonly #keys: KeyTable<number>
  readonly #header: readonly number[]
  readonly #labels: KeyTable<number> | undefined
  /** Key from, key to, value from, value to of the pairs that may have or be a label. */
  readonly #pairs = new Int32Array(4 * LABEL_LIMIT)
  #pairCount = 0

  constructor(wanted: readonly string[]) {
    this.#keys = new KeyTable(wanted.map((name, field) => [name, field] as const))
    this.#header = HEADER.map((name) => wanted.indexOf(name))
    const labels = wanted.flatMap((name, field) =>
      name.startsWith(LABEL) ? [[name.slice(LABEL.length), field] as const] : [],
    )
    this.#labels = labels.length > 0 ? new KeyTable(labels) : undefined
  }

  parse(bytes: Uint8Array, start: number, end: number, fields: RecordFields): RecordResult {
    if (start === end) return 'skip'
    let at = headerStart(bytes, start, end)
    if (at < 0) return BAD
    for (const field of this.#header) {
      const from = at
      let escaped = false
      while (at < end && bytes[at] !== PIPE) {
        if (bytes[at] === BACKSLASH) {
          escaped = true
          at++
        }
        at++
      }
      if (at >= end) return BAD
      if (field >= 0) setUnescaped(bytes, from, at, escaped, fields, field)
      at++
    }
    this.#pairCount = 0
    this.extension(bytes, at, end, fields)
    if (this.#labels !== undefined) this.#label(bytes, fields)
    return 'ok'
  }

  /** `key=value key=a value`: a value ends at the space before the next key. */
  extension(bytes: Uint8Array, start: number, end: number, fields: RecordFields): void {
    let keyFrom = -1
    let keyTo = -1
    let valueFrom = -1
    let escaped = false
    let word = start
    let isKey = true
    for (let at = start; at < end; at++) {
      const kind = BYTES[bytes[at]!]!
      if (kind === OF_KEY) continue
      if (kind === IS_SPACE) {
        word = at + 1
        isKey = true
        continue
      }
      if (kind === IS_EQUALS && isKey && at > word) {
        if (keyFrom >= 0) this.#pair(bytes, keyFrom, keyTo, valueFrom, word, escaped, fields)
        keyFrom = word
        keyTo = at
        valueFrom = at + 1
        escaped = false
      } else if (kind === IS_BACKSLASH) {
        escaped = true
        at++
      }
      isKey = false
    }
    if (keyFrom >= 0) this.#pair(bytes, keyFrom, keyTo, valueFrom, end, escaped, fields)
  }

  #pair(
    bytes: Uint8Array,
    keyFrom: number,
    keyTo: number,
    valueFrom: number,
    valueTo: number,
    escaped: boolean,
    fields: RecordFields,
  ): void {
    let to = valueTo
    while (to > valueFrom && bytes[to - 1] === SPACE) to--
    const field = this.#keys.find(bytes, keyFrom, keyTo)
    if (field !== undefined) setUnescaped(bytes, valueFrom, to, escaped, fields, field)
    if (this.#labels === undefined || this.#pairCount === LABEL_LIMIT || !mayHaveLabel(bytes[keyFrom]!)) return
    this.#pairs.set([keyFrom, keyTo, valueFrom, to], 4 * this.#pairCount++)
  }

  /** Finds the value of each wanted label: of the key that it is the label of. */
  #label(bytes: Uint8Array, fields: RecordFields): void {
    const pairs = this.#pairs
    for (let i = 0; i < this.#pairCount; i++) {
      const to = pairs[4 * i + 1]! - 5
      if (to <= pairs[4 * i]! || !isSame(bytes, to, LABEL_KEY, 0, 5)) continue
      const field = this.#labels!.find(bytes, pairs[4 * i + 2]!, pairs[4 * i + 3]!)
      if (field === undefined) continue
      const length = to - pairs[4 * i]!
      for (let k = 0; k < this.#pairCount; k++) {
        if (pairs[4 * k + 1]! - pairs[4 * k]! !== length) continue
        if (!isSame(bytes, pairs[4 * k]!, bytes, pairs[4 * i]!, length)) continue
        setUnescaped(bytes, pairs[4 * k + 2]!, pairs[4 * k + 3]!, true, fields, field)
      }
    }
  }
}

const LABEL_KEY = Buffer.from('Label')

const OTHER = 0
const OF_KEY = 1
const IS_SPACE = 2
const IS_EQUALS = 3
const IS_BACKSLASH = 4
/** What each byte is in an extension. */
const BYTES = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === SPACE) return IS_SPACE
  if (byte === EQUALS) return IS_EQUALS
  if (byte === BACKSLASH) return IS_BACKSLASH
  return isKeyByte(byte) ? OF_KEY : OTHER
})

/** `cs1` `cn1` `cfp1` `c6a1` `flexString1` `deviceCustomDate1` */
function mayHaveLabel(first: number): boolean {
  return first === 0x63 || first === 0x66 || first === 0x64
}

function isSame(a: Uint8Array, i: number, b: Uint8Array, j: number, length: number): boolean {
  for (let k = 0; k < length; k++) if (a[i + k] !== b[j + k]) return false
  return true
}

function isKeyByte(byte: number): boolean {
  const lower = byte | 0x20
  if ((lower >= 0x61 && lower <= 0x7a) || (byte >= 0x30 && byte <= 0x39)) return true
  return byte === 0x5f || byte === 0x2d || byte === 0x2e || byte === 0x5b || byte === 0x5d
}

/** Behind `CEF:0|`, or behind `0|` where a relay took `CEF` for a program's name; -1 without. */
function headerStart(bytes: Uint8Array, start: number, end: number): number {
  const last = Math.min(end - 2, start + SEARCHED)
  for (let at = start; at < last; at++) {
    const isBare = at === start && bytes[at]! >= 0x30 && bytes[at]! <= 0x39
    const isNamed = bytes[at] === 0x43 && bytes[at + 1] === 0x45 && bytes[at + 2] === 0x46 && bytes[at + 3] === 0x3a
    if (!isBare && !isNamed) continue
    let i = isNamed ? at + 4 : at
    while (i < end && bytes[i] === SPACE) i++
    const digits = i
    while (i < end && bytes[i]! >= 0x30 && bytes[i]! <= 0x39) i++
    // Revision 25 knows version 1 as well, and nothing else differs for us.
    if (i > digits && i - digits < 3 && i < end && bytes[i] === PIPE) return i + 1
  }
  return -1
}

/** `\=` `\|` `\\` stand for themselves, `\n` and `\r` for line ends; any other backslash for itself. */
export function setUnescaped(
  bytes: Uint8Array,
  start: number,
  end: number,
  escaped: boolean,
  fields: RecordFields,
  field: number,
): void {
  if (!escaped) {
    fields.set(field, start, end)
    return
  }
  const from = fields.decode(end - start)
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    const next = byte === BACKSLASH && i + 1 < end ? bytes[i + 1]! : 0
    if (next === EQUALS || next === PIPE || next === BACKSLASH) fields.put(next)
    else if (next === 0x6e) fields.put(0x0a)
    else if (next === 0x72) fields.put(0x0d)
    else {
      fields.put(byte)
      continue
    }
    i++
  }
  fields.setDecoded(field, from)
}
