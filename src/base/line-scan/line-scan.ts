import { KERNEL } from './kernel.ts'

/** Where rows of a log name their host. */
export type HostPlace =
  /** In the request of Squid's native format. */
  | { readonly kind: 'native' }
  /** In the request behind the first quote. */
  | { readonly kind: 'quoted' }
  /** In a cell, counted from 0, that another separator follows; a line that begins with `#` or `{` is no row. */
  | { readonly kind: 'cell'; readonly separator: number; readonly column: number }

/** What the kernel gives, places being those of its memory (assembly/index.ts). */
interface Kernel {
  requests(start: number, end: number, limit: number, longest: number, isQuoted: number): number
  cell(start: number, end: number, limit: number, longest: number, separator: number, column: number): number
  count(): number
}

const PAGE = 65_536
/** Bytes of the table of names, which stands first in the memory. */
const NAMES = 1 << 23
/** Bytes of lines that there is room for behind it; and the kernel reads on by 64. */
const LINES = 1 << 20
const SPARE = 64

/**
 * Passes over lines of a log that name a host which is in a table, sixteen bytes at a time: the table and a copy of the
 * lines stand in a memory of their own, which nothing else can be reached from.
 */
export class LineScan {
  /** The table of names, 2 Mi words: whose it is says what stands in it. */
  readonly names: Int32Array
  readonly #memory: WebAssembly.Memory
  readonly #lines: Uint8Array
  #kernel: Kernel | undefined
  /** Where the first line stands that was not passed over, and how many were. */
  stop = 0
  passed = 0

  private constructor(memory: WebAssembly.Memory) {
    this.#memory = memory
    this.names = new Int32Array(memory.buffer, 0, NAMES / 4)
    this.#lines = new Uint8Array(memory.buffer, NAMES, LINES)
  }

  /** Undefined where the machine has no such memory to give: it reserves more addresses than it uses. */
  static open(): LineScan | undefined {
    try {
      return new LineScan(new WebAssembly.Memory({ initial: Math.ceil((NAMES + LINES + SPARE) / PAGE) }))
    } catch {
      return undefined
    }
  }

  /** Takes as many of the bytes as there is room for, at most 1 MiB; gives how many. */
  load(bytes: Uint8Array, start: number, end: number): number {
    const length = Math.min(end - start, LINES)
    this.#lines.set(bytes.subarray(start, start + length))
    return length
  }

  /**
   * Passes over the lines from `start` on, of what was loaded last, setting `passed` and `stop`. A line that begins at
   * `limit` or behind it, is longer than `longest`, or does not end before `end`, is not passed over.
   */
  pass(place: HostPlace, start: number, end: number, limit: number, longest: number): void {
    this.#kernel ??= this.#open()
    const kernel = this.#kernel
    const at = NAMES + start
    const to = NAMES + end
    const last = NAMES + Math.min(limit, end)
    const stop =
      place.kind === 'cell'
        ? kernel.cell(at, to, last, longest, place.separator, place.column)
        : kernel.requests(at, to, last, longest, place.kind === 'quoted' ? 1 : 0)
    this.stop = stop - NAMES
    this.passed = kernel.count()
  }

  #open(): Kernel {
    const module = new WebAssembly.Module(Buffer.from(KERNEL, 'base64'))
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } })
    return instance.exports as unknown as Kernel
  }
}
