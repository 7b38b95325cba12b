import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { PackFiles } from '../prove/bag.ts'
import type { FoundPack } from '../prove/verify.ts'
import { BYTES_LIMIT, checkPath, FILES_LIMIT, unzipPack } from '../prove/zip.ts'

/** Writes the files of a pack into a folder that must not be there yet, readable by its owner only. */
export function writeFolder(folder: string, files: PackFiles): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
    for (const [file, bytes] of files) {
      const target = path.join(folder, file)
      mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 })
      writeFileSync(target, bytes, { mode: 0o600, flag: 'wx', flush: true })
    }
  } catch (thrown) {
    throw new OffchannelError('usage', `${harmless(folder)}: cannot be written: ${messageOf(thrown)}`, {
      cause: thrown,
    })
  }
}

/** Writes a file that must not be there yet, readable by its owner only. */
export function writePrivate(file: string, bytes: Uint8Array): void {
  try {
    writeFileSync(file, bytes, { mode: 0o600, flag: 'wx', flush: true })
  } catch (thrown) {
    throw new OffchannelError('usage', `${harmless(file)}: cannot be written: ${messageOf(thrown)}`, { cause: thrown })
  }
}

/** A small file of the operator's. Throws `usage` where it cannot be read. */
export function readSmall(file: string): Buffer {
  try {
    if (statSync(file).size > 1 << 20) throw new Error('it is larger than a megabyte')
    return readFileSync(file)
  } catch (thrown) {
    throw new OffchannelError('usage', `${harmless(file)}: cannot be read: ${messageOf(thrown)}`, { cause: thrown })
  }
}

/**
 * The files of a pack: a folder, a zip, or one for recipients, opened by `decrypt`. Links are not followed and limits hold.
 * Throws `input_unreadable`.
 */
export async function readPack(pack: string, decrypt: (sealed: Buffer) => Promise<Buffer>): Promise<FoundPack> {
  const name = harmless(pack)
  try {
    const stat = lstatSync(pack)
    if (stat.isDirectory()) return { files: folderFiles(pack) }
    if (stat.size > BYTES_LIMIT) throw new Error(`it is larger than ${BYTES_LIMIT} bytes`)
    const bytes = readFileSync(pack)
    const isZip = bytes.length > 4 && bytes.readUInt32LE(0) === 0x0403_4b50
    return await unzipPack(isZip ? bytes : await decrypt(bytes), name)
  } catch (thrown) {
    if (thrown instanceof OffchannelError) throw thrown
    throw new OffchannelError('input_unreadable', `${name}: not a pack: ${messageOf(thrown)}`, { cause: thrown })
  }
}

function folderFiles(folder: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  const folders = ['']
  let room = BYTES_LIMIT
  for (const within of folders) {
    for (const entry of readdirSync(path.join(folder, within), { withFileTypes: true })) {
      const file = `${within}${entry.name}`
      checkPath(file)
      if (entry.isDirectory()) folders.push(`${file}/`)
      else if (!entry.isFile()) throw new Error('it has a link or a device')
      else {
        room -= statSync(path.join(folder, file)).size
        if (room < 0 || files.size === FILES_LIMIT) throw new Error('it has more files or bytes than any pack')
        files.set(file, readFileSync(path.join(folder, file)))
      }
    }
  }
  return files
}
