import { latin1 } from '../../../base/bytes.ts'
import { percentDecoded } from '../authority.ts'
import type { RecordFields } from '../fields/record-fields.ts'
import { Interned } from '../interned.ts'
import type { Source, Sources } from './mapping.ts'

/** Gives each field that is asked for an index: the list of wanted names. */
export class Wanted {
  readonly names: string[] = []

  index(name: string): number {
    const known = this.names.indexOf(name)
    return known >= 0 ? known : this.names.push(name) - 1
  }
}

/** A `Source`, by the index of its field. */
export interface CompiledSource {
  /** -1 for what is the same in every record: `constant`. */
  readonly field: number
  readonly constant: Uint8Array
  readonly after: Uint8Array
  readonly before: Uint8Array
  readonly afterLast: Uint8Array
  readonly beforeLast: Uint8Array
  readonly isPercentEncoded: boolean
}

const SPACE = 0x20
const NONE = new Uint8Array(0)
const WHOLE = {
  constant: NONE,
  after: NONE,
  before: NONE,
  afterLast: NONE,
  beforeLast: NONE,
  isPercentEncoded: false,
}

export function compileSources(sources: Sources | undefined, wanted: Wanted): readonly CompiledSource[] {
  if (sources === undefined) return []
  const list = (Array.isArray(sources) ? sources : [sources]) as readonly Source[]
  return list.map((source) => {
    if (typeof source === 'string') return { ...WHOLE, field: wanted.index(source) }
    if ('value' in source) return { ...WHOLE, field: -1, constant: bytesOf(source.value) }
    return {
      ...WHOLE,
      field: wanted.index(source.from),
      after: bytesOf(source.after),
      before: bytesOf(source.before),
      afterLast: bytesOf(source.afterLast),
      beforeLast: bytesOf(source.beforeLast),
      isPercentEncoded: source.decode === 'percent',
    }
  })
}

function bytesOf(text = ''): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'utf8'))
}

/** Where a value was found: `bytes[start…end)`, never empty. */
export class Found {
  bytes: Uint8Array = NONE
  start = 0
  end = 0
  #isPercentEncoded = false
  readonly #texts = new Interned(utf8)
  readonly #decoded = new Interned(percentDecoded)

  /** Finds the first of the sources that has a value. */
  find(sources: readonly CompiledSource[], fields: RecordFields): boolean {
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i]!
      const { field } = source
      if (field < 0) {
        this.bytes = source.constant
        this.start = 0
        this.end = source.constant.length
      } else {
        this.bytes = fields.bytes
        this.start = fields.starts[field]!
        this.end = fields.ends[field]!
      }
      if (this.start >= this.end) continue
      if (!this.#beginBehind(source.after, false)) continue
      this.#endBefore(source.before, false)
      if (!this.#beginBehind(source.afterLast, true)) continue
      this.#endBefore(source.beforeLast, true)
      while (this.start < this.end && this.bytes[this.start] === SPACE) this.start++
      this.#isPercentEncoded = source.isPercentEncoded
      if (this.start < this.end) return true
    }
    return false
  }

  /** The value as text; '' where no source has one. */
  text(sources: readonly CompiledSource[], fields: RecordFields): string {
    if (sources.length === 0 || !this.find(sources, fields)) return ''
    const texts = this.#isPercentEncoded ? this.#decoded : this.#texts
    return texts.get(this.bytes, this.start, this.end)
  }

  /** Leaves only what stands behind the first or last of a text, if one is given; false where it is not there. */
  #beginBehind(text: Uint8Array, isLast: boolean): boolean {
    if (text.length === 0) return true
    const at = isLast ? this.#lastIndexOf(text) : this.#indexOf(text)
    if (at < 0) return false
    this.start = at + text.length
    return true
  }

  /** Leaves only what stands before the first or last of a text, if one is given; all where it is not there. */
  #endBefore(text: Uint8Array, isLast: boolean): void {
    if (text.length === 0) return
    const at = isLast ? this.#lastIndexOf(text) : this.#indexOf(text)
    if (at >= 0) this.end = at
  }

  #indexOf(text: Uint8Array): number {
    const last = this.end - text.length
    for (let at = this.start; at <= last; at++) if (this.#isAt(at, text)) return at
    return -1
  }

  #lastIndexOf(text: Uint8Array): number {
    for (let at = this.end - text.length; at >= this.start; at--) if (this.#isAt(at, text)) return at
    return -1
  }

  #isAt(at: number, text: Uint8Array): boolean {
    let i = 0
    while (i < text.length && this.bytes[at + i] === text[i]) i++
    return i === text.length
  }
}

/** Text that is kept of one value: longer ones are cut. */
const TEXT_LIMIT = 1024

function utf8(bytes: Uint8Array, start: number, end: number): string {
  const to = Math.min(end, start + TEXT_LIMIT)
  let i = start
  while (i < to && bytes[i]! < 0x80) i++
  return i === to ? latin1(bytes, start, to) : Buffer.prototype.utf8Slice.call(bytes, start, to)
}
