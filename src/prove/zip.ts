import { messageOf, OffchannelError } from '../base/errors.ts'
import { folderOf, type PackFiles } from './bag.ts'

/** Files of a pack, and bytes of all together, unpacked: more is no pack that this program made. */
export const FILES_LIMIT = 10_000
export const BYTES_LIMIT = 512 << 20

/** The first day that the format can name, in the middle, so that no zone makes another day of it. */
const TIME = new Date(Date.UTC(1980, 0, 2, 12))

/** File type bits of the external attributes (POSIX `st_mode`): symbolic link. */
const TYPE_MASK = 0o170000
const SYMBOLIC_LINK = 0o120000

/** A zip of the files in the folder of a pack, RFC 8493 §4.2; the same files give the same bytes. */
export async function zipPack(id: string, files: PackFiles): Promise<Buffer> {
  const { ZipFile } = await import('yazl')
  const zip = new ZipFile()
  const folder = folderOf(id)
  for (const [path, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const options = { mtime: TIME, mode: 0o100644, compress: true, forceDosTimestamp: true }
    zip.addBuffer(Buffer.from(bytes), `${folder}/${path}`, options)
  }
  zip.end()
  const chunks: Buffer[] = []
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** What a zip holds: its one folder, and the files in it. */
export interface Unzipped {
  readonly folder: string
  readonly files: Map<string, Uint8Array>
}

/**
 * The files of a zip, in memory: nothing is written. Throws `input_unreadable` for what no pack has: links, paths that lead
 * elsewhere, names twice, more than one folder, and more files or bytes than the limits, whatever its headers say.
 */
export async function unzipPack(zip: Buffer, name: string): Promise<Unzipped> {
  try {
    return await unzip(zip)
  } catch (thrown) {
    throw new OffchannelError('input_unreadable', `${name}: not a pack: ${messageOf(thrown)}`, { cause: thrown })
  }
}

async function unzip(bytes: Buffer): Promise<Unzipped> {
  const { fromBufferPromise } = await import('yauzl')
  const zip = await fromBufferPromise(bytes, { strictFileNames: true })
  if (zip.entryCount > FILES_LIMIT) throw new Error(`it has more than ${FILES_LIMIT} files`)
  const files = new Map<string, Uint8Array>()
  const folders = new Set<string>()
  let room = BYTES_LIMIT
  for await (const entry of zip.eachEntry()) {
    if (((entry.externalFileAttributes >>> 16) & TYPE_MASK) === SYMBOLIC_LINK) throw new Error('it has a link')
    const slash = entry.fileName.indexOf('/')
    const path = entry.fileName.slice(slash + 1)
    folders.add(entry.fileName.slice(0, Math.max(slash, 0)))
    if (slash < 1 || folders.size > 1) throw new Error('it does not have all in one folder')
    checkPath(path)
    if (files.has(path)) throw new Error('a file is in it twice')
    const chunks: Buffer[] = []
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      room -= (chunk as Buffer).length
      if (room < 0) throw new Error(`it unpacks to more than ${BYTES_LIMIT} bytes`)
      chunks.push(chunk as Buffer)
    }
    files.set(path, Buffer.concat(chunks))
  }
  return { folder: [...folders][0] ?? '', files }
}

/** Throws where a path could lead out of its folder, or is not written as one of a pack is. */
export function checkPath(path: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*){0,5}$/.test(path) || path.length > 200) {
    throw new Error('it has a path that no pack has')
  }
}
