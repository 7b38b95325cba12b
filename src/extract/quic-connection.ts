import type { BufferPool } from './buffer-pool.ts'
import { FlowState } from './flow-table.ts'
import { Pieces } from './pieces.ts'
import { CONNECTION_ID_LIMIT } from './quic-header.ts'
import type { InitialKeys } from './quic-keys.ts'
import { HELLO_LIMIT } from './tls.ts'

/** Packets that are tried with keys that have opened none: one that was forged or damaged must not hide the others. */
const ATTEMPTS = 3

/** A client's attempt at a connection: one flow, one version, and one connection id from which the keys came. */
export class QuicConnection extends FlowState {
  version = 0
  /** Undefined once the ClientHello was read or given up, or too many packets could not be opened. */
  keys: InitialKeys | undefined = undefined
  /** The keys have opened a packet, so this is the client's direction. */
  opened = false
  /** What the client chose for its first packets (RFC 9000 §7.2): the keys come from it. */
  readonly first = new ConnectionId()
  /** What the server chose for the client's further packets; empty until it is known. */
  readonly server = new ConnectionId()
  #failures = 0

  constructor(pool: BufferPool) {
    super(new Pieces(pool, HELLO_LIMIT + 4))
  }

  /** Makes a place that may have been used before a new attempt. */
  attempt(version: number, keys: InitialKeys, bytes: Uint8Array, start: number, end: number): void {
    this.version = version
    this.keys = keys
    this.opened = false
    this.first.set(bytes, start, end)
    this.server.set(bytes, 0, 0)
    this.#failures = 0
  }

  /** A packet could not be opened. */
  failed(): void {
    if (++this.#failures >= ATTEMPTS && !this.opened) this.keys = undefined
  }

  /** Nothing more is awaited: its further packets are turned away. */
  close(): void {
    this.keys = undefined
    this.awaited = false
    this.pieces.clear()
  }
}

class ConnectionId {
  readonly #bytes = new Uint8Array(CONNECTION_ID_LIMIT)
  #length = 0

  set(bytes: Uint8Array, start: number, end: number): void {
    this.#length = end - start
    for (let i = start; i < end; i++) this.#bytes[i - start] = bytes[i]!
  }

  /** Whether it is `bytes[start…end)`; one that is empty is nobody's. */
  is(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#length === 0 || this.#length !== end - start) return false
    for (let i = start; i < end; i++) if (this.#bytes[i - start] !== bytes[i]) return false
    return true
  }
}
