import { closeSync, openSync, readSync, statSync } from 'node:fs'
import path from 'node:path'
import { isDynamicPattern } from 'tinyglobby'
import type { WatchedFile } from '../jobs/watched-files.ts'
import { captureFormats } from '../read/capture/index.ts'
import { packingOf } from '../read/unpack.ts'

/** Bytes that tell captures and packed files from logs: no log is shorter. */
const HEAD = 12

/** A file as it is now; undefined for one that is gone, or is none. */
export function watchedFile(file: string): WatchedFile | undefined {
  try {
    const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
    if (stat === undefined || !stat.isFile()) return undefined
    const { dev, ino, size, mtimeNs, ctimeNs } = stat
    return {
      path: file,
      stat: [dev, ino, size, mtimeNs, ctimeNs].join(' '),
      size: Number(size),
      modified: Number(mtimeNs / 1000n),
      isLive: () => isLive(file),
    }
  } catch {
    return undefined
  }
}

/** The folders in which something may happen that is named by these paths, or to these files. */
export function foldersOf(paths: readonly string[], files: readonly string[]): Set<string> {
  const folders = new Set(files.map((file) => path.dirname(file)))
  for (const written of paths) {
    let folder = written
    while (isDynamicPattern(folder) || !isFolder(folder)) {
      const above = path.dirname(folder)
      if (above === folder) break
      folder = above
    }
    folders.add(folder)
  }
  return folders
}

function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() === true
}

/** One that cannot be read is live: reading it says why. */
function isLive(file: string): boolean {
  const head = new Uint8Array(HEAD)
  try {
    const descriptor = openSync(file, 'r')
    try {
      const bytes = head.subarray(0, readSync(descriptor, head, 0, HEAD, 0))
      return (
        bytes.length === HEAD &&
        packingOf(bytes) === undefined &&
        !captureFormats.some((format) => format.claims(bytes))
      )
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return true
  }
}
