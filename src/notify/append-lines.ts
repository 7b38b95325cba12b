import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'

/**
 * Puts lines at the end of a file, made where there is none so that only its owner may read it, and returns when they
 * are on the disk. A line that an earlier process left half-written is ended first, so that it spoils no other.
 */
export function appendLines(path: string, lines: string): void {
  const file = openSync(path, 'a+', 0o600)
  try {
    const { size } = fstatSync(file)
    const last = Buffer.alloc(1)
    const torn = size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a
    const bytes = Buffer.from(torn ? `\n${lines}` : lines)
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
