import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { Piece } from '../report/exports/export-format.ts'
import type { Terminal } from './terminal.ts'

/** Where something is written to. */
export interface Destination {
  /** Absent for standard output. */
  readonly output?: string
  readonly force?: true
}

/**
 * Writes pieces one after the other. A file is there whole or not at all: it is written beside its place and moved there.
 * Throws `usage` where there is one already and it is not to be replaced, and where it cannot be written.
 */
export async function writePieces(
  pieces: Iterable<Piece> | AsyncIterable<Piece>,
  { output, force }: Destination,
  terminal: Terminal,
): Promise<void> {
  if (output === undefined) {
    for await (const piece of pieces) await terminal.pour(piece as string)
    return
  }
  refuseExisting(output, force === true)
  const beside = `${output}.${process.pid}.part`
  const file = attempt(output, () => openSync(beside, 'wx'))
  try {
    try {
      for await (const piece of pieces) {
        const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
        attempt(output, () => writeWhole(file, bytes))
      }
      attempt(output, () => fsyncSync(file))
    } finally {
      closeSync(file)
    }
    // It may have come while this one was written.
    refuseExisting(output, force === true)
    attempt(output, () => renameSync(beside, output))
  } catch (thrown) {
    rmSync(beside, { force: true })
    throw thrown
  }
}

function refuseExisting(file: string, force: boolean): void {
  const there = statSync(file, { throwIfNoEntry: false })
  if (there === undefined) return
  const why = there.isFile() ? 'is there already: give another name, or --force to replace it' : 'is no plain file'
  if (!(there.isFile() && force)) throw new OffchannelError('usage', `${harmless(file)}: ${why}`)
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}

function attempt<T>(file: string, write: () => T): T {
  try {
    return write()
  } catch (thrown) {
    throw new OffchannelError('usage', `${harmless(file)}: cannot be written: ${messageOf(thrown)}`, { cause: thrown })
  }
}
