import type { ZeekFields } from './zeek-fields.ts'

/** An element that holds a newline is left out, so none can pass for two. */
const LIST_SEPARATOR = '\n'

/** One line of a Zeek log written with `LogAscii::use_json=T`, or by a shipper that nested `id`. */
export class ZeekJson {
  readonly #wanted: readonly string[]
  #scratch: Buffer = Buffer.alloc(0)
  #record: object = {}

  constructor(wanted: readonly string[]) {
    this.#wanted = wanted
  }

  /** False where the line is not one JSON object. */
  parse(bytes: Uint8Array, start: number, end: number): boolean {
    try {
      const value: unknown = JSON.parse(Buffer.prototype.utf8Slice.call(bytes, start, end))
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
      this.#record = value
      return true
    } catch {
      return false
    }
  }

  /** `_path`, which some writers add; '' without. */
  get path(): string {
    const path = own(this.#record, '_path')
    return typeof path === 'string' ? path : ''
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#record, name)
  }

  /** Fills `fields` with the record's values as text. */
  fill(fields: ZeekFields): void {
    const texts = this.#wanted.map((name) => fieldText(this.#record, name))
    const total = texts.reduce((sum, text) => sum + 3 * text.length, 0)
    if (total > this.#scratch.length) this.#scratch = Buffer.alloc(total)
    fields.bytes = this.#scratch
    fields.listSeparator = LIST_SEPARATOR.charCodeAt(0)
    let at = 0
    for (const [field, text] of texts.entries()) {
      fields.starts[field] = at
      at += this.#scratch.write(text, at)
      fields.ends[field] = at
    }
  }
}

/** Never what an object inherits: the keys come from the input. */
function own(record: object, name: string): unknown {
  return Object.hasOwn(record, name) ? (record as Record<string, unknown>)[name] : undefined
}

function fieldText(record: object, name: string): string {
  const flat = own(record, name)
  if (flat !== undefined) return valueText(flat)
  const dot = name.indexOf('.')
  const nested = dot > 0 ? own(record, name.slice(0, dot)) : undefined
  return typeof nested === 'object' && nested !== null ? valueText(own(nested, name.slice(dot + 1))) : ''
}

function valueText(value: unknown): string {
  if (!Array.isArray(value)) return scalarText(value)
  return value
    .map(scalarText)
    .filter((text) => text !== '' && !text.includes(LIST_SEPARATOR))
    .join(LIST_SEPARATOR)
}

function scalarText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
