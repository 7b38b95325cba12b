import type { Opener, OpenerState } from './opener.ts'

/**
 * Says how far what stands at `start` goes: one past it; `PARTIAL` where it can be one but is not all there; `NONE`.
 */
export type Recogniser = (bytes: Uint8Array, start: number, end: number) => number

/** It is none. */
export const NONE = -1
/** It can be one, and not all of it is there. */
export const PARTIAL = 0

/** What comes before TLS, or another stream, on the same connection: it names nothing, and what follows is awaited. */
export class Preamble implements Opener {
  readonly first: readonly number[]
  readonly second: readonly number[]
  readonly third?: readonly number[]
  readonly #recognise: Recogniser
  readonly awaits = true
  next = 0

  constructor(first: readonly number[], second: readonly number[], recognise: Recogniser, third?: readonly number[]) {
    this.first = first
    this.second = second
    if (third !== undefined) this.third = third
    this.#recognise = recognise
  }

  find(bytes: Uint8Array, start: number, end: number): OpenerState {
    this.next = this.#recognise(bytes, start, end)
    return this.next === NONE ? 'none' : this.next === PARTIAL ? 'partial' : 'whole'
  }

  read(): void {}
}

/**
 * Compares with bytes that are always the same: their end, `PARTIAL` where only the first of them are there, or `NONE`.
 */
export function fixed(bytes: Uint8Array, start: number, end: number, expected: Uint8Array): number {
  const there = Math.min(expected.length, end - start)
  for (let i = 0; i < there; i++) if (bytes[start + i] !== expected[i]) return NONE
  return there === expected.length ? start + there : PARTIAL
}
