import type { Place } from '../json-places.ts'
import type { RecordFields } from '../record-fields.ts'
import { KERNEL } from './kernel.ts'

/** What the kernel gives, places being those of its memory (assembly/index.ts). */
interface Kernel {
  read(root: number, start: number, end: number, steps: number, limit: number): number
}

const PAGE = 65_536
/** The tree of what is wanted stands first; then the steps, then the record with what the kernel reads behind it. */
const TREE = PAGE
const STEPS = 4096
const STEP_WORDS = 3
const RECORD = TREE + 4 * STEP_WORDS * STEPS
const RECORD_LIMIT = 2 * PAGE
const SPARE = 64

/** In a step: what is done with a field, and in the tree: that it is a list. */
const ADD = 0x10000
const PAD = 0x20000

const KEY_PLACES = 256

/**
 * Reads records that are plain JSON objects sixteen bytes at a time, in a memory of its own. It gives the same as reading
 * them byte by byte, or nothing.
 */
export class JsonScan {
  readonly #kernel: Kernel
  readonly #root: number
  readonly #record: Uint8Array
  readonly #steps: Int32Array

  private constructor(kernel: Kernel, memory: WebAssembly.Memory, root: number) {
    this.#kernel = kernel
    this.#root = root
    this.#record = new Uint8Array(memory.buffer, RECORD, RECORD_LIMIT + SPARE)
    this.#steps = new Int32Array(memory.buffer, TREE, STEP_WORDS * STEPS)
  }

  /** Undefined where the machine has no such memory to give, and for a tree that has no room in it. */
  static open(tree: Place, isListed: Uint8Array): JsonScan | undefined {
    try {
      const memory = new WebAssembly.Memory({ initial: Math.ceil((RECORD + RECORD_LIMIT + SPARE) / PAGE) })
      const root = new TreeWriter(memory, isListed).place(tree)
      const instance = new WebAssembly.Instance(module(), { env: { memory } })
      return new JsonScan(instance.exports as unknown as Kernel, memory, root)
    } catch (thrown) {
      if (thrown instanceof RangeError) return undefined
      throw thrown
    }
  }

  /** Fills `fields`, which have been begun; false where the record has to be read byte by byte. */
  read(bytes: Uint8Array, start: number, end: number, fields: RecordFields): boolean {
    const length = end - start
    if (length > RECORD_LIMIT) return false
    const record = this.#record
    // Makes no object, as a subarray would be.
    Buffer.prototype.copy.call(bytes, record, 0, start, end)
    record.fill(0, length, length + SPARE)
    const many = this.#kernel.read(this.#root, RECORD, RECORD + length, TREE, STEPS) - 1
    if (many < 0) return false
    const steps = this.#steps
    for (let i = 0; i < STEP_WORDS * many; i += STEP_WORDS) {
      const what = steps[i]!
      if (what < ADD) fields.set(what, start + steps[i + 1]!, start + steps[i + 2]!)
      else if (what < PAD) fields.add(what - ADD, start + steps[i + 1]!, start + steps[i + 2]!)
      else fields.pad((what - PAD) % ADD, steps[i + 1]!)
    }
    return true
  }
}

let compiled: WebAssembly.Module | undefined

function module(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Buffer.from(KERNEL, 'base64'))
  return compiled
}

/** Writes a tree of places as the kernel walks it; throws RangeError where it has no room. */
class TreeWriter {
  readonly #words: Uint32Array
  readonly #bytes: Uint8Array
  readonly #isListed: Uint8Array
  /** Nothing stands at 0: it is how `none` is written. */
  #top = 4

  constructor(memory: WebAssembly.Memory, isListed: Uint8Array) {
    this.#words = new Uint32Array(memory.buffer, 0, TREE / 4)
    this.#bytes = new Uint8Array(memory.buffer, 0, TREE)
    this.#isListed = isListed
  }

  place({ fields, keys, each, elements, listed }: Place): number {
    const at = this.#room(5)
    const listOf = (field: number) => field + (this.#isListed[field] === 1 ? ADD : 0)
    const written = [
      keys === undefined ? 0 : this.#keys(keys.entries()),
      this.#list(fields.map(listOf)),
      each === undefined ? 0 : this.place(each),
      this.#list(
        [...elements].flatMap(([index, below]) => [index, this.place(below)]),
        elements.size,
      ),
      this.#list(listed),
    ]
    this.#words.set(written, at / 4)
    return at
  }

  #keys(entries: Iterable<readonly [place: number, key: Uint8Array, below: Place]>): number {
    const at = this.#room(KEY_PLACES)
    const last = new Map<number, number>()
    for (const [place, key, below] of entries) {
      const belowAt = this.place(below)
      const entry = this.#room(3 + Math.ceil(key.length / 4))
      this.#words.set([0, belowAt, key.length], entry / 4)
      this.#bytes.set(key, entry + 12)
      this.#words[(last.get(place) ?? at + 4 * place) / 4] = entry
      last.set(place, entry)
    }
    return at
  }

  #list(values: readonly number[], count = values.length): number {
    const at = this.#room(1 + values.length)
    this.#words.set([count, ...values], at / 4)
    return at
  }

  #room(words: number): number {
    const at = this.#top
    this.#top += 4 * words
    if (this.#top > TREE) throw new RangeError('no room')
    return at
  }
}
