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
  /** Sentences that are the same up to the end of this piece have one number for it. */
  readonly step: number
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
  /** By step, where in this record the text behind the piece stands: -1 nowhere, -2 not looked for. */
  readonly #places: Int32Array

  constructor(wanted: readonly string[], options: TextOptions) {
    this.#kind = wanted.indexOf('text.kind')
    const steps = new Map<string, number>()
    this.#templates = Object.entries(options.templates).flatMap(([kind, texts]) =>
      [texts].flat().map((text) => templateOf(kind, text, wanted, steps)),
    )
    this.#places = new Int32Array(steps.size)
  }

  parse(bytes: Uint8Array, start: number, end: number, fields: RecordFields): RecordResult {
    let from = start
    while (from < end && bytes[from] === SPACE) from++
    if (from === end) return 'skip'
    const places = this.#places
    places.fill(NOT_SOUGHT)
    for (let i = 0; i < this.#templates.length; i++) {
      const template = this.#templates[i]!
      if (!fits(bytes, from, end, template, places)) continue
      capture(from, end, template, places, fields)
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

const NOT_SOUGHT = -2

function fits(
  bytes: Uint8Array,
  start: number,
  end: number,
  { begins, pieces }: Template,
  places: Int32Array,
): boolean {
  if (!isAt(bytes, start, end, begins)) return false
  let at = start + begins.length
  for (let i = 0; i < pieces.length; i++) {
    const { until, step } = pieces[i]!
    if (until.length === 0) return i === pieces.length - 1 && at < end
    let found = places[step]!
    if (found === NOT_SOUGHT) {
      found = indexOf(bytes, at, end, until)
      places[step] = found
    }
    if (found < 0) return false
    at = found + until.length
  }
  return true
}

function capture(start: number, end: number, template: Template, places: Int32Array, fields: RecordFields): void {
  let at = start + template.begins.length
  for (let i = 0; i < template.pieces.length; i++) {
    const { field, until, step } = template.pieces[i]!
    const found = until.length === 0 ? end : places[step]!
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

function templateOf(kind: string, text: string, wanted: readonly string[], steps: Map<string, number>): Template {
  const [begins = '', ...parts] = text.split(/\{([^{}]*)\}/)
  const pieces: Piece[] = []
  let path = begins
  for (let i = 0; i < parts.length; i += 2) {
    const name = parts[i]!
    const until = parts[i + 1]!
    path += `{}${until}`
    const step = steps.get(path) ?? steps.size
    steps.set(path, step)
    pieces.push({ field: name === '' ? -1 : wanted.indexOf(name), until: Uint8Array.from(Buffer.from(until)), step })
  }
  return { kind: Uint8Array.from(Buffer.from(kind)), begins: Uint8Array.from(Buffer.from(begins)), pieces }
}
