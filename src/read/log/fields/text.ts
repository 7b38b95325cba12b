import type { RecordResult } from '../../../model/reader.ts'
import type { FieldParser, RecordFields } from './record-fields.ts'

const SPACE = 0x20

export interface TextOptions {
  /**
   * Sentences by what they say, the field `text.kind`. `{name}` stands for what varies, `{}` for what is not needed:
   * `query[{type}] {name} from {client}`. A placeholder takes up to the first place where the text behind it stands; the
   * last one takes the rest. What stands behind a sentence that ends in text is left aside.
   */
  readonly templates: Readonly<Record<string, string | readonly string[]>>
}

/** A piece of a sentence: what is captured (-1 for nothing wanted) up to the text behind it. */
interface Piece {
  readonly field: number
  readonly until: Uint8Array
}

interface Template {
  readonly begins: Uint8Array
  readonly pieces: readonly Piece[]
  readonly kind: Uint8Array
}

/**
 * Messages in words, by the sentences that a product writes; the first that fits counts, and records of others are
 * skipped: a message log is full of them. No sentence looks at a byte twice.
 */
export class TextFields implements FieldParser {
  readonly #templates: readonly Template[]
  readonly #kind: number

  constructor(wanted: readonly string[], options: TextOptions) {
    this.#kind = wanted.indexOf('text.kind')
    this.#templates = Object.entries(options.templates).flatMap(([kind, texts]) =>
      [texts].flat().map((text) => templateOf(kind, text, wanted)),
    )
  }

  parse(bytes: Uint8Array, start: number, end: number, fields: RecordFields): RecordResult {
    let from = start
    while (from < end && bytes[from] === SPACE) from++
    if (from === end) return 'skip'
    for (let i = 0; i < this.#templates.length; i++) {
      const template = this.#templates[i]!
      if (!fits(bytes, from, end, template)) continue
      capture(bytes, from, end, template, fields)
      if (this.#kind >= 0) {
        const { kind } = template
        const at = fields.decode(kind.length)
        for (let k = 0; k < kind.length; k++) fields.put(kind[k]!)
        fields.setDecoded(this.#kind, at)
      }
      return 'ok'
    }
    return 'skip'
  }
}

function fits(bytes: Uint8Array, start: number, end: number, { begins, pieces }: Template): boolean {
  if (!isAt(bytes, start, end, begins)) return false
  let at = start + begins.length
  for (let i = 0; i < pieces.length; i++) {
    const { until } = pieces[i]!
    if (until.length === 0) return i === pieces.length - 1 && at < end
    const found = indexOf(bytes, at, end, until)
    if (found < 0) return false
    at = found + until.length
  }
  return true
}

function capture(bytes: Uint8Array, start: number, end: number, template: Template, fields: RecordFields): void {
  let at = start + template.begins.length
  for (const { field, until } of template.pieces) {
    const found = until.length === 0 ? end : indexOf(bytes, at, end, until)
    if (field >= 0) fields.set(field, at, found)
    at = found + until.length
  }
}

function isAt(bytes: Uint8Array, at: number, end: number, text: Uint8Array): boolean {
  if (end - at < text.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false
  return true
}

function indexOf(bytes: Uint8Array, start: number, end: number, text: Uint8Array): number {
  const last = end - text.length
  const first = text[0]!
  for (let at = start; at <= last; at++) if (bytes[at] === first && isAt(bytes, at, end, text)) return at
  return -1
}

function templateOf(kind: string, text: string, wanted: readonly string[]): Template {
  const [begins = '', ...parts] = text.split(/\{([^{}]*)\}/)
  const pieces: Piece[] = []
  for (let i = 0; i < parts.length; i += 2) {
    const name = parts[i]!
    pieces.push({ field: name === '' ? -1 : wanted.indexOf(name), until: Uint8Array.from(Buffer.from(parts[i + 1]!)) })
  }
  return { kind: Uint8Array.from(Buffer.from(kind)), begins: Uint8Array.from(Buffer.from(begins)), pieces }
}
